import { nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { cutMarkdown } from '../../report/cut.js';
import { compareVersions } from '../carriers/compare-versions.js';
import { decideMerge, MERGE_WHEN_ALLOWED, type MergeDecision, NOT_WISHED } from '../policy/merge-decision.js';
import type { Label } from '../repository/labels.js';
import type { BranchView } from '../repository/open-repository.js';
import type { BranchCommit } from '../repository/pull-request.js';
import type { Snapshot } from '../repository/snapshot.js';
import { BODY_LIMIT, blockKey, bytesAround, withBlock } from './body-block.js';
import { decideOn, mayWait, rulesAt } from './decide-merge.js';
import { notYetReason, TAKEN_OFF, withMergeNote } from './merge-note.js';
import { type BranchContent, nextStep, type Reasons, type Situation } from './next-step.js';
import type { Planned, PlannedChange } from './planned.js';
import type { Proposal } from './proposal.js';
import { unplannedOn } from './unplanned.js';
import type { Work } from './work.js';

/** What was found out about a proposal in one snapshot. */
export interface Survey<P extends Proposal> {
  proposal: P;
  /** The plan at the default branch. */
  base: Planned;
  branch: BranchView;
  /** The plan on top of the branch; `undefined` where there is no branch. */
  onTop: Planned | undefined;
  labels: Label[];
  merge: MergeDecision;
  /** Why it is not merged although it is to be; empty where there is nothing to say. */
  mergeReason: string;
}

/**
 * Plans a proposal at the base and on top of its branch, and decides about its merge. All proposals surveyed in one tick share
 * their requests.
 *
 * @param starters logins of those who started the run; `undefined` where nothing is merged, because it is committed directly
 */
export async function survey<P extends Proposal>(
  snapshot: Snapshot,
  proposal: P,
  starters: readonly string[] | undefined,
): Promise<Survey<P>> {
  const operation = { doing: 'read the files', repository: nameOf(snapshot.ops), permission: 'contents: read' };
  return attempt(operation, async () => {
    const atBranch = async () => {
      const branch = await snapshot.branch(proposal.branch);
      const { head } = branch;
      return { branch, onTop: head === undefined ? undefined : await proposal.plan(snapshot.treeAt(head.oid)) };
    };
    const [base, top, known] = await Promise.all([
      proposal.plan(snapshot.tree),
      atBranch(),
      Promise.all(labelsFor(snapshot, proposal).map((label) => snapshot.label(label))),
    ]);
    const isTakenOff = proposal.insists !== true && top.branch.open?.mergeLabel === 'taken off';
    const merge =
      base.state !== 'change' || isTakenOff || starters === undefined
        ? NOT_WISHED
        : await ofAllOnIt(snapshot, { proposal, base, ...top }, await decideOn(snapshot, proposal, base, starters));
    const labels = await labelsNow(snapshot, known, merge);
    const reasons = [proposal.mergeReason, isTakenOff && proposal.merges ? TAKEN_OFF : notYetReason(merge)];
    const mergeReason = reasons.filter((reason) => reason !== '').join('; ');
    return { proposal, base, ...top, labels, merge, mergeReason };
  });
}

/**
 * The decision on a pull request with all that is on its branch. A run judges what it plans: where the branch brings more, the
 * whole of it is judged by the gate, or by what merges what is due.
 */
async function ofAllOnIt(
  snapshot: Snapshot,
  found: Pick<Survey<Proposal>, 'proposal' | 'branch' | 'onTop'> & { base: PlannedChange },
  decision: MergeDecision,
): Promise<MergeDecision> {
  const { repo, policy } = snapshot;
  const { branch, base, onTop } = found;
  const environments = policy.environments.map(({ name }) => name);
  const isKept = ['append', 'keep'].includes(stepOf(snapshot, found).step.do);
  if (!decision.merges || repo.gated || branch.head === undefined || !isKept || !mayWait(snapshot, { environments })) {
    return decision;
  }
  const tree = snapshot.treeAt(branch.head.oid);
  const added = onTop?.state === 'change' ? onTop.change : undefined;
  const more = await unplannedOn({ branch, tree, onTop: added, baseOid: repo.baseOid, now: snapshot.now }, base);
  return more === undefined
    ? decision
    : decideMerge({ fact: `${more} ${NOT_JUDGED}`, until: undefined }, rulesAt(snapshot));
}

const NOT_JUDGED = 'This run judged what it plans, and not the rest.';

/** The label by which it is merged later is asked for in advance, unless nobody could tell that it would be. */
async function labelsNow(snapshot: Snapshot, known: readonly Label[], { whenAllowed }: MergeDecision) {
  const own = known.filter(({ name }) => name !== MERGE_WHEN_ALLOWED);
  const later = whenAllowed ? [await snapshot.label(MERGE_WHEN_ALLOWED)] : [];
  return [...own, ...later];
}

/** The labels that a proposal has, and may get: all are asked for at once. */
export function labelsFor(
  snapshot: Pick<Snapshot, 'policy' | 'holds' | 'repo' | 'now'>,
  { labels, merges, judged }: Pick<Proposal, 'labels' | 'merges' | 'judged'>,
): string[] {
  const { guarded, autoMergeAllowed, mergeQueue } = snapshot.repo;
  const mayWaitLong =
    (guarded && !autoMergeAllowed && !mergeQueue) || (judged !== undefined && mayWait(snapshot, judged));
  return merges && mayWaitLong ? [...labels, MERGE_WHEN_ALLOWED] : [...labels];
}

/**
 * Decides what is done about a surveyed proposal, and writes its texts.
 *
 * @param survey whose plan at the base changes something, or has nothing left to change
 */
export async function workFor<P extends Proposal>(
  snapshot: Snapshot,
  { proposal, base, branch, onTop, labels, merge, mergeReason }: Survey<P>,
): Promise<Work> {
  const { open, head } = branch;
  const { step, situation, stated } = stepOf(snapshot, { proposal, base, branch, onTop });
  const change = base.state === 'change' ? base : undefined;
  const isUpToDate = stated === proposal.key && open?.title === proposal.title;
  const isNewer = stated !== undefined && proposal.isNewer?.(stated) === true;
  const textStays = isUpToDate || isNewer;
  const written = open?.body ?? '';
  const noted = step.do === 'keep' && change !== undefined && !isNewer ? withMergeNote(written, merge) : written;
  // A text costs something: it renders the clusters.
  const writesText =
    change !== undefined && !(textStays && step.do === 'keep') && !['close', 'nothing'].includes(step.do);
  return {
    branch: proposal.branch,
    step,
    branchOid: head?.oid,
    open,
    change: change?.change,
    onTop: onTop?.state === 'change' ? onTop.change : undefined,
    message: change === undefined ? { headline: proposal.title, body: '' } : proposal.message(change),
    title: proposal.title,
    body: writesText ? await textOf(proposal, written, merge, change) : noted,
    textStays: textStays && noted === written,
    isNoteOnly: textStays && noted !== written,
    labels,
    merges: merge.merges,
    whenAllowed: merge.whenAllowed,
    stopsMerging: merge.notYet !== undefined && !merge.merges && !snapshot.repo.gated,
    mergeReason,
    isOurs: situation.isOurs,
  };
}

/** What is done about the branch and its pull request, and by what that was decided. */
function stepOf(snapshot: Snapshot, found: Pick<Survey<Proposal>, 'proposal' | 'base' | 'branch' | 'onTop'>) {
  const stated = blockKey(found.proposal.verb, found.branch.open?.body ?? '');
  const situation = situationOf(snapshot, found, stated);
  return { step: nextStep(situation), situation, stated };
}

function situationOf<P extends Proposal>(
  snapshot: Snapshot,
  { proposal, base, branch: { head, open, past }, onTop }: Pick<Survey<P>, 'proposal' | 'base' | 'branch' | 'onTop'>,
  stated: string | undefined,
): Situation {
  const { baseOid } = snapshot.repo;
  const isOther = stated !== proposal.key && proposal.keepsOurCommits !== true;
  return {
    reasons: { ...reasonsOf(proposal, base, onTop), ...proposal.reasons },
    base: contentOf(base),
    baseOid,
    branchName: proposal.branch,
    branch: head === undefined ? undefined : { commit: head, content: contentOf(onTop) },
    open,
    past,
    isOurs: ({ trailers }: BranchCommit) => trailers !== undefined && proposal.isOurs(trailers),
    staysClosed: (last) => proposal.staysClosed?.(last) === true,
    replaces: isOther || (proposal.fresh === true && open?.commits[0]?.firstParent !== baseOid),
    overtaken: isOvertaken(base, onTop),
  };
}

/** Whether the branch brings nothing newer than what the base has by now. */
function isOvertaken(base: Planned, onTop: Planned | undefined): boolean {
  if (base.state !== 'newer' || onTop?.state !== 'newer') {
    return false;
  }
  const order = compareVersions({ tag: base.there ?? undefined }, { tag: onTop.there ?? undefined });
  return ['same', 'older'].includes(order);
}

async function textOf(
  proposal: Proposal,
  existing: string,
  merge: MergeDecision,
  planned: PlannedChange,
): Promise<string> {
  const { verb, key } = proposal;
  const around = withMergeNote(proposal.around?.(existing) ?? existing, merge);
  const limit = BODY_LIMIT - bytesAround(verb, around) - Buffer.byteLength(encodeURIComponent(key)) - 128;
  const isLeft = merge.notYet !== undefined && !merge.merges && !merge.whenAllowed;
  const body = await proposal.body(planned, limit, proposal.merges && !isLeft);
  return withBlock(verb, around, key, cutMarkdown(body, limit));
}

function contentOf(planned: Planned | undefined): BranchContent {
  const contents = {
    change: 'change',
    nothing: 'set',
    newer: 'newer-there',
    left: 'unusable',
    refused: 'unusable',
  } as const;
  return contents[planned?.state ?? 'refused'];
}

function reasonsOf({ title }: Proposal, base: Planned, onTop: Planned | undefined): Reasons {
  const why = onTop?.state === 'refused' ? ` (${onTop.error.message.split('\n', 1)[0]})` : '';
  return {
    done: base.state === 'nothing' ? base.reason : '',
    newerThere: base.state === 'newer' ? base.reason : `"${title}" cannot be done`,
    newer: 'something newer',
    unusable: `nothing that "${title}" can be done on${why}`,
    takenAway: `leave nothing that it can be done on${why}`,
    closed: (number) => `a person closed #${number}`,
  };
}
