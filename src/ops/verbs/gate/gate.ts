import type { Connected } from '../../../github/connected.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { type Judge, judgeAt } from '../../judged-pulls/judge-at.js';
import { newestCommit } from '../../judged-pulls/newest-commit.js';
import { type OpenPull, readOpenPulls } from '../../judged-pulls/open-pulls.js';
import { type HeadVerdict, headVerdicts } from '../../judgement/head-verdict.js';
import { publishVerdict } from './publish-verdict.js';
import { groupVerdict, type QueueGroup, readQueueGroups } from './queue-groups.js';
import { withdrawOthers } from './withdraw.js';

/** What the gate works with. */
export interface GateRun extends Judge {
  /** With the token that writes check runs; `undefined` to write nothing. */
  checks: Connected | undefined;
  /** Slug of the App that makes the check runs. */
  app: string;
  /** Page of the run; empty where it is none. */
  runUrl: string;
}

/** What the gate said. */
export interface GateReport {
  verdicts: HeadVerdict[];
  /** Check runs that were written. */
  written: number;
  /** Check runs of heads that no open pull request has any more, withdrawn. */
  withdrawn: number;
  /** What a person should know, sentences. */
  notes: string[];
}

/** How often everything is judged anew because the default branch or a pull request moved meanwhile. */
const MOST_ROUNDS = 4;

/**
 * Judges every open pull request into the default branch, and writes the verdicts as check runs of their heads. A verdict is
 * about a head and about the commit of the default branch that it was judged at: what moved meanwhile is judged again, and what
 * is still moving in the end is withdrawn. Safe to run again and beside others: the last that ends has seen the newest.
 *
 * @throws Error where the repository cannot be read, or a check run cannot be written
 */
export async function runGate(run: GateRun): Promise<GateReport> {
  let main = await newestCommit(run.ops);
  let written = 0;
  let gone = 0;
  for (let round = 1; ; round++) {
    const [pulls, groups] = await Promise.all([openPulls(run, main.branch), queueGroups(run, main.branch)]);
    const heads = new Set([...pulls, ...groups].map(({ head }) => head));
    gone += run.checks === undefined ? 0 : await withdrawOthers(run.checks, run.app, heads);
    const { judged, notes } = await judgeAt(run, main, pulls);
    const verdicts = [...headVerdicts(judged), ...groups.map((group) => groupVerdict(group, judged))];
    const next = await newestCommit(run.ops);
    const isMoved = next.oid !== main.oid;
    const isLast = round === MOST_ROUNDS;
    // A success that was judged at an older commit is never written, a refusal may be: it is judged again.
    const current = isMoved ? verdicts.map((verdict) => withdrawn(verdict, isLast)) : verdicts;
    written += await publish(run, current, [...pulls, ...groups]);
    if (!isMoved || isLast) {
      const after = await newestCommit(run.ops);
      if (after.oid === next.oid || isLast) {
        return { verdicts: current, written, withdrawn: gone, notes };
      }
    }
    main = await newestCommit(run.ops);
  }
}

function withdrawn(verdict: HeadVerdict, isLast: boolean): HeadVerdict {
  const reason = `The default branch moved while this was judged; it is judged again.${isLast ? ' Start the gate again.' : ''}`;
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

function queueGroups({ ops, app }: GateRun, branch: string): Promise<QueueGroup[]> {
  return readQueueGroups(repositoryReader(ops.github, ops.repository, 'GateQueue'), branch, app);
}

function openPulls({ ops, app }: GateRun, branch: string): Promise<OpenPull[]> {
  return readOpenPulls(repositoryReader(ops.github, ops.repository, 'GatePulls'), ops.repository, branch, app);
}

async function publish(
  { checks, runUrl }: GateRun,
  verdicts: readonly HeadVerdict[],
  heads: readonly Pick<OpenPull, 'head' | 'checks'>[],
): Promise<number> {
  if (checks === undefined) {
    return 0;
  }
  let written = 0;
  // What is refused comes first: a success that is no longer true is gone before another one is given.
  for (const verdict of [...verdicts].sort((one, other) => Number(one.isAllowed) - Number(other.isAllowed))) {
    const known = heads.find(({ head }) => head === verdict.head)?.checks ?? new Map();
    written += await publishVerdict(checks, verdict, known, runUrl);
  }
  return written;
}
