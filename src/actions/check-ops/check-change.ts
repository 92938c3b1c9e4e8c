import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryReader } from '../../github/repository-reader.js';
import { approvalsOf } from '../../ops/judgement/approvers.js';
import { heldWithBase } from '../../ops/judgement/held-in-base.js';
import type { Verdict } from '../../ops/judgement/judge.js';
import { readLedger } from '../../ops/ledger/read-ledger.js';
import { checkFiles, type FileCheck } from '../../ops/verbs/check/check-files.js';
import { fetchComparison, type Range } from '../../ops/verbs/check/comparison.js';
import { evaluate, type History, type Proposed } from '../../ops/verbs/check/evaluate.js';
import { inspect } from '../../ops/verbs/check/inspect.js';
import { type CheckedPull, defaultHead } from '../../ops/verbs/check/pulls.js';
import type { CheckRun } from './check-run.js';

/** The result of checking a change. */
export interface CheckedChange {
  verdicts: Verdict[];
  /** `undefined` where only the policy was checked. */
  files: FileCheck | undefined;
}

/**
 * Checks a change against the policy, and its files too where `whole` says so. Writes nothing to GitHub.
 *
 * @param range the merge, or the two commits, that make the change
 * @param whole whether the files are checked and built
 * @returns `undefined` where GitHub has no merge of the change into its base
 * @throws Error where the commits cannot be fetched, or the policy or the layout of the base cannot be read; what a failed
 *   request throws
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
    const { layout } = inspection;
    const history: History = async (environment, app) => {
      const ledger = await readLedger(source, main, layout, environment, app);
      return heldWithBase(comparison.base.tree, layout, ledger, environment, app, now);
    };
    const verdicts = await evaluate(history, inspection, proposed, now);
    await mkdir(join(scratch, 'render'));
    return { verdicts, files: whole ? await checkFiles(comparison, inspection, join(scratch, 'render')) : undefined };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What the policy has to know of a pull request: its commits' messages, and its approvals when they are asked for. */
export function proposedBy({ members }: CheckRun, pull: CheckedPull): Proposed {
  return {
    messages: pull.messages,
    approvals: (approvers) => approvalsOf(approvers, pull, members),
  };
}
