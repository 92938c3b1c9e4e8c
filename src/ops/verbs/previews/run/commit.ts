import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt, explain } from '../../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../../github/failure.js';
import { GraphqlErrors, isStale } from '../../../../github/graphql-error.js';
import { runMutations } from '../../../../github/mutations.js';
import { isRule } from '../../../../github/rule-refusal.js';
import type { Policy } from '../../../policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../../../policy/preview-policy.js';
import { readRecords } from '../../../preview-records/read-records.js';
import { openRepository } from '../../../repository/open-repository.js';
import { NOBODY } from '../../../repository/repository-state.js';
import { type Sharing, sharingOf } from '../../../repository/workspaces.js';
import type { Change, CommitMessage } from '../../../tree/change.js';
import { commitMutation, committedOid } from '../../../tree/commit-mutation.js';
import { pauseBefore, type Written } from '../../../tree/tree-commit.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { isGuarded } from '../ask/level.js';
import { splitChange } from '../branch/deployed-change.js';
import { mergedTree } from '../branch/merged-tree.js';
import { comparison, overtakenPreviews } from '../branch/overtaken.js';
import { readPreviews } from '../branch/read-previews.js';
import { type PreviewsState, readState } from '../branch/read-state.js';
import { previewsItems } from '../branch/tree-items.js';
import { writeBranch } from '../branch/write-branch.js';
import { planReconcile, type ReconcilePlan } from '../plan/plan.js';
import type { ReconcileRequest } from '../plan/request.js';
import { type Asked, type AskSettings, askForPreviews } from './ask-for-previews.js';
import { checkBranch } from './check-branch.js';
import type { Planned } from './planned.js';

/** The ops repository at one commit of each of its branches, as far as a request depends on it. */
export interface OpsSnapshot {
  tree: TreeReader;
  policy: Policy;
  previews: PreviewPolicy;
  sharing: Sharing;
}

/** A plan that is in the ops repository. */
export interface CommittedPlan extends ReconcilePlan {
  previews: PreviewPolicy;
  sharing: Sharing;
  /**
   * Full id of the commit on the branch of previews that has what was planned: a new one, or the last one where nothing had
   * to change; that of the deployed branch where there are no previews yet.
   */
  commit: string;
  /** Whether it is a new one. Never in a dry run. */
  committed: boolean;
  /** What is left for a person to do, a sentence each. */
  warnings: string[];
  /** Set where ops was asked to write it, because it alone may. */
  asked?: Asked | undefined;
}

export interface CommitOptions {
  /** What is requested. Called for each attempt, since it may depend on what other runs have done meanwhile. */
  request: (ops: OpsSnapshot) => Promise<Omit<ReconcileRequest, 'now'>>;
  message: (plan: ReconcilePlan) => CommitMessage;
  /** The longest first pause after another run's commit came first, in milliseconds; doubled each time. Default 100. */
  pauseMs?: number | undefined;
  /** Address of the ops repository in a browser, from which Argo CD and Flux can clone it. */
  repoURL: string;
  dryRun: boolean;
  /** How to ask where ops alone writes previews; `undefined` for a run that is to write whatever the level is. */
  ask?: AskSettings | undefined;
}

/** An attempt fails only when another run has committed, so all runs together always get on. */
const ATTEMPTS = 40;

/**
 * Brings the previews of an ops repository up to date with one commit on their branch, or none where nothing has to change.
 * GitHub refuses it when the branch has moved since it was read; then everything is read and planned again. What is left of
 * the time when previews were commits on the deployed branch moves over, with one commit there.
 *
 * @throws Error for people when the repository cannot be read or written, or keeps changing
 */
export async function commitPreviews(ops: Connected, options: CommitOptions): Promise<CommittedPlan> {
  const repository = nameOf(ops);
  let reason = '';
  let committed = false;
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const planned = await readAndPlan(ops, repository, options);
    const { plan, state, change, items, previews, sharing } = planned;
    const commit = state.branch.head ?? state.deployed.oid;
    const current = {
      ...plan,
      change: withDeployed(plan.change, change.deployed),
      previews,
      sharing,
      commit,
      committed,
    };
    if (options.dryRun) {
      return { ...current, warnings: [] };
    }
    if (options.ask !== undefined && planned.writes && (await isGuarded(ops, previews.branch))) {
      return askedPlan(ops, options, options.ask, planned);
    }
    const written = planned.writes
      ? await writeBranch(ops, state, items, options.message(plan), planned.open.repo.repositoryId)
      : { oid: commit };
    if ('oid' in written) {
      committed ||= planned.writes;
      const there = await writeDeployed(ops, state, change.deployed, options.message(plan));
      if ('oid' in there) {
        return { ...current, commit: written.oid, committed, warnings: there.warnings };
      }
      reason = there.reason;
    } else {
      reason = written.reason;
    }
    await pauseBefore(attempts, options.pauseMs);
  }
  throw new Error(`${repository} kept changing while previews were written to it (${reason}). Run it again.`);
}

/** Asks ops for what is planned. What it has not done is not in the plan that is returned. */
async function askedPlan(
  ops: Connected,
  options: CommitOptions,
  settings: AskSettings,
  first: Planned,
): Promise<CommittedPlan> {
  const replan = () => readAndPlan(ops, nameOf(ops), options);
  const { planned, decisions, asked } = await askForPreviews(ops, settings, first, replan);
  const { plan, previews, sharing, state } = planned;
  const commit = state.branch.head ?? state.deployed.oid;
  const committed = commit !== (first.state.branch.head ?? first.state.deployed.oid);
  return { ...plan, decisions, previews, sharing, commit, committed, warnings: [], asked };
}

async function readAndPlan(ops: Connected, repository: string, options: CommitOptions): Promise<Planned> {
  const { request, repoURL } = options;
  const operation = { doing: 'read the previews', repository, permission: 'contents: read' };
  // Nobody is asked to review, so nothing can be wrong with who is.
  const open = await openRepository(ops, NOBODY, () => {});
  const { policy, repo } = open;
  const previews = previewPolicy(policy);
  checkBranch(previews.branch, repo.base, policy.environments);
  const sharing = sharingOf(policy, ops.repository);
  const state = await attempt(operation, () => readState(open, previews));
  const tree = mergedTree(state);
  const requested = await request({ tree, policy, previews, sharing });
  return attempt(operation, async () => {
    const { records } = await readRecords(tree);
    const isOvertaken = comparison(state, open.reader);
    const overtaken = await overtakenPreviews(records, isOvertaken);
    const isMany = overtaken.size + (requested.alwaysRender?.size ?? 0) > 1;
    const hosts = [...new Set(records.map(({ host }) => host))];
    // What GitHub does not give at once is read file by file.
    const ids = isMany ? await readPreviews(state.branch, open.reader, hosts).catch(() => undefined) : undefined;
    const input = { ...requested, overtaken, ids, now: new Date(), tree, policy, repoURL, repository };
    const plan = await planReconcile(input);
    const change = await splitChange(state, previews, plan.change, repoURL);
    const items = previewsItems(state, change.branch, plan.whole);
    const uses = plan.decisions.flatMap(({ state: now, record }) =>
      now === 'active' && record !== undefined ? [record.uses] : [],
    );
    const writes = items !== undefined || (await isOvertaken(uses));
    return { open, requested, records, state, previews, sharing, plan, change, items, writes };
  });
}

/** What changes on both branches, for a dry run. */
function withDeployed(change: Change, deployed: Change): Change {
  return {
    files: new Map([...change.files, ...deployed.files]),
    deletions: [...(change.deletions ?? []), ...(deployed.deletions ?? [])],
  };
}

/** Writes what is left to change on the deployed branch. Rules that refuse it are a warning: what runs does not depend on it. */
async function writeDeployed(
  ops: Connected,
  { deployed, branch }: PreviewsState,
  change: Change,
  message: CommitMessage,
): Promise<{ oid: string; warnings: string[] } | Extract<Written, { reason: string }>> {
  if (change.files.size + (change.deletions ?? []).length === 0) {
    return { oid: deployed.oid, warnings: [] };
  }
  const repository = nameOf(ops);
  const target = { repository, branch: deployed.name, expectedHeadOid: deployed.oid };
  const headline = `previews: ${branch.name} instead of ${deployed.name}`;
  try {
    const mutation = commitMutation('commit', target, change, { ...message, headline });
    const results = await runMutations(ops.github, 'MovePreviews', [mutation]);
    const oid = committedOid(results, 'commit');
    const error = results.errors[0];
    if (oid !== undefined || error === undefined) {
      return { oid: oid ?? deployed.oid, warnings: [] };
    }
    if (isStale(error)) {
      return { reason: error.message };
    }
    if (isRule(error.message)) {
      return { oid: deployed.oid, warnings: [refusedByRules(deployed.name, branch.name, change, error.message)] };
    }
    throw new GraphqlErrors([...results.errors]);
  } catch (error) {
    const failure = readFailure(error);
    if (failure !== undefined && mayHaveTakenEffect(failure)) {
      return { reason: failure.message };
    }
    throw explain(error, { doing: `commit to ${deployed.name}`, repository, permission: 'contents: write' });
  }
}

function refusedByRules(base: string, branch: string, { files, deletions = [] }: Change, message: string): string {
  const paths = [...files.keys(), ...deletions].map((path) => path.split('/').slice(0, -1).join('/'));
  return (
    `Previews are on ${branch} now, and the rules of ${base} keep what is left of them there: ${message}. Until a pull ` +
    `request deletes ${[...new Set(paths)].sort().slice(0, 5).join(', ')}, the cluster runs those as they were. Their ` +
    'environments end with it, and the next run opens them from the branch.'
  );
}
