import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';
import { nameOf } from '../../ledger/entry-version.js';
import { besideHold, cameByItself } from '../../ledger/hold-violation.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { readLedger } from '../../ledger/read-ledger.js';
import { ROLLBACK } from '../../ledger/verbs.js';
import { activeHold, type Hold, heldReason } from '../../policy/holds.js';
import type { Proposal, ProposalResult } from '../../pull-requests/proposal.js';
import { type ProposeOptions, propose } from '../../pull-requests/propose.js';
import { refusing } from '../../pull-requests/refusing.js';
import { clusterChanges } from '../../render/cluster-changes.js';
import type { Look } from '../../repository/snapshot.js';
import { chooseGoal, type Goal } from '../../restore/goal.js';
import { planRollback } from '../../restore/plan-rollback.js';
import { keyOf } from '../../restore/words.js';
import type { Planned } from '../../tree/planned.js';
import { bodyOf, messageOf, type Subject, staysWords, titleOf } from './words.js';

/** An app in an environment that may run what its hold keeps out. */
export interface Spot {
  environment: string;
  app: string;
  /** The version that this run merged there, or may have merged. */
  merged: string | undefined;
}

/** What came in beside a hold, and what became of it. */
export interface Beside {
  hold: Hold;
  /** What came in. */
  version: string;
  /** `stays`: somebody wanted it there, so it is only told. */
  became: 'taken-back' | 'goes-back' | 'gone' | 'stays';
  /** What became of it, a clause after the reason of the hold. */
  words: string;
  /** All of it, for a warning. */
  sentence: string;
}

export interface TakeBackReport {
  found: Beside[];
  failures: Error[];
  warnings: string[];
}

export type TakeBackOptions = Pick<ProposeOptions, 'mergeMethod' | 'patience' | 'serverUrl'> & { runUrl: string };

/** What the first look found; later looks only carry it out. */
interface Found {
  hold: Hold;
  entry: LedgerEntry;
  /** Where it goes back to; a sentence where it does not. */
  goal: Goal | string;
  /** Whether the hold has gone since. */
  isOver: boolean;
}

/** Versions looked back for the one that is held. */
const LOOK_BACK = 30;

/**
 * Takes back what runs of releases and promotions merged beside a hold: GitHub pins a merge to its head and not to its base,
 * so a run may merge what a hold forbids that came after its look. Of two that land, the one that is later sees the other.
 *
 * It goes back by a commit, which has the base as its lease; where rules guard the base, by a pull request that merges by
 * itself. What a person merged or wrote is told and stays.
 *
 * What goes wrong is among the failures, so that what the run did before is told in any case.
 */
export async function takeBack(
  ops: Connected,
  spots: readonly Spot[],
  options: TakeBackOptions,
): Promise<TakeBackReport> {
  try {
    return spots.length === 0 ? NOTHING_FOUND : await lookAndTakeBack(ops, spots, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const places = spots.map(keyOfSpot).join(', ');
    const message = `Whether ${places} got what a hold keeps out was not seen, and nothing was taken back: ${why} Run it again: it looks first.`;
    return { ...NOTHING_FOUND, failures: [new Error(message)] };
  }
}

const NOTHING_FOUND: TakeBackReport = { found: [], failures: [], warnings: [] };

async function lookAndTakeBack(
  ops: Connected,
  spots: readonly Spot[],
  options: TakeBackOptions,
): Promise<TakeBackReport> {
  const all = new Map<string, Found>();
  const { runUrl, ...rest } = options;
  const shared = { ...rest, reviewers: [], assignees: [], dryRun: false };
  const prepare = async (look: Look) => {
    const attempts = spots.map(async (spot) => {
      const key = keyOfSpot(spot);
      const found = all.get(key) ?? (await findAt(look, spot));
      if (found !== undefined) {
        found.isOver = activeHold(look.holds, spot.environment, spot.app, look.now)?.version !== found.hold.version;
        all.set(key, found);
      }
    });
    await Promise.all(attempts);
    return [...all.values()].flatMap((found) => proposalOf(look, found, runUrl));
  };
  const commits = await propose(ops, async (look) => unguarded(look, await prepare(look)), { ...shared, direct: true });
  const done = new Set(commits.results.map(({ proposal }) => proposal.subject));
  const isLeft = ({ goal, hold }: Found) => typeof goal !== 'string' && !done.has(keyOfSpot(hold));
  const left = async (look: Look) => (await prepare(look)).filter(({ subject }) => !done.has(subject));
  const pulls = [...all.values()].some(isLeft) ? await propose(ops, left, { ...shared, direct: false }) : undefined;
  const results = [...commits.results, ...(pulls?.results ?? [])];
  return {
    found: [...all.values()].flatMap((found) => besideOf(found, results)),
    failures: pulls?.failures ?? [],
    warnings: [...commits.warnings, ...(pulls?.warnings ?? [])],
  };
}

function keyOfSpot({ environment, app }: Pick<Spot, 'environment' | 'app'>): string {
  return `${environment}/${app}`;
}

function unguarded<P>({ opening }: Look, proposals: P[]): P[] {
  return opening.guarded ? [] : proposals;
}

async function findAt(look: Look, { environment, app, merged }: Spot): Promise<Found | undefined> {
  const hold = activeHold(look.holds, environment, app, look.now);
  if (hold === undefined) {
    return undefined;
  }
  const { ops, opening, reader, layout } = look;
  const head = { oid: opening.baseOid, branch: opening.base };
  const ledger = await readLedger({ ...ops, reader }, head, layout, environment, app, { limit: LOOK_BACK });
  const entry = besideHold(hold, ledger);
  if (entry === undefined) {
    return undefined;
  }
  const found = { hold, entry, isOver: false };
  if (!cameByItself(entry, app, merged)) {
    return { ...found, goal: '' };
  }
  try {
    const goal = chooseGoal(ledger, environment, app, hold.version);
    return { ...found, goal: 'entry' in goal ? goal : goal.reason };
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { ...found, goal: error.message };
  }
}

/** @returns nothing for what stays */
function proposalOf(look: Look, { hold, entry, goal, isOver }: Found, runUrl: string): Proposal[] {
  if (typeof goal === 'string') {
    return [];
  }
  const { environment, app } = hold;
  const subject: Subject = { hold, goal, entry };
  const wish = { environment, goals: [goal], hold: undefined, now: look.now };
  const over: Planned = { state: 'nothing', reason: `${app} is no longer held at ${hold.version} in ${environment}` };
  return [
    {
      verb: ROLLBACK,
      subject: keyOfSpot(hold),
      branch: `ostack-take-back/${environment}/${app}`,
      title: titleOf(subject),
      key: keyOf(wish),
      plan: async (tree) => (isOver ? over : refusing(() => planRollback(tree, look.layout, wish, look.treeAt))),
      message: () => messageOf(subject, look.now, runUrl),
      body: async (planned, limit) => {
        const clusters = await clusterChanges(look.tree, look.layout, planned.change);
        return bodyOf(subject, clusters, planned, runUrl, limit);
      },
      fresh: true,
      isOurs: (trailers) => trailers.action === ROLLBACK && trailers.environment === environment,
      labels: ['ostack', 'urgent'],
      merges: true,
      mergeReason: '',
    },
  ];
}

function besideOf({ hold, entry, goal, isOver }: Found, results: readonly ProposalResult[]): Beside[] {
  const version = nameOf(entry);
  if (typeof goal === 'string') {
    const sentence = staysWords(hold, entry, goal);
    return [{ hold, version, became: 'stays', words: '', sentence }];
  }
  const result = results.find(({ proposal }) => proposal.subject === keyOfSpot(hold));
  if (isOver || result === undefined) {
    return [];
  }
  const { became, end } = endOf(result);
  const words = `${version} came in beside the hold ${end}`;
  const sentence = `${hold.app} in ${hold.environment} is ${heldReason(hold)}; ${words}`;
  return [{ hold, version, became, words, sentence }];
}

function endOf({ action, number, url, reason }: ProposalResult): { became: Beside['became']; end: string } {
  if (action === 'committed' || action === 'merged') {
    return { became: 'taken-back', end: `and was taken back: ${url}` };
  }
  if (action === 'unchanged' && number === null) {
    return { became: 'gone', end: 'and is gone again' };
  }
  const waits = reason === '' ? '' : ` (${reason})`;
  return { became: 'goes-back', end: `and goes back with #${number}${waits}: ${url}` };
}
