import { nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { cutMarkdown } from '../../report/cut.js';
import type { Label } from '../repository/labels.js';
import { findLabel } from '../repository/labels.js';
import type { OpenedRepository } from '../repository/open-repository.js';
import type { BranchCommit } from '../repository/pull-request.js';
import type { BranchView } from '../repository/snapshot.js';
import type { Planned } from '../tree/planned.js';
import { BODY_LIMIT, blockKey, bytesAround, withBlock } from './block.js';
import { nextStep, type Situation, type Standing } from './lifecycle.js';
import type { Proposal } from './proposal.js';
import type { Work } from './work.js';

/** What was found out about a proposal in one look. */
export interface Survey<P extends Proposal> {
  proposal: P;
  base: Planned;
  /** `undefined` where there is no branch; its plan is on top of it. */
  branch: BranchView;
  onTop: Planned | undefined;
  labels: Label[];
}

/** Plans a proposal at the base and on top of its branch. All proposals surveyed in one tick share their requests. */
export async function survey<P extends Proposal>(
  { snapshot, tree }: OpenedRepository,
  proposal: P,
): Promise<Survey<P>> {
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
      Promise.all(proposal.labels.map((label) => findLabel(tree.reader, label))),
    ]);
    return { proposal, base, ...top, labels };
  });
}

/**
 * Decides what is done about a surveyed proposal, and finds the words for it.
 *
 * @param base the survey's plan at the base, which changes something or has nothing left to change
 */
export async function workFor<P extends Proposal>(
  { snapshot }: OpenedRepository,
  { proposal, base, branch, onTop, labels }: Survey<P>,
): Promise<Work> {
  const { open, past, head } = branch;
  const stated = blockKey(proposal.verb, open?.body ?? '');
  const isOurs = ({ trailers }: BranchCommit) => trailers !== undefined && proposal.isOurs(trailers);
  const situation: Situation = {
    words: wordsOf(proposal, base, onTop),
    base: standingOf(base),
    baseOid: snapshot.repo.baseOid,
    branchName: proposal.branch,
    branch: head === undefined ? undefined : { commit: head, standing: standingOf(onTop) },
    open,
    past,
    isOurs,
    // Who starts a verb again knows what was closed.
    staysClosed: () => false,
    replaces:
      stated !== proposal.key || (proposal.fresh === true && open?.commits[0]?.firstParent !== snapshot.repo.baseOid),
  };
  const step = nextStep(situation);
  const change = base.state === 'change' ? base : undefined;
  const textStays = stated === proposal.key && open?.title === proposal.title;
  // Words cost something: they render the clusters.
  const tells = change !== undefined && !(textStays && step.do === 'keep') && !['close', 'nothing'].includes(step.do);
  return {
    branch: proposal.branch,
    step,
    branchOid: head?.oid,
    open,
    change: change?.change,
    onTop: onTop?.state === 'change' ? onTop.change : undefined,
    message: change === undefined ? { headline: proposal.title, body: '' } : proposal.message(change),
    title: proposal.title,
    body: tells ? await textOf(proposal, open?.body ?? '', change) : (open?.body ?? ''),
    textStays,
    labels,
    merges: proposal.merges,
    heldBack: proposal.mergeReason,
    isOurs,
  };
}

async function textOf(
  proposal: Proposal,
  existing: string,
  planned: Extract<Planned, { state: 'change' }>,
): Promise<string> {
  const { verb, key } = proposal;
  const limit = BODY_LIMIT - bytesAround(verb, existing) - Buffer.byteLength(encodeURIComponent(key)) - 128;
  return withBlock(verb, existing, key, cutMarkdown(await proposal.body(planned, limit), limit));
}

function standingOf(planned: Planned | undefined): Standing {
  const standings = { change: 'change', nothing: 'set', refused: 'unusable' } as const;
  return standings[planned?.state ?? 'refused'];
}

function wordsOf({ title }: Proposal, base: Planned, onTop: Planned | undefined): Situation['words'] {
  const why = onTop?.state === 'refused' ? ` (${onTop.error.message.split('\n', 1)[0]})` : '';
  return {
    done: base.state === 'nothing' ? base.reason : '',
    newerThere: `"${title}" cannot be done`,
    newer: 'something newer',
    unusable: `nothing that "${title}" can be done on${why}`,
    takenAway: `leave nothing that it can be done on${why}`,
    closed: () => '',
  };
}
