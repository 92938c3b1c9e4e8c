import { explain } from '../../github/errors.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import type { Hold } from '../holds.js';
import type { BumpResult } from '../pull-request/result.js';
import type { Survey, Unit } from './unit.js';
import type { Written } from './write.js';

/** Where a unit stands after one round. */
export type Outcome =
  | { state: 'settled'; result: BumpResult }
  | { state: 'failed'; error: Error }
  /** Look again and decide again. */
  | { state: 'again'; reason: string };

/** A result with what is known of the unit filled in. */
export function settled(
  { unit, plan, open }: Pick<Survey, 'unit' | 'plan' | 'open'>,
  action: BumpResult['action'],
  reason = '',
  pullRequest: { number: number; url: string } | undefined = open,
): Outcome {
  return {
    state: 'settled',
    result: {
      environment: unit.environment,
      app: unit.target.app,
      version: unit.target.version,
      previous: plan?.previous ?? null,
      number: pullRequest?.number ?? null,
      url: pullRequest?.url ?? '',
      action,
      reason,
    },
  };
}

/** A held environment: since when, by whom and why. */
export function heldReason({ version, since, until, by, reason }: Hold): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const end = until === undefined ? '' : ` until ${until}`;
  return `held at ${version} since ${since}${end} by ${by}${why}`;
}

/** A refusal of GitHub as a failure of the unit, with what to do about it. */
export function refused(written: Extract<Written, { state: 'failed' }>, repository: string): Outcome {
  const { doing, permission, error } = written;
  const explained = explain(new GraphqlErrors([error]), { doing, repository, permission });
  const hint = hintFor(error.message);
  const message = explained instanceof Error ? explained.message : error.message;
  return { state: 'failed', error: new Error(hint === '' ? message : `${message} ${hint}`) };
}

/** What to do about refusals that need more than a permission. */
function hintFor(message: string): string {
  if (/not permitted to create or approve pull requests/i.test(message)) {
    return 'Use a GitHub App token, or allow it in the settings under Actions, General, Workflow permissions.';
  }
  if (
    /protected|rule violation|ruleset|required status check|approving review|through a pull request|cannot (create|update) ref/i.test(
      message,
    )
  ) {
    return 'A rule of the repository refuses it: let the App bypass the rule for branches "ostack/**", or exclude them from it.';
  }
  return '';
}

/** The key of a unit among all. */
export function unitKey({ environment, target }: Unit): string {
  return `${environment}/${target.app}`;
}
