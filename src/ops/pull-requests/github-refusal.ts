import { explain } from '../../github/errors.js';
import { type GraphqlError, GraphqlErrors } from '../../github/graphql-error.js';
import { isRule } from '../../github/rule-refusal.js';

/** A mutation that GitHub refused, with what `Operation` says of it. */
export interface Refusal {
  error: GraphqlError;
  doing: string;
  permission: string;
}

/** A refusal of GitHub as an error for people, with what to do about it. */
export function refused({ error, doing, permission }: Refusal, repository: string): Error {
  const explained = explain(new GraphqlErrors([error]), { doing, repository, permission });
  const hint = hintFor(error.message);
  const message = explained instanceof Error ? explained.message : error.message;
  return new Error(hint === '' ? message : `${message} ${hint}`);
}

/** What to do about refusals that need more than a permission. */
function hintFor(message: string): string {
  if (/not permitted to create or approve pull requests/i.test(message)) {
    return 'Use a GitHub App token, or allow it in the settings under Actions, General, Workflow permissions.';
  }
  return isRule(message)
    ? 'A rule of the repository refuses it. In its settings under Rules, Rulesets, leave the branches "ostack/**", ' +
        '"ostack-*/**" out of the rulesets that restrict branches, or put the App on their bypass lists.'
    : '';
}
