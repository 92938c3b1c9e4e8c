import { type Connected, nameOf } from '../../../github/connected.js';
import { isoSeconds } from '../../../report/time.js';
import { withNamedApps } from '../../layouts/named-apps.js';
import { ROLLBACK } from '../../ledger/action-names.js';
import { type LedgerExtent, LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import { appsOf } from '../../ledger/trailers.js';
import { readState, withLayers } from '../../overlays/app-state.js';
import { type MergeChoice, wantsMerge } from '../../policy/merge-decision.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Alongside } from '../../pull-requests/alongside.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { Proposal, ProposalReport } from '../../pull-requests/proposal.js';
import type { Prepare } from '../../pull-requests/propose.js';
import { proposeByPlace, type Scope } from '../../pull-requests/propose-by-place.js';
import { stopMerge } from '../../pull-requests/stop-merge.js';
import { mergedInto, stopMerging } from '../../pull-requests/stop-merging.js';
import { textChange, withHoldNote } from '../../releases/hold-note.js';
import { branchOf, newestOf } from '../../releases/release-pull-request.js';
import { clusterChanges } from '../../render/cluster-changes.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { chooseGoal, type Goal, type NothingToRestore, unlessMoved } from '../../restore/goal.js';
import { planRollback, type RestoreRequest } from '../../restore/plan-rollback.js';
import { fromOf, keyOf, messageOf, titleOf } from '../../restore/rollback-message.js';
import { bodyOf, holdNote, linkToProposed, type OpenRelease } from './body.js';
import { rollbackBranch } from './branch.js';

/** What a person asked for. */
export interface RollbackRequest {
  environment: string;
  apps: readonly string[];
  /** `undefined` for the one before the current one. */
  version: string | undefined;
  reason: string | undefined;
  hold: boolean;
  /** Milliseconds, `undefined` for until it is lifted. */
  holdForMs: number | undefined;
  /** Who asks: a login. */
  by: string;
  merge: MergeChoice;
  labels: readonly string[];
  runUrl: string;
  /** Where no person asks: what each app still has to have, and what it goes back to. What a person closes stays closed then. */
  automatic?: ReadonlyMap<string, { from: string; to: string }>;
}

export interface RollbackProposal extends Proposal {
  environment: string;
  goals: readonly Goal[];
}

export interface RollbackReport extends ProposalReport<RollbackProposal> {
  /** Apps for which nothing is to be done. */
  there: NothingToRestore[];
}

/** A branch that promotions go into, and the branches that these merge. */
interface PromotedTo {
  ops: Connected;
  base: string;
  merged: readonly string[];
}

/** How many times a rollback is checked and repeated at most. */
const MOST_ATTEMPTS = 5;

/** Outcomes that are on the default branch. */
const APPLIED: ReadonlySet<string> = new Set(['merged', 'committed']);

/**
 * Rolls apps of an environment back: one pull request or one commit for all of them, so that those which belong together
 * go back together. A freeze does not stop it, since it is what ends an outage.
 *
 * @throws Error when the repository cannot be read, or there is nothing to go back to
 */
export async function rollBack(
  ops: Connected,
  request: RollbackRequest,
  options: ProposeOptions,
): Promise<RollbackReport> {
  const chosen = new Map<string, Goal | NothingToRestore>();
  const promoted = new Map<string, PromotedTo>();
  const started = new Date();
  const prepare = async (opened: Snapshot, _: unknown, direct: boolean) => {
    const apps = request.apps.filter((app) => opened.isHere(request.environment, app));
    const { tree, policy } = opened;
    if (environmentPolicy(policy, request.environment).after.length > 0) {
      const { ops: there, repo } = opened;
      const merged = mergedInto(policy, request.environment);
      promoted.set(`${nameOf(there)} ${repo.base}`, { ops: there, base: repo.base, merged });
    }
    const [{ open }, layout] = await Promise.all([
      opened.branch(rollbackBranch(request)),
      withNamedApps(tree, opened.layout, policy, [request.environment], apps),
    ]);
    const snapshot = { ...opened, layout };
    // The first snapshot decides: a release that arrives meanwhile must not move the goal to the one that was bad.
    const proposed = open?.commits.findLast(({ trailers }) => trailers?.action === ROLLBACK)?.trailers;
    await Promise.all(
      apps
        .filter((app) => !chosen.has(app))
        .map(async (app) => {
          const pending = proposed && appsOf(proposed).find((each) => each.app === app)?.version;
          const wanted = request.automatic?.get(app);
          const goal = await goalOf(snapshot, request.environment, app, wanted?.to ?? request.version ?? pending);
          chosen.set(app, wanted === undefined ? goal : unlessMoved(goal, wanted.from, request.environment));
        }),
    );
    const goals = apps.flatMap((app) => {
      const goal = chosen.get(app);
      return goal !== undefined && 'entry' in goal ? [goal] : [];
    });
    const waiting = await openReleases(snapshot, request.environment, goals);
    return goals.length === 0
      ? []
      : [proposalOf(snapshot, { ...request, apps }, { ...options, direct }, goals, started, waiting)];
  };
  const report = await proposeByPlace(ops, scopeOf(request), prepare, options);
  await confirmRollback(ops, prepare, report, request, options);
  for (const { ops: there, base, merged } of request.hold && !options.dryRun ? promoted.values() : []) {
    const held = report.results.flatMap(({ proposal }) => proposal.goals);
    const scopes = held.map(({ app }) => ({ environment: request.environment, app }));
    report.warnings.push(...(scopes.length === 0 ? [] : await stopMerging(there, base, scopes, merged)));
  }
  const there = [...chosen.values()].filter((each) => !('entry' in each));
  return { ...report, there: there.filter((each): each is NothingToRestore => 'reason' in each) };
}

/**
 * Reads again after a rollback with a hold took effect, and rolls back again what replaced it: a release that was on its
 * way has seen no hold, and GitHub merges a pull request whatever the base has become. A release that merges after the last
 * of these attempts finds the hold in its merge commit, and takes itself back.
 */
async function confirmRollback(
  ops: Connected,
  prepare: Prepare<RollbackProposal>,
  report: ProposalReport<RollbackProposal>,
  request: RollbackRequest,
  options: ProposeOptions,
): Promise<void> {
  const { hold } = request;
  const tookEffect = report.results.length > 0 && report.results.every(({ action }) => APPLIED.has(action));
  for (let attempts = MOST_ATTEMPTS; attempts > 0 && hold && tookEffect && !options.dryRun; attempts--) {
    const { results, failures, warnings } = await proposeByPlace(ops, scopeOf(request), prepare, options);
    report.failures.push(...failures);
    report.warnings.push(...warnings);
    if (results.every(({ action }) => action === 'unchanged')) {
      return;
    }
  }
}

/** What goes back in a repository of its own goes back for itself. */
function scopeOf({ environment, apps }: RollbackRequest): Scope {
  return () => apps.map((app) => ({ environment, app }));
}

async function goalOf(
  snapshot: Snapshot,
  environment: string,
  app: string,
  named: string | undefined,
): Promise<Goal | NothingToRestore> {
  const { tree, layout, reader, repo } = snapshot;
  const { github, repository } = snapshot.ops;
  const head = { oid: repo.baseOid, branch: repo.base };
  const read = (extent: LedgerExtent) =>
    readLedger({ github, repository, reader }, head, layout, environment, app, extent);
  const [ledger, { deployed }] = await Promise.all([
    read({ limit: named === undefined ? 3 : LOOK_BACK }),
    readState(tree, layout, environment, app).then((state) => withLayers(tree, layout, state)),
  ]);
  // What a base says is not in the history of the overlay.
  const withBases = async () => chooseGoal(await read({ limit: LOOK_BACK, bases: true }), environment, app, named);
  if (deployed !== undefined && deployed.version !== ledger.entries[0]?.version) {
    return withBases();
  }
  try {
    return chooseGoal(ledger, environment, app, named);
  } catch (error) {
    if (deployed === undefined) {
      throw error;
    }
    return withBases();
  }
}

/** Open pull requests of releases of the apps that go back. */
async function openReleases(snapshot: Snapshot, environment: string, goals: readonly Goal[]): Promise<OpenRelease[]> {
  const found = await Promise.all(
    goals.map(async ({ app, version }): Promise<OpenRelease[]> => {
      const { open } = await snapshot.branch(branchOf(environment, app));
      const proposed = open && newestOf(open, { environment, app })?.version;
      return open === undefined || proposed === undefined || proposed === version
        ? []
        : [{ app, version: proposed, pull: open }];
    }),
  );
  return found.flat();
}

/** Turns off the auto-merge of releases that would undo the rollback, and adds a note about the hold to them. */
function holdBack(
  snapshot: Snapshot,
  restore: RestoreRequest,
  reason: string | undefined,
  waiting: readonly OpenRelease[],
  proposed: string | undefined,
): Alongside[] {
  return waiting.flatMap(({ app, pull }): Alongside[] => {
    const held =
      restore.hold === undefined ? pull.body : withHoldNote(pull.body, holdNote(restore, app, reason, proposed));
    const note = textChange(pull, held);
    const stops = stopMerge(pull);
    if (stops.length === 0) {
      return note;
    }
    snapshot.warn(`Auto-merge of #${pull.number} ("${pull.title}") is turned off: it would undo the rollback.`);
    const otherwise = `#${pull.number} still merges by itself, turn that off by hand`;
    return [...stops.map((mutation) => ({ mutation, otherwise })), ...note];
  });
}

function proposalOf(
  snapshot: Snapshot,
  request: RollbackRequest,
  { serverUrl, direct }: ProposeOptions,
  goals: readonly Goal[],
  started: Date,
  waiting: readonly OpenRelease[],
): RollbackProposal {
  const { environment, apps } = request;
  const restore: RestoreRequest = { environment, goals, hold: holdOf(request, started), now: snapshot.now };
  const merges = wantsMerge(request.merge, [environmentPolicy(snapshot.policy, environment)]);
  const { owner, name } = snapshot.ops.repository;
  const page = `${serverUrl}/${owner}/${name}`;
  const text = { ...restore, request, merges, waiting, page };
  const branch = rollbackBranch(request);
  const proposed = direct ? undefined : linkToProposed(restore, branch, page);
  return {
    verb: ROLLBACK,
    environment,
    goals,
    subject: `${environment}/${apps.join(', ')}`,
    branch,
    title: titleOf(restore),
    key: keyOf(restore),
    plan: (tree) => asRefusal(() => planRollback(tree, snapshot.layout, restore, snapshot.treeAt)),
    message: () => messageOf(restore, request),
    body: async (planned, limit, mergesByItself = merges) => {
      const clusters = await clusterChanges(snapshot.tree, snapshot.layout, planned.change);
      return bodyOf({ ...text, merges: mergesByItself, clusters }, planned, limit);
    },
    fresh: true,
    staysClosed: ({ commits }) =>
      request.automatic !== undefined && commits.some(({ trailers }) => trailers?.from === fromOf(goals)),
    isOurs: (trailers) => trailers.action === ROLLBACK && trailers.environment === environment,
    labels: request.labels,
    ...{ merges, mergeReason: '', insists: request.merge === 'true' },
    judged: { environments: [environment], apps: goals.map(({ app }) => app), layout: snapshot.layout },
    alongside: holdBack(snapshot, restore, request.reason, waiting, proposed),
  };
}

function holdOf({ hold, holdForMs, by, reason, runUrl }: RollbackRequest, started: Date): RestoreRequest['hold'] {
  if (!hold) {
    return undefined;
  }
  const until = holdForMs === undefined ? undefined : new Date(started.getTime() + holdForMs);
  return {
    since: isoSeconds(started),
    ...(until === undefined ? {} : { until: isoSeconds(until) }),
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(runUrl === '' ? {} : { run: runUrl }),
  };
}
