import { nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { cutMarkdown } from '../../report/cut.js';
import { compareVersions } from '../carriers/compare-versions.js';
import type { Label } from '../repository/labels.js';
import type { BranchView } from '../repository/open-repository.js';
import type { BranchCommit } from '../repository/pull-request.js';
import type { Snapshot } from '../repository/snapshot.js';
import { BODY_LIMIT, blockKey, bytesAround, withBlock } from './body-block.js';
import { type BranchContent, nextStep, type Reasons, type Situation } from './next-step.js';
import type { Planned, PlannedChange } from './planned.js';
import type { Proposal } from './proposal.js';
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
}

/** Plans a proposal at the base and on top of its branch. All proposals surveyed in one tick share their requests. */
export async function survey<P extends Proposal>(snapshot: Snapshot, proposal: P): Promise<Survey<P>> {
  const operation = { doing: 'read the files', repository: nameOf(snapshot.ops), permission: 'contents: read' };
  return attempt(operation, async () => {
    const atBranch = async () => {
      const branch = await snapshot.branch(proposal.branch);
      const { head } = branch;
      return { branch, onTop: head === undefined ? undefined : await proposal.plan(snapshot.treeAt(head.oid)) };
    };
    const [base, top, labels] = await Promise.all([
      proposal.plan(snapshot.tree),
      atBranch(),
      Promise.all(proposal.labels.map((label) => snapshot.label(label))),
    ]);
    return { proposal, base, ...top, labels };
  });
}

/**
 * Decides what is done about a surveyed proposal, and writes its texts.
 *
 * @param survey whose plan at the base changes something, or has nothing left to change
 */
export async function workFor<P extends Proposal>(
  snapshot: Snapshot,
  { proposal, base, branch, onTop, labels }: Survey<P>,
): Promise<Work> {
  const { open, head } = branch;
  const stated = blockKey(proposal.verb, open?.body ?? '');
  const situation = situationOf(snapshot, { proposal, base, branch, onTop, labels }, stated);
  const step = nextStep(situation);
  const change = base.state === 'change' ? base : undefined;
  const isUpToDate = stated === proposal.key && open?.title === proposal.title;
  const textStays = isUpToDate || (stated !== undefined && proposal.isNewer?.(stated) === true);
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
    body: writesText ? await textOf(proposal, open?.body ?? '', change) : (open?.body ?? ''),
    textStays,
    labels,
    merges: proposal.merges,
    mergeReason: proposal.mergeReason,
    isOurs: situation.isOurs,
  };
}

function situationOf<P extends Proposal>(
  snapshot: Snapshot,
  { proposal, base, branch: { head, open, past }, onTop }: Survey<P>,
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

async function textOf(proposal: Proposal, existing: string, planned: PlannedChange): Promise<string> {
  const { verb, key } = proposal;
  const around = proposal.around?.(existing) ?? existing;
  const limit = BODY_LIMIT - bytesAround(verb, around) - Buffer.byteLength(encodeURIComponent(key)) - 128;
  return withBlock(verb, around, key, cutMarkdown(await proposal.body(planned, limit), limit));
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
