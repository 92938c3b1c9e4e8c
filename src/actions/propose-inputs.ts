import { parseRepository, type RunContext } from '../github/context.js';
import { MERGE_CHOICES, type MergeChoice } from '../ops/policy/merge-decision.js';
import type { MergeMethodChoice } from '../ops/pull-requests/options.js';
import type { Reviewer } from '../ops/repository/repository-state.js';
import { durationOf } from '../runtime/duration.js';
import {
  booleanInput,
  choiceInput,
  durationInput,
  listInput,
  requiredInput,
  secretInput,
  textInput,
} from '../runtime/inputs.js';

/**
 * Reads the inputs that every verb has which proposes something to an ops repository.
 *
 * @param labels those of its pull requests, where the input does not say
 * @throws Error naming the input that is missing or malformed
 */
export function readProposeInputs(context: RunContext, labels: readonly string[] = ['ostack']) {
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.'),
    opsRepository: parseRepository(textInput('ops-repository') ?? context.repository, 'Input "ops-repository"'),
    labels: listInput('labels', labels),
    reviewers: listInput('reviewers').map((entry) => readReviewer(entry)),
    assignees: listInput('assignees').map((login) => login.replace(/^@/, '')),
    mergeMethod: readMergeMethod(),
    patience: { timeoutMs: mergeTimeoutInput(), pollMs: 1000 },
    dryRun: booleanInput('dry-run', false),
    serverUrl: context.serverUrl,
    starters: [...new Set([context.actor, context.triggeringActor])].filter((login) => login !== ''),
  };
}

/** Milliseconds that a run waits for merges at most. A token of an App lives an hour, and a run needs it before and after, too. */
const MOST_PATIENCE_MS = 3_000_000;

/**
 * How long to wait for merges, in milliseconds.
 *
 * @throws Error where it is longer than the token may live
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
 */
export function mergeTimeoutInput(): number {
  const timeoutMs = durationInput('merge-timeout', '10m');
  if (timeoutMs > MOST_PATIENCE_MS) {
    throw new Error(
      `Input "merge-timeout" is ${durationOf(timeoutMs)}, expected at most ${durationOf(MOST_PATIENCE_MS)}, because an App's token lives an ` +
        'hour: turn on "Allow auto-merge" in the ops repository, or copy the workflow "Merge what is due", which wait as long as it takes.',
    );
  }
  return timeoutMs;
}

/** Whether the pull request is to merge by itself, once the policy allows: by default as `cd` of the policy says. */
export function mergeInput(): MergeChoice {
  return choiceInput('merge', MERGE_CHOICES, 'auto');
}

/** `login`, `@login`, or a team as `team:slug` or `owner/slug`. */
export function readReviewer(entry: string): Reviewer {
  const team = /^(?:team:|@?[^/\s]+\/)([^/\s]+)$/.exec(entry)?.[1];
  return team === undefined ? { kind: 'user', name: entry.replace(/^@/, '') } : { kind: 'team', name: team };
}

/** `undefined` for the first method that the repository allows. */
export function readMergeMethod(): MergeMethodChoice {
  const method = choiceInput('merge-method', ['auto', 'squash', 'merge', 'rebase'], 'auto');
  return method === 'auto' ? undefined : method;
}
