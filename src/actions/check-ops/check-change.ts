import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryReader } from '../../github/repository-reader.js';
import { readLedger } from '../../ops/ledger/read-ledger.js';
import { approvalsOf } from '../../ops/verbs/check/approvers.js';
import { fetchComparison, type Range } from '../../ops/verbs/check/comparison.js';
import { evaluate, type History, type Proposed } from '../../ops/verbs/check/evaluate.js';
import { checkFiles, type FileCheck, inspect } from '../../ops/verbs/check/inspect.js';
import type { Verdict } from '../../ops/verbs/check/judge.js';
import { type CheckedPull, defaultHead } from '../../ops/verbs/check/pulls.js';
import type { CheckRun } from './check-run.js';

/** What was found out about a change. */
export interface CheckedChange {
  verdicts: Verdict[];
  /** `undefined` where only the policy was looked at. */
  files: FileCheck | undefined;
}

/**
 * Looks at a change without saying anything on GitHub.
 *
 * @param whole whether the files are checked and built too
 * @returns `undefined` where GitHub has no merge of the change into its base
 */
export async function checkChange(
  run: CheckRun,
  range: Range,
  proposed: Proposed,
  whole: boolean,
): Promise<CheckedChange | undefined> {
  const { context, inputs, github, repository, now } = run;
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-check-'));
  try {
    const remote = { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token };
    const comparison = await fetchComparison(remote, range, scratch);
    if (comparison === undefined) {
      return undefined;
    }
    const inspection = await inspect(comparison);
    const source = { github, repository, reader: repositoryReader(github, repository, 'CheckOps') };
    const main = await defaultHead(github, repository);
    const history: History = (environment, app) => readLedger(source, main, inspection.layout, environment, app);
    const verdicts = await evaluate(history, inspection, proposed, now);
    await mkdir(join(scratch, 'render'));
    return { verdicts, files: whole ? await checkFiles(comparison, inspection, join(scratch, 'render')) : undefined };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a pull request's commits and reviews say. */
export function proposedBy({ members }: CheckRun, pull: CheckedPull): Proposed {
  return {
    messages: pull.messages,
    approvals: (approvers) => approvalsOf(approvers, pull, members),
  };
}
