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
    ? 'A rule of the repository refuses it, and would again. In the settings under Rules, leave the branches "ostack/**/*" and ' +
        '"ostack-*/**/*" out of the ruleset or protection, or put the App of the token on its bypass list.' +
        (/reference update failed/i.test(message)
          ? ' A branch that is named like a folder of it, such as "ostack", is in its way too.'
          : '')
    : '';
}
