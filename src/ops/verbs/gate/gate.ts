import { type Connected, nameOf } from '../../../github/connected.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { isoSeconds } from '../../../report/time.js';
import { checkOf, type Ground, otherRepository, there } from '../../judged-pulls/ground.js';
import { type Grounds, isMoved, newestGrounds } from '../../judged-pulls/grounds.js';
import { type Judge, judgeAt } from '../../judged-pulls/judge-at.js';
import { judgeGroup } from '../../judged-pulls/judge-group.js';
import { isLost, type Lost, unlessLost } from '../../judged-pulls/lost-repositories.js';
import { type OpenPull, readOpenPulls } from '../../judged-pulls/open-pulls.js';
import { unreachedNote } from '../../judged-pulls/other-grounds.js';
import { type JudgeAgain, judgeAfterRun, judgeAgainAt, type Withdrawal } from '../../judgement/before-freeze.js';
import { type HeadVerdict, headVerdicts, type JudgedPull } from '../../judgement/head-verdict.js';
import { openPreviewsNote } from '../../judgement/open-previews.js';
import { allowedOnes } from './allowed-ones.js';
import { keepProven } from './keep-proven.js';
import { furtherBack, lastRunBegan } from './last-run.js';
import { publishVerdict } from './publish-verdict.js';
import { groupVerdict, type QueueGroup, readQueueGroups } from './queue-groups.js';
import type { GateReport } from './report.js';
import { type JudgedHead, type Withdrawn, withdrawOthers } from './withdraw.js';
import { byRepository, withdrawIn } from './withdraw-all.js';

/** What the gate works with. */
export interface GateRun extends Judge {
  /** With the token that writes check runs; `undefined` to write nothing. */
  checks: Connected | undefined;
  /** Slug of the App that makes the check runs. */
  app: string;
  /** Whether somebody judges again at the time that is reported. Without, nothing new is let in within the hour before a freeze. */
  judgesAgain: boolean;
  /** Page and id of the run, and file of its workflow; empty where it is none. */
  runUrl: string;
  runId: string;
  workflow: string;
}

/** Said where nothing tells what an earlier run has seen to, and more has happened than one run looks at. */
const CUT =
  'No earlier run that ended well is known, and there were more than 3,000 pull requests or pushes: what the oldest of them left allowed was not looked at, and is judged when a pull request comes to have such a head again.';

/** How often everything is judged anew because a branch or a pull request moved meanwhile. */
const MOST_ROUNDS = 4;

/** A branch, with what is to be merged into it. */
interface Opening {
  ground: Ground;
  /** The check run that the branch requires. */
  gate: string;
  pulls: OpenPull[];
  groups: QueueGroup[];
}

/** What was judged of a branch. */
interface JudgedOpening extends Opening {
  verdicts: HeadVerdict[];
  notes: string[];
  unproven: readonly string[] | undefined;
}

/**
 * Judges every open pull request into the default branch, and into each branch that environments live on, also of other repositories, and
 * writes the verdicts as check runs of their heads. A verdict is about a head, the branch that it goes into, and the commit of that branch
 * that it was judged at: what moved meanwhile is judged again, and what is still moving in the end is withdrawn. Safe to run again and
 * beside others: the last that ends has seen the newest.
 *
 * Another repository that fails is told and fails by itself: what is allowed there is withdrawn, as far as that is possible.
 *
 * @throws Error where the repository of the policy cannot be read, or a check run there cannot be written
 */
export async function runGate(run: GateRun): Promise<GateReport> {
  const newest = () => newestGrounds(run.ops, { app: run.app, now: run.now() });
  const [began, since] = await Promise.all([newest(), lastRunBegan(run.ops, run.workflow, run.runId)]);
  const lost: Lost = new Map();
  await leave(run, began, lost);
  let grounds = began;
  let [written, withdrawnOthers, isCut] = [0, 0, false];
  for (let round = 1; ; round++) {
    const openings = await openingsOf(run, grounds.all, lost);
    const others = await withdrawGone(run, openings, since, lost);
    [withdrawnOthers, isCut] = [withdrawnOthers + others.count, isCut || others.isCut];
    const first = await inTurn(openings, lost, (each) => judgeSome(run, each, true));
    // Whatever becomes of the others, what is allowed and no longer may be is withdrawn by now.
    const gone = first.map((each) => ({ ...each, verdicts: each.verdicts.filter(({ isAllowed }) => !isAllowed) }));
    written += await publishAll(run, gone, lost);
    const rest = await inTurn(first, lost, (each) => judgeSome(run, each, false));
    const next = await newest();
    const isLast = round === MOST_ROUNDS;
    // A success that was judged at an older commit is never written, a refusal may be: it is judged again.
    const hasMoved = isMoved(grounds, next);
    const current = rest.map((each) => {
      const verdicts = worstOfHeads([...(openingIn(first, each)?.verdicts ?? []), ...each.verdicts]);
      return { ...each, verdicts: hasMoved ? verdicts.map((verdict) => withdrawn(verdict, isLast)) : verdicts };
    });
    const open = current.map((each) => ({ ...each, verdicts: withoutHeads(each.verdicts, openingIn(gone, each)) }));
    written += await publishAll(run, open, lost);
    if (!hasMoved || isLast) {
      const after = await newest();
      if (!isMoved(next, after) || isLast) {
        const told = await tellLost(run, next, lost);
        const judged = [...first, ...rest].filter(({ ground }) => !isLost(lost, ground));
        const all = current.filter(({ ground }) => !isLost(lost, ground)).flatMap(verdictsThere);
        const notes = [...new Set([...next.notes, ...told, ...judged.flatMap((each) => each.notes)])];
        return {
          verdicts: all,
          written,
          withdrawn: withdrawnOthers,
          again: run.checks === undefined ? undefined : judgedAgain(run, all),
          unproven: unprovenIn(judged),
          notes: isCut ? [...notes, CUT] : notes,
        };
      }
    }
    grounds = await newest();
  }
}

function verdictsThere({ ground, verdicts }: Pick<JudgedOpening, 'ground' | 'verdicts'>): GateReport['verdicts'] {
  const repository = otherRepository(ground);
  return verdicts.map((verdict) => ({ ...verdict, repository }));
}

/** What was said of the same branch. */
function openingIn<O extends Opening>(all: readonly O[], { ground }: Opening): O | undefined {
  return all.find((each) => each.ground === ground);
}

/** Withdraws in each repository what was allowed of heads that no open pull request has any more. */
async function withdrawGone(
  { checks, app }: GateRun,
  openings: readonly Opening[],
  since: Date | undefined,
  lost: Lost,
): Promise<Withdrawn> {
  const done: Withdrawn = { count: 0, isCut: false };
  for (const own of checks === undefined ? [] : byRepository(openings.map((each) => ({ ...each, ...each.ground })))) {
    const [first] = own;
    const from = first === undefined || otherRepository(first) === undefined ? since : furtherBack(since);
    const withdrawn =
      checks === undefined || first === undefined
        ? undefined
        : await unlessLost(lost, first, () => withdrawOthers(there(checks, first), app, judgedHeads(own), from));
    done.count += withdrawn?.count ?? 0;
    done.isCut ||= withdrawn?.isCut === true;
  }
  return done;
}

/** Takes back what earlier runs allowed in repositories that have a gate of their own by now, which judges there alone. */
async function leave({ checks, app }: GateRun, { left }: Grounds, lost: Lost): Promise<void> {
  for (const own of checks === undefined ? [] : byRepository(left)) {
    const [first] = own;
    if (checks !== undefined && first !== undefined) {
      await unlessLost(lost, first, () => withdrawIn(there(checks, first), app, own, true));
    }
  }
}

/** Takes back what is allowed in repositories that failed, where that can be written, and says what failed. */
async function tellLost({ checks, app }: GateRun, { all, policy }: Grounds, lost: Lost): Promise<string[]> {
  const notes: string[] = [];
  for (const { at, name, why } of lost.values()) {
    const branches = all.filter((ground) => otherRepository(ground)?.toLowerCase() === name.toLowerCase());
    try {
      await (checks === undefined ? undefined : withdrawIn(there(checks, { at }), app, branches));
    } catch {
      // What is told is why nothing could be judged there: that is what has to be mended.
    }
    notes.push(policy === undefined ? String(why) : unreachedNote(policy, name, why));
  }
  return notes;
}

function withoutHeads(verdicts: readonly HeadVerdict[] = [], gone: Pick<JudgedOpening, 'verdicts'> | undefined) {
  return verdicts.filter(({ head }) => gone?.verdicts.some((each) => each.head === head) !== true);
}

/** One after the other, for each fetches files; without those whose repository is lost. */
async function inTurn<T extends Opening, R>(all: readonly T[], lost: Lost, work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) {
    const made = await unlessLost(lost, one.ground, () => work(one));
    done.push(...(made === undefined ? [] : [made]));
  }
  return done;
}

/** Reads of all branches of a repository are joined. */
async function openingsOf({ app }: GateRun, grounds: readonly Ground[], lost: Lost): Promise<Opening[]> {
  const openings = byRepository(grounds).flatMap((own) => {
    const { github, repository } = own[0]?.at ?? {};
    if (github === undefined || repository === undefined) {
      return [];
    }
    const pulls = repositoryReader(github, repository, 'GatePulls');
    const queue = repositoryReader(github, repository, 'GateQueue');
    return own.map((ground) =>
      unlessLost(lost, ground, async (): Promise<Opening> => {
        const [open, groups] = await Promise.all([
          readOpenPulls(pulls, repository, ground.branch, app),
          readQueueGroups(queue, ground.branch, app),
        ]);
        return { ground, gate: checkOf(ground), pulls: open, groups };
      }),
    );
  });
  const read = await Promise.all(openings);
  return read.flatMap((opening) => (opening === undefined || isLost(lost, opening.ground) ? [] : [opening]));
}

function judgedHeads(openings: readonly Opening[]): JudgedHead[] {
  return openings.flatMap(({ gate, pulls, groups }) =>
    [...pulls, ...groups].map(({ head, checks }) => ({ head, checks, gate })),
  );
}

/** The environments of all branches into which something may come that nobody has to prove. */
function unprovenIn(judged: readonly Pick<JudgedOpening, 'unproven'>[]): readonly string[] | undefined {
  const known = judged.flatMap(({ unproven }) => (unproven === undefined ? [] : [unproven]));
  return known.length === 0 ? undefined : [...new Set(known.flat())];
}

/**
 * Judges some of the pull requests and groups of a branch: those that are allowed, or all others. A group may have others than those
 * that are judged by themselves.
 */
async function judgeSome(run: GateRun, opening: Opening, isAllowed: boolean): Promise<JudgedOpening> {
  const { ground, gate, pulls: all } = opening;
  const [pulls, groups] = allowedOnes(all, opening.groups, gate, isAllowed);
  const inGroups = new Set(groups.flatMap(({ entries }) => entries.map(({ number }) => number)));
  const own = new Set(pulls);
  const { judged, notes } = await judgeAt(
    run,
    ground,
    all.filter((pull) => own.has(pull) || inGroups.has(pull.number)),
  );
  const given = <P extends JudgedPull>(some: readonly P[]) => (run.judgesAgain ? some : some.map(withoutNew));
  const verdicts = headVerdicts(given(judged.filter(({ number }) => pulls.some((pull) => pull.number === number))));
  for (const group of groups) {
    const { steps, problem } = await judgeGroup(run, ground, all, group.entries);
    verdicts.push(groupVerdict(group, given(judged), { steps: given(steps), problem }));
  }
  const open = judged.find((each) => each.openPreviews !== undefined)?.openPreviews;
  return {
    ...opening,
    verdicts,
    notes: open === undefined ? notes : [...notes, openPreviewsNote(open, nameOf(run.ops))],
    unproven: judged.find((each) => each.unproven !== undefined)?.unproven,
  };
}

/** A commit that a pull request and a group of the queue both have is allowed where both allow it. */
function worstOfHeads(verdicts: readonly HeadVerdict[]): HeadVerdict[] {
  const worst = new Map<string, HeadVerdict>();
  for (const verdict of verdicts) {
    const known = worst.get(verdict.head);
    worst.set(verdict.head, known === undefined || known.isAllowed ? verdict : known);
  }
  return [...worst.values()];
}

/** A pull request without what would have to be taken back in time. */
function withoutNew<P extends JudgedPull>(pull: P): P {
  const verdicts = pull.verdicts.map((verdict) => {
    const { environment, withdrawal } = verdict;
    if (withdrawal === undefined || withdrawal.hour !== undefined || !withdrawal.isNew) {
      return verdict;
    }
    const at = isoSeconds(withdrawal.freezesAt);
    const reason = `${environment} freezes at ${at}, and this run does not stay to take it back in time: the next run of the gate lets it in.`;
    return { ...verdict, state: 'pending' as const, reason };
  });
  return { ...pull, verdicts };
}

/** Of heads that are allowed: until all environments take one, GitHub's time for its merge does not begin. */
function withdrawalsIn(verdicts: readonly HeadVerdict[]): Withdrawal[] {
  const all = verdicts.filter(({ isAllowed }) => isAllowed).flatMap(({ pulls }) => pulls);
  return all.flatMap((pull) => pull.verdicts).flatMap(({ withdrawal }) => withdrawal ?? []);
}

/** What a freeze asks for goes first. A run that does not stay to judge again waits for no run either. */
function judgedAgain({ now, judgesAgain }: GateRun, verdicts: readonly HeadVerdict[]): JudgeAgain | undefined {
  const awaited = verdicts.flatMap(({ pulls }) => pulls).flatMap((pull) => pull.verdicts);
  const isAwaited = judgesAgain && awaited.some(({ awaitsRun }) => awaitsRun === true);
  return judgeAgainAt(withdrawalsIn(verdicts), now()) ?? (isAwaited ? judgeAfterRun(now()) : undefined);
}

function withdrawn(verdict: HeadVerdict, isLast: boolean): HeadVerdict {
  const reason = `A branch moved while this was judged; it is judged again.${isLast ? ' Start the gate again.' : ''}`;
  const pulls = verdict.pulls.map((pull) => ({
    ...pull,
    verdicts: pull.verdicts.map((each) =>
      each.state === 'success' ? { ...each, state: 'pending' as const, reason } : each,
    ),
  }));
  return verdict.isAllowed
    ? { ...verdict, pulls, isAllowed: false, title: `Not yet: ${reason}` }
    : { ...verdict, pulls };
}

async function publishAll(
  { checks, app, runUrl }: GateRun,
  openings: readonly (Opening & Pick<JudgedOpening, 'verdicts'>)[],
  lost: Lost,
): Promise<number> {
  if (checks === undefined) {
    return 0;
  }
  const all = openings.flatMap((opening) => opening.verdicts.map((verdict) => ({ ...opening, verdict })));
  let written = 0;
  // What is refused comes first: a success that is no longer true is gone before another one is given.
  for (const { ground, gate, pulls, groups, verdict } of [...all].sort(
    (one, other) => Number(one.verdict.isAllowed) - Number(other.verdict.isAllowed),
  )) {
    const known = [...pulls, ...groups].find(({ head }) => head === verdict.head)?.checks ?? new Map();
    const at = there(checks, ground);
    await unlessLost(lost, ground, async () => {
      written += await publishVerdict(at, verdict, gate, known, runUrl);
      written += await keepProven(at, app, verdict, runUrl);
    });
  }
  return written;
}
