import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import {
  booleanInput,
  choiceInput,
  durationInput,
  listInput,
  requiredInput,
  secretInput,
  textInput,
} from '../../runtime/inputs.js';
import type { Reviewer } from '../opening.js';
import type { ProposeOptions } from '../propose/propose.js';

/** What every process of the ops repository is told, whatever it does. */
export interface ProcessSettings {
  ops: Connected;
  token: string;
  reason: string | undefined;
  /** Who started it: a login. */
  by: string;
  runUrl: string;
  labels: string[];
  merges: boolean;
  options: ProposeOptions;
}

/**
 * Reads the inputs that the processes have in common.
 *
 * @throws Error naming the input that is missing or malformed
 */
export function readProcessInputs(context: RunContext): ProcessSettings {
  const token = secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.');
  const repository = parseRepository(textInput('ops-repository') ?? context.repository, 'Input "ops-repository"');
  return {
    ops: { github: connect({ token }), repository },
    token,
    reason: textInput('reason'),
    by: context.actor,
    runUrl: context.runUrl,
    labels: listInput('labels', ['ostack']),
    merges: booleanInput('merge', false),
    options: {
      reviewers: listInput('reviewers').map(readReviewer),
      assignees: listInput('assignees').map((login) => login.replace(/^@/, '')),
      direct: false,
      dryRun: booleanInput('dry-run', false),
      mergeMethod: readMergeMethod(),
      patience: { timeoutMs: durationInput('merge-timeout', '10m'), pollMs: 1000 },
      serverUrl: context.serverUrl,
    },
  };
}

/** `login`, `@login`, or a team as `team:slug` or `owner/slug`. */
function readReviewer(entry: string): Reviewer {
  const team = /^(?:team:|@?[^/\s]+\/)([^/\s]+)$/.exec(entry)?.[1];
  return team === undefined ? { kind: 'user', name: entry.replace(/^@/, '') } : { kind: 'team', name: team };
}

function readMergeMethod() {
  const method = choiceInput('merge-method', ['auto', 'squash', 'merge', 'rebase'], 'auto');
  return method === 'auto' ? undefined : method;
}
