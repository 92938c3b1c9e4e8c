import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';
import { ROLLBACK } from '../../ledger/action-names.js';
import { entryVersion } from '../../ledger/entry-version.js';
import { holdViolation } from '../../ledger/hold-violation.js';
import { isAutomated, isAutomatic } from '../../ledger/is-automated.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { queuedByBot } from '../../ledger/queued-by-bot.js';
import { LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import { activeHold, type Hold, holdReason } from '../../policy/holds.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { Proposal, ProposalResult } from '../../pull-requests/proposal.js';
import { proposeByPlace } from '../../pull-requests/propose-by-place.js';
import { clusterChanges } from '../../render/cluster-changes.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { chooseGoal, type Goal } from '../../restore/goal.js';
import { planRollback } from '../../restore/plan-rollback.js';
import { keyOf } from '../../restore/rollback-message.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { bodyOf } from './body.js';
import { messageOf, type Subject, stayingSentence, titleOf } from './message.js';

/** An app in an environment that may run what its hold keeps out. */
export interface Suspect extends AppEnvironment {
  /** The version that this run merged there, or may have merged. */
  merged: string | undefined;
}

/** A version that an environment got although it is held at another one, and what became of it. */
export interface HoldViolation extends AppEnvironment {
  /** Its own, or one of all apps. */
  hold: Hold;
  /** What it got. */
  version: string;
  /** `stays`: a person merged it, so it is only reported. */
  became: 'taken-back' | 'goes-back' | 'gone' | 'stays';
  /** What became of it, a clause after the reason of the hold. */
  outcome: string;
  /** All of it, for a warning. */
  sentence: string;
}

export interface EnforcementReport {
  found: HoldViolation[];
  failures: Error[];
  warnings: string[];
}

export type EnforcementOptions = Pick<ProposeOptions, 'mergeMethod' | 'patience' | 'serverUrl'> & { runUrl: string };

/** What the first snapshot showed; later rounds only carry it out. */
interface Found extends AppEnvironment {
  hold: Hold;
  entry: LedgerEntry;
  /** Where it goes back to; a sentence where it does not. */
  goal: Goal | string;
  /** Whether the hold has gone since. */
  isOver: boolean;
}

/**
 * Takes back what runs of releases and promotions merged although it is held: GitHub pins a merge to its head and not to its
 * base, so a run may merge what a hold forbids that was written after it read the holds. Of a hold and a merge, the one that
 * comes later sees the other.
 *
 * It goes back by a commit, which has the base as its lease; where rules guard the base, by a pull request that merges by
 * itself. What a person merged or wrote stays, and is reported.
 *
 * @returns what was found; what goes wrong is among the failures, so that the run reports what it did before in any case
 */
export async function enforceHolds(
  ops: Connected,
  suspects: readonly Suspect[],
  options: EnforcementOptions,
): Promise<EnforcementReport> {
  try {
    return suspects.length === 0 ? NOTHING_FOUND : await findAndRevert(ops, suspects, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = suspects.map(subjectOf).join(', ');
    const message = `Whether ${names} got a version that a hold keeps out could not be read, and nothing was taken back: ${why} Run it again: it checks this first.`;
    return { ...NOTHING_FOUND, failures: [new Error(message)] };
  }
}

const NOTHING_FOUND: EnforcementReport = { found: [], failures: [], warnings: [] };

async function findAndRevert(
  ops: Connected,
  suspects: readonly Suspect[],
  options: EnforcementOptions,
): Promise<EnforcementReport> {
  const all = new Map<string, Found>();
  const { runUrl, ...rest } = options;
  const shared = { ...rest, reviewers: [], assignees: [], dryRun: false };
  const prepare = async (snapshot: Snapshot) => {
    const isHere = ({ environment, app }: AppEnvironment) => snapshot.isHere(environment, app);
    const attempts = suspects.filter(isHere).map(async (suspect) => {
      const key = subjectOf(suspect);
      const found = all.get(key) ?? (await findAt(snapshot, suspect));
      if (found !== undefined) {
        const on = activeHold(snapshot.holds, suspect.environment, suspect.app, snapshot.now);
        found.isOver = on === undefined || on.version !== found.hold.version;
        all.set(key, found);
      }
    });
    await Promise.all(attempts);
    return [...all.values()].filter(isHere).flatMap((found) => proposalOf(snapshot, found, runUrl));
  };
  const commits = await proposeByPlace(
    ops,
    () => suspects,
    async (snapshot) => unguarded(snapshot, await prepare(snapshot)),
    {
      ...shared,
      direct: true,
    },
  );
  const done = new Set(commits.results.map(({ proposal }) => proposal.subject));
  const isLeft = (found: Found) => typeof found.goal !== 'string' && !done.has(subjectOf(found));
  const left = async (snapshot: Snapshot) => (await prepare(snapshot)).filter(({ subject }) => !done.has(subject));
  const pulls = [...all.values()].some(isLeft)
    ? await proposeByPlace(ops, () => suspects, left, { ...shared, direct: false })
    : undefined;
  const results = [...commits.results, ...(pulls?.results ?? [])];
  return {
    found: [...all.values()].flatMap((found) => violationOf(found, results)),
    failures: pulls?.failures ?? [],
    warnings: [...commits.warnings, ...(pulls?.warnings ?? [])],
  };
}

function subjectOf({ environment, app }: AppEnvironment): string {
  return `${environment}/${app}`;
}

function unguarded<P>({ repo }: Snapshot, proposals: P[]): P[] {
  return repo.guarded ? [] : proposals;
}

async function findAt(snapshot: Snapshot, { environment, app, merged }: Suspect): Promise<Found | undefined> {
  const hold = activeHold(snapshot.holds, environment, app, snapshot.now);
  if (hold === undefined) {
    return undefined;
  }
  const { ops, repo, reader, layout } = snapshot;
  const head = { oid: repo.baseOid, branch: repo.base };
  const ledger = await readLedger({ ...ops, reader }, head, layout, environment, app, { limit: LOOK_BACK });
  const violation = holdViolation(hold, ledger);
  if (violation === undefined) {
    return undefined;
  }
  const { entry, held, isAlone } = violation;
  const found = { environment, app, hold, entry, isOver: false };
  const byQueue = entry.pullRequest?.byQueue === true && isAutomatic(entry) ? entry.pullRequest.number : undefined;
  const automated = isAutomated(entry, app, merged) || (byQueue !== undefined && (await queuedByBot(reader, byQueue)));
  if (!automated) {
    return { ...found, goal: '' };
  }
  if (held === undefined) {
    return { ...found, goal: `Nothing tells what ${app} was at when the hold began.` };
  }
  if (!isAlone) {
    return {
      ...found,
      goal: `Not all places of ${app} in ${environment} had ${held}, and a rollback takes all to one.`,
    };
  }
  try {
    const goal = chooseGoal(ledger, environment, app, held);
    return { ...found, goal: 'entry' in goal ? goal : goal.reason };
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { ...found, goal: error.message };
  }
}

/** @returns nothing for what stays */
function proposalOf(snapshot: Snapshot, found: Found, runUrl: string): Proposal[] {
  const { environment, app, hold, entry, goal, isOver } = found;
  if (typeof goal === 'string') {
    return [];
  }
  const subject: Subject = { environment, hold, goal, entry };
  const restore = { environment, goals: [goal], hold: undefined, now: snapshot.now };
  const over: Planned = { state: 'nothing', reason: `${app} is no longer held at ${goal.version} in ${environment}` };
  return [
    {
      verb: ROLLBACK,
      subject: subjectOf(found),
      branch: `ostack-take-back/${environment}/${app}`,
      title: titleOf(subject),
      key: keyOf(restore),
      plan: async (tree) =>
        isOver ? over : asRefusal(() => planRollback(tree, snapshot.layout, restore, snapshot.treeAt)),
      message: () => messageOf(subject, snapshot.now, runUrl),
      body: async (planned, limit) => {
        const clusters = await clusterChanges(snapshot.tree, snapshot.layout, planned.change);
        return bodyOf(subject, clusters, planned, runUrl, limit);
      },
      fresh: true,
      isOurs: (trailers) => trailers.action === ROLLBACK && trailers.environment === environment,
      labels: ['ostack', 'urgent'],
      merges: true,
      mergeReason: '',
      judged: { environments: [environment], apps: [app], layout: snapshot.layout },
    },
  ];
}

function violationOf(found: Found, results: readonly ProposalResult[]): HoldViolation[] {
  const { environment, app, hold, entry, goal, isOver } = found;
  const about = { environment, app, hold };
  const version = entryVersion(entry);
  if (typeof goal === 'string') {
    const sentence = stayingSentence(about, entry, goal);
    return [{ ...about, version, became: 'stays', outcome: '', sentence }];
  }
  const result = results.find(({ proposal }) => proposal.subject === subjectOf(found));
  if (isOver || result === undefined) {
    return [];
  }
  const { became, end } = endOf(result);
  const outcome = `${version} was merged past the hold ${end}`;
  const sentence = `${app} in ${environment} is ${holdReason(hold)}; ${outcome}`;
  return [{ ...about, version, became, outcome, sentence }];
}

function endOf({ action, number, url, reason }: ProposalResult): { became: HoldViolation['became']; end: string } {
  if (action === 'committed' || action === 'merged') {
    return { became: 'taken-back', end: `and was taken back: ${url}` };
  }
  if (action === 'unchanged' && number === null) {
    return { became: 'gone', end: 'and is gone again' };
  }
  const waits = reason === '' ? '' : ` (${reason})`;
  return { became: 'goes-back', end: `and goes back with #${number}${waits}: ${url}` };
}
