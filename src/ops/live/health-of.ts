import type { Failure, Health, HealthHistory } from '../policy/health.js';
import { type Checks, checkedHealth, failedChecks, keptChecks } from './check-health.js';
import { type Change, combined, mixedUp, type ReportedCommit, reasonOf, saidOf, silent } from './said.js';

/** What has to report that an environment is live: an object of a reconciler, or a context that the policy names. */
export interface Watched {
  /** For people, and as it reports: `kustomization/web-staging`. */
  name: string;
  isReport(context: string): boolean;
  /** The apps that it deploys. */
  apps: 'all' | readonly string[];
  /** The last change of what it deploys; `undefined` where nobody knows. */
  changed: Change | undefined;
  /** Objects of this name, each in a cluster of its own; missing for one. */
  copies?: number;
  /** Environments that have an object of this name too, whose reports nobody tells from its own; missing for none. */
  alike?: readonly string[];
}

/** All that the health of an environment is judged by. */
export interface LiveFacts {
  /** Of the branch, newest first, each the first parent of the one before; older ones are not read. */
  commits: readonly ReportedCommit[];
  watched: readonly Watched[];
  timeoutMs: number;
  now: Date;
  /** What is checked besides; missing for nothing. */
  checks?: Checks | undefined;
}

/** The commits whose reports count: those from one on, because the newer ones contain it, and before another one. */
interface Stretch {
  /** `undefined` for one that is older than what is read. */
  from: Change | undefined;
  /** The commit that replaced it: `undefined` where none did, `unread` for one that is older than what is read. */
  until: Change | 'unread' | undefined;
}

/**
 * What the reports say of an environment. A report counts for its commit and for all that it contains, so the newest commit with one
 * decides, of each context on its own: several clusters may report the same object. Silence is normal for a while; which silence
 * means what is in docs/live.md.
 *
 * @param arrivalOf with which commit of the branch another one came; `undefined` for one that is older than what is read
 */
export function healthHistory(facts: LiveFacts, arrivalOf: (oid: string) => Change | undefined): HealthHistory {
  const { checks, now } = facts;
  // Commits have the same contexts again and again: each is asked of once.
  const contexts = [...new Set(facts.commits.flatMap(({ reports }) => reports.map(({ context }) => context)))];
  const watched = facts.watched.map((each) => ({ ...each, contexts: contexts.filter(each.isReport) }));
  const stretchOf = (from: string, until: string | undefined): Stretch => ({
    from: arrivalOf(from),
    until: until === undefined ? undefined : (arrivalOf(until) ?? 'unread'),
  });
  const ownOf = (app: string) => {
    const own = watched.filter(({ apps }) => apps === 'all' || apps.includes(app));
    return own.length === 0 ? watched : own;
  };
  const clusterOf = (app: string, stretch: Stretch, then = now) =>
    combined(ownOf(app).flatMap((each) => partsOf({ ...facts, now: then }, each, stretch)));
  const isChangedSince = (app: string, oid: string) =>
    watched.some(({ apps, changed }) => apps !== 'all' && apps.includes(app) && isNewer(facts, changed?.oid, oid));
  const parts = watched.flatMap((each) => partsOf(facts, each, { from: each.changed, until: undefined }));
  const of = (app: string, stretch: Stretch) => {
    const cluster = clusterOf(app, stretch);
    return checks === undefined
      ? cluster
      : checkedHealth(checks, cluster, app, commitsIn(checks.commits, stretch), now);
  };
  return {
    now: combined([...parts, ...(checks === undefined ? [] : failedChecks(checks, now, isChangedSince))]),
    lastFailure: lastFailure(facts),
    of: (app, from, until) => of(app, stretchOf(from, until)),
    was(app, from, until) {
      const stretch = stretchOf(from, until);
      const end = arrivalOf(until);
      // What was silent was not so for longer than it was there.
      const cluster = clusterOf(app, stretch, end === undefined || end.at > now ? now : end.at);
      const range = commitsIn(checks?.commits ?? [], stretch);
      return checks !== undefined && keptChecks(checks, app, range).size > 0
        ? checkedHealth(checks, cluster, app, range, now)
        : cluster;
    },
    checksOf(app, from) {
      const stretch = stretchOf(from, undefined);
      if (checks === undefined || stretch.from === undefined) {
        return undefined;
      }
      const kept = keptChecks(checks, app, commitsIn(checks.commits, stretch));
      return { commit: stretch.from.oid, cluster: clusterOf(app, stretch), kept };
    },
    wasLiveBeforeOthers(app, from) {
      const arrival = arrivalOf(from);
      const later = ownOf(app).flatMap(({ changed }) => (isNewer(facts, changed?.oid, arrival?.oid) ? [changed] : []));
      const [first] = later.sort((one, other) => (one?.at.getTime() ?? 0) - (other?.at.getTime() ?? 0));
      return first !== undefined && of(app, { from: arrival, until: first }).state === 'live';
    },
  };
}

/** Whether a commit is newer than another one, both of the branch. */
function isNewer({ commits }: LiveFacts, one: string | undefined, other: string | undefined): boolean {
  const [place, before] = [one, other].map((wanted) => commits.findIndex(({ oid }) => oid === wanted));
  return place !== undefined && before !== undefined && place >= 0 && (before < 0 || place < before);
}

/** The commits of a stretch, newest first: those from one on, and before another one. */
function commitsIn<T extends { oid: string }>(commits: readonly T[], { from, until }: Stretch): readonly T[] {
  if (until === 'unread') {
    return [];
  }
  const first = commits.findIndex(({ oid }) => oid === from?.oid);
  const replaced = commits.findIndex(({ oid }) => oid === until?.oid);
  return commits.slice(replaced + 1, first < 0 ? undefined : first + 1);
}

/** Of what reports and of what is checked. What a newer status of the same commit replaced is not known any more. */
function lastFailure({ commits, watched, checks }: LiveFacts): Failure | undefined {
  const isWatched = (context: string) => watched.some((each) => each.isReport(context));
  const all = [...failuresIn(commits, isWatched), ...failuresIn(checks?.commits ?? [], () => true)];
  return all.sort((one, other) => other.at.getTime() - one.at.getTime())[0];
}

function failuresIn(commits: readonly ReportedCommit[], counts: (context: string) => boolean): Failure[] {
  return commits.flatMap(({ oid, reports }) =>
    reports
      .filter(({ context, state }) => state === 'failure' && counts(context))
      .map((report) => ({ at: report.at, oid, reason: reasonOf(report) })),
  );
}

/**
 * What is said of each context of something that has to report; none where it is silent for so long that nobody waits for it.
 *
 * @param watched with its contexts that ever reported
 */
function partsOf(
  facts: LiveFacts,
  { name, contexts: known, copies = 1, alike = [] }: Watched & { contexts: readonly string[] },
  stretch: Stretch,
): Health[] {
  const { from, until } = stretch;
  if (until === 'unread') {
    return [];
  }
  if (alike.length > 0) {
    return [mixedUp(name, alike)];
  }
  const range = commitsIn(facts.commits, stretch);
  const isAwaited = facts.commits.some(({ oid }) => oid === from?.oid);
  // Who has not reported yet has no context that is known.
  const missing = known.length === 0 ? [name] : known.length < copies ? [`${name} of another cluster`] : [];
  return [...known, ...missing].flatMap((context) => {
    const [newest, ...older] = range.flatMap(({ reports }) =>
      reports.filter((each) => each.context === context).slice(0, 1),
    );
    if (newest !== undefined) {
      return [saidOf(facts, [newest, ...older], from)];
    }
    return isAwaited ? [silent(facts, context, from?.at ?? facts.now)] : [];
  });
}
