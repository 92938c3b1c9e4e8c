import * as v from 'valibot';
import { compareCommits } from '../../../github/compare-commits.js';
import type { RepositoryReader } from '../../../github/repository-reader.js';
import { readState, withLayers } from '../../overlays/app-state.js';
import { MERGE_WHEN_ALLOWED, type MergeDecision, NOT_WISHED } from '../../policy/merge-decision.js';
import { BODY_LIMIT, bytesAround, withBlock } from '../../pull-requests/body-block.js';
import { decideOn } from '../../pull-requests/decide-merge.js';
import { disableAutoMerge } from '../../pull-requests/disable-auto-merge.js';
import { CONFLICTS } from '../../pull-requests/merge.js';
import { notYetReason, TAKEN_OFF, withMergeNote } from '../../pull-requests/merge-note.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import { DRY_RUN, type Outcome } from '../../pull-requests/outcome.js';
import type { Planned, PlannedChange } from '../../pull-requests/planned.js';
import type { ProposalResult } from '../../pull-requests/proposal.js';
import { type Work, writtenOf } from '../../pull-requests/work.js';
import type { WriteContext } from '../../pull-requests/write-context.js';
import { writeWorks } from '../../pull-requests/write-works.js';
import type { PullRequest } from '../../repository/pull-request.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { conflictProblem, type MergedVersions, type MergeFacts, mergeProblem } from './merge-facts.js';
import type { PromotionProposal } from './prepare.js';

/** A promotion that merges the branch of the environment before: the branch, and what it is to bring. */
export interface BranchPromotion {
  snapshot: Snapshot;
  /** The branch that is merged. */
  from: string;
  /** Its commit, by which all was decided. */
  head: string;
  /** The apps that were asked for. */
  named: readonly string[] | 'all';
  proposal: PromotionProposal;
}

export type MergeResult = ProposalResult<PromotionProposal>;

type Result = MergeResult;

/**
 * Promotes by merging the branch of the environment before into that of the target: a pull request between the two, and a merge
 * commit where the policy lets it be merged now. What the merge would bring is told from the three commits that git merges, so that
 * a version is only promised where it comes.
 *
 * @returns `again` where somebody changed something meanwhile, or an answer was lost: it is to be read and decided again
 * @throws Error where what is decided cannot come by a merge, with what to do; what a failed request throws
 */
export async function mergeBranch(promotion: BranchPromotion, options: ProposeOptions): Promise<Outcome<Result>> {
  const { snapshot, from, named, proposal } = promotion;
  const planned = await proposal.plan(snapshot.tree);
  if (planned.state === 'refused') {
    throw planned.error;
  }
  const [{ open }, facts] = await Promise.all([snapshot.branch(from), factsOf(promotion)]);
  if (facts.ahead === 0 && planned.state !== 'change') {
    return settledAs(promotion, planned, open, { action: 'unchanged', reason: reasonOf(planned) });
  }
  const { left, going } = proposal.decision;
  if (left.length > 0 && left.every(({ held }) => held)) {
    const holds = left.map(({ message }) => message).join(' ');
    const all = `Merging ${from} into ${snapshot.repo.base} brings all that ${from} has, and`;
    const reason = going.length === 0 ? holds : `${all} ${holds}`;
    await disableAutoMerge(snapshot, options.dryRun ? [] : [{ branch: { open } }]);
    return settledAs(promotion, planned, open, { action: 'held', reason: heldReason(reason, open) });
  }
  const problem = mergeProblem(facts, proposal.decision, { from, into: snapshot.repo.base, named });
  if (problem !== undefined) {
    throw new Error(problem);
  }
  if (options.dryRun) {
    const action = open === undefined ? 'created' : 'updated';
    return settledAs(promotion, planned, open, { action, reason: DRY_RUN, rehearsed: true });
  }
  const work = await workOf(promotion, planned, open, options);
  const done = writtenOf(await writeWorks(contextOf(snapshot, options), [work]), work);
  if (done.state === 'failed') {
    throw done.error;
  }
  if (done.state === 'again' && done.reason === CONFLICTS) {
    throw new Error(conflictProblem({ from, into: snapshot.repo.base }));
  }
  const settled = done.state === 'settled' ? done : done.settled;
  if (settled === undefined) {
    return { state: 'again', reason: done.state === 'again' ? done.reason : '' };
  }
  const outcome = settledAs(promotion, planned, settled.pullRequest ?? open, {
    ...{ action: settled.action, reason: settled.reason },
    ...{ mergesByItself: settled.mergesByItself === true, holdsChanged: settled.holdsChanged === true },
  });
  return done.state === 'again' ? { ...outcome, state: 'again', reason: done.reason } : outcome;
}

function reasonOf(planned: Planned): string {
  return planned.state === 'nothing' ? planned.reason : '';
}

/** A pull request that people may merge all the same is named. */
function heldReason(reason: string, open: PullRequest | undefined): string {
  return open === undefined ? reason : `${reason} #${open.number} is open, and merging it goes past that: close it.`;
}

/** What git would merge: how much is new, and what the target has of the apps in the three commits. */
async function factsOf({ snapshot, from, head, proposal }: BranchPromotion): Promise<MergeFacts> {
  const { ops, repo, layout } = snapshot;
  const { environment, going } = proposal.decision;
  const [data, deletesFrom] = await Promise.all([
    compareCommits(ops, repo.base, from),
    isDeletedWhenMerged(snapshot.reader, from),
  ]);
  const versionAt = async (oid: string, app: string) => {
    const tree = snapshot.treeAt(oid);
    const state = await withLayers(tree, layout, await readState(tree, layout, environment.name, app));
    return state.deployed?.version ?? null;
  };
  const versions = await Promise.all(
    going.map(async ({ app, moved }): Promise<[string, MergedVersions]> => {
      const oids = [data.merge_base_commit.sha, repo.baseOid, head];
      const [base = null, into = null, brought = null] = await Promise.all(oids.map((oid) => versionAt(oid, app)));
      return [app, { wanted: moved.version, base, into, from: brought }];
    }),
  );
  return { ahead: data.ahead_by, deletesFrom, versions: new Map(versions) };
}

const deletionSchema = v.nullable(
  v.object({
    refUpdateRule: v.nullable(v.object({ allowsDeletions: v.boolean() })),
    rules: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ type: v.string() })))) })),
  }),
);

/**
 * Whether a repository deletes branches that are merged, and no rule keeps this one.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-the-automatic-deletion-of-branches
 */
async function isDeletedWhenMerged(reader: RepositoryReader, branch: string): Promise<boolean> {
  const [deletes, ref] = await Promise.all([
    reader.load({ text: () => 'deleteBranchOnMerge', schema: v.boolean() }),
    reader.load({
      text: (bind) =>
        `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) { refUpdateRule { allowsDeletions } rules(first: 100) { nodes { type } } }`,
      schema: deletionSchema,
    }),
  ]);
  const isKept =
    ref?.refUpdateRule?.allowsDeletions === false ||
    ref?.rules?.nodes?.some((rule) => rule?.type === 'DELETION') === true;
  return deletes && !isKept;
}

/** It takes a merge commit: what is squashed would conflict with the next promotion. */
function contextOf({ ops, repo, warn }: Snapshot, options: ProposeOptions): WriteContext {
  const { patience } = options;
  const bases = new Set([repo.baseOid]);
  return { ...ops, repo, people: options, mergeMethod: 'merge', patience, checksBaseAgain: true, bases, warn };
}

/**
 * The pull request between the two branches, with its text, its labels and whether it is merged now, as any proposal has them. What
 * is on the branch is not written.
 */
async function workOf(
  { snapshot, from, head, proposal }: BranchPromotion,
  planned: Planned,
  open: PullRequest | undefined,
  { starters = [] }: ProposeOptions,
): Promise<Work> {
  const change = planned.state === 'change' ? planned : undefined;
  const isTakenOff = proposal.insists !== true && open?.mergeLabel === 'taken off';
  const isJudged = change !== undefined && !isTakenOff;
  const merge = isJudged ? await decideOn(snapshot, proposal, change, starters) : NOT_WISHED;
  const names = [...proposal.labels, ...(merge.whenAllowed ? [MERGE_WHEN_ALLOWED] : [])];
  const title = change === undefined ? `Merge ${from} into ${snapshot.repo.base}` : proposal.title;
  const body = await textOf(snapshot, proposal, change, { from, existing: open?.body ?? '', merge });
  const message = change === undefined ? { headline: title, body: '' } : proposal.message(change);
  return {
    ...{ branch: from, branchOid: head, open, title, body, message, change: undefined, onTop: undefined },
    step: open === undefined ? { do: 'append' } : { do: 'keep', conflict: false },
    ...{ textStays: open?.title === title && open.body === body, isNoteOnly: false },
    labels: await Promise.all(names.map((name) => snapshot.label(name))),
    ...{ merges: merge.merges, whenAllowed: merge.whenAllowed },
    stopsMerging: merge.notYet !== undefined && !merge.merges && !snapshot.repo.gated,
    mergeReason: isTakenOff && proposal.merges ? TAKEN_OFF : notYetReason(merge),
    // All that is on the branch is what is promoted.
    isOurs: () => true,
  };
}

async function textOf(
  { repo }: Snapshot,
  proposal: PromotionProposal,
  change: PlannedChange | undefined,
  { from, existing, merge }: { from: string; existing: string; merge: MergeDecision },
): Promise<string> {
  const around = withMergeNote(existing, merge);
  const text =
    change === undefined
      ? `Brings what ${from} has besides versions of apps into ${repo.base}.`
      : await proposal.body(change, BODY_LIMIT - bytesAround(proposal.verb, around));
  return withBlock(proposal.verb, around, proposal.key, text);
}

function settledAs(
  { proposal }: BranchPromotion,
  planned: Planned,
  pull: Pick<PullRequest, 'number' | 'url'> | undefined,
  done: Pick<Result, 'action'> & Partial<Pick<Result, 'reason' | 'rehearsed' | 'mergesByItself' | 'holdsChanged'>>,
): Extract<Outcome<Result>, { state: 'settled' }> {
  const result: Result = {
    proposal,
    planned,
    number: pull?.number ?? null,
    url: pull?.url ?? '',
    commit: '',
    action: done.action,
    reason: done.reason ?? '',
    mergesByItself: done.mergesByItself ?? false,
    rehearsed: done.rehearsed ?? false,
    holdsChanged: done.holdsChanged ?? false,
  };
  return { state: 'settled', result };
}
