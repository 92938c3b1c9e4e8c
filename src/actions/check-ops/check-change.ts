import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameOf } from '../../github/connected.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { approvalsOf } from '../../ops/judgement/approvers.js';
import { heldWithBase } from '../../ops/judgement/held-in-base.js';
import { historyAway } from '../../ops/judgement/history-away.js';
import type { Verdict } from '../../ops/judgement/judge.js';
import type { LedgerSource } from '../../ops/ledger/ledger-cache.js';
import { LOOK_BACK, readLedger } from '../../ops/ledger/read-ledger.js';
import { healthReader } from '../../ops/live/environment-health.js';
import { placeOfBranch } from '../../ops/policy/places.js';
import { environmentPolicy, POLICY_FILE, readPolicy } from '../../ops/policy/policy.js';
import { githubTree } from '../../ops/tree/github-tree.js';
import { withFile } from '../../ops/tree/with-file.js';
import { checkFiles, type FileCheck } from '../../ops/verbs/check/check-files.js';
import { type Comparison, fetchComparison, type Range } from '../../ops/verbs/check/comparison.js';
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
 * @param into the branch that the change is for; missing for the default branch
 * @returns `undefined` where GitHub has no merge of the change into its base
 * @throws Error where the commits cannot be fetched, or the policy or the layout of the base cannot be read; what a failed
 *   request throws
 */
export async function checkChange(
  run: CheckRun,
  range: Range,
  proposed: Proposed,
  whole: boolean,
  into?: string,
): Promise<CheckedChange | undefined> {
  const { context, inputs, github, repository, now } = run;
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-check-'));
  try {
    const remote = { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token };
    const fetched = await fetchComparison(remote, range, scratch);
    if (fetched === undefined) {
      return undefined;
    }
    const source = { github, repository, reader: repositoryReader(github, repository, 'CheckOps') };
    const main = await defaultHead(github, repository);
    const comparison = await comparedBy(source, main, fetched, into ?? main.branch);
    const inspection = await inspect(comparison);
    const { layout, policy } = inspection;
    const away = historyAway({ github, repository }, policy);
    const history: History = async (environment, app) => {
      const elsewhere = away({ environment, app, extent: { limit: LOOK_BACK }, now });
      if (elsewhere !== undefined) {
        return elsewhere;
      }
      const ledger = await readLedger(source, main, layout, environment, app);
      const held = await heldWithBase(comparison.base.tree, layout, ledger, environment, app, now);
      const ops = { github, repository };
      const healthOf = healthReader({ ops, reader: source.reader, head: main.oid }, () => now);
      return healthOf(layout, environmentPolicy(policy, environment), held);
    };
    const verdicts = await evaluate(history, inspection, proposed, now);
    await mkdir(join(scratch, 'render'));
    return { verdicts, files: whole ? await checkFiles(comparison, inspection, join(scratch, 'render')) : undefined };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * The comparison with what judges it: on a branch that an environment lives on, the policy of the default branch, whatever the
 * branch has itself.
 */
async function comparedBy(
  { github, repository, reader }: Pick<LedgerSource, 'github' | 'repository' | 'reader'>,
  main: { branch: string; oid: string },
  comparison: Comparison,
  into: string,
): Promise<Comparison> {
  if (into === main.branch) {
    return comparison;
  }
  const text = await githubTree(reader, github, repository, main.oid).read(POLICY_FILE);
  const place = placeOfBranch(readPolicy(text).environments, nameOf({ repository }), into);
  if (place === undefined) {
    return comparison;
  }
  const judgedBy = ({ tree, ...side }: Comparison['base']) => ({ ...side, tree: withFile(tree, POLICY_FILE, text) });
  return { ...comparison, base: judgedBy(comparison.base), head: judgedBy(comparison.head), place };
}

/** What the policy has to know of a pull request: its commits' messages, and its approvals when they are asked for. */
export function proposedBy({ members }: CheckRun, pull: CheckedPull): Proposed {
  return {
    messages: pull.messages,
    approvals: (approvers) => approvalsOf(approvers, pull, members),
  };
}
