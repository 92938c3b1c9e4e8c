import { isoSeconds } from '../../report/time.js';
import { durationOf } from '../../runtime/duration.js';
import { type Failure, type Health, type HealthHistory, severity } from '../policy/health.js';

/** A commit status by somebody whose statuses count: the newest of its context on its commit. */
export interface Report {
  context: string;
  state: 'success' | 'failure' | 'pending';
  description: string;
  /** When it was posted. Who posts only what differs began to say so then. */
  at: Date;
  /** The page that it links to; empty for none. */
  url: string;
}

/** A commit of the branch that an environment lives on, with what was reported of it. */
export interface ReportedCommit {
  oid: string;
  reports: readonly Report[];
}

/** A commit that changed something, and when it reached the branch. */
export interface Change {
  oid: string;
  at: Date;
}

/** What has to report that an environment is live: an object of a reconciler, or a context that the policy names. */
export interface Watched {
  /** For people, and as it reports: `kustomization/web-staging`. */
  name: string;
  isReport(context: string): boolean;
  /** The apps that it deploys. */
  apps: 'all' | readonly string[];
  /** The last change of what it deploys; `undefined` where nobody knows. */
  changed: Change | undefined;
}

/** All that the health of an environment is judged by. */
export interface LiveFacts {
  /** Of the branch, newest first, each the first parent of the one before; older ones are not read. */
  commits: readonly ReportedCommit[];
  watched: readonly Watched[];
  timeoutMs: number;
  now: Date;
}

/** The commits whose reports count: those from one on, because the newer ones contain it, and before another one. */
interface Stretch {
  /** `undefined` for one that is older than what is read. */
  from: Change | undefined;
  /** The commit that replaced it: `undefined` where none did, `unread` for one that is older than what is read. */
  until: Change | 'unread' | undefined;
}

/** What is said of an environment of which nobody knows what reports. */
const NOTHING_TOLD = 'nothing tells what reports that it is live: name it with "contexts" under "ready" in ostack.yaml';

/**
 * What the reports say of an environment. A report counts for its commit and for all that it contains, so the newest commit with one
 * decides, of each context on its own: several clusters may report the same object. Silence is normal for a while; which silence
 * means what is in docs/live.md.
 *
 * @param arrivalOf with which commit of the branch another one came; `undefined` for one that is older than what is read
 */
export function healthHistory(facts: LiveFacts, arrivalOf: (oid: string) => Change | undefined): HealthHistory {
  // Commits have the same contexts again and again: each is asked of once.
  const contexts = [...new Set(facts.commits.flatMap(({ reports }) => reports.map(({ context }) => context)))];
  const partsOf = (each: Watched, stretch: Stretch) => partsIn(facts, contexts.filter(each.isReport), each, stretch);
  return {
    now: combined(facts.watched.flatMap((each) => partsOf(each, { from: each.changed, until: undefined }))),
    lastFailure: lastFailure(facts),
    of(app, from, until) {
      const own = facts.watched.filter(({ apps }) => apps === 'all' || apps.includes(app));
      const parts = own.length === 0 ? facts.watched : own;
      const end = until === undefined ? undefined : (arrivalOf(until) ?? 'unread');
      const stretch: Stretch = { from: arrivalOf(from), until: end };
      return combined(parts.flatMap((each) => partsOf(each, stretch)));
    },
  };
}

/** What a newer status of the same commit replaced is not known any more. */
function lastFailure({ commits, watched }: LiveFacts): Failure | undefined {
  const isWatched = (context: string) => watched.some((each) => each.isReport(context));
  const all = commits.flatMap(({ oid, reports }) =>
    reports
      .filter(({ state, context }) => state === 'failure' && isWatched(context))
      .map((report) => ({ at: report.at, oid, reason: reasonOf(report) })),
  );
  return all.sort((one, other) => other.at.getTime() - one.at.getTime())[0];
}

function reasonOf({ context, state, description }: Report): string {
  return `${context}: ${description === '' ? state : description}`;
}

/**
 * What is said of each context of something that has to report; none where it is silent for so long that nobody waits for it.
 *
 * @param known its contexts that ever reported
 */
function partsIn(facts: LiveFacts, known: readonly string[], { name }: Watched, stretch: Stretch): Health[] {
  const { commits } = facts;
  const { from, until } = stretch;
  if (until === 'unread') {
    return [];
  }
  const first = commits.findIndex(({ oid }) => oid === from?.oid);
  const replaced = commits.findIndex(({ oid }) => oid === until?.oid);
  const range = commits.slice(replaced + 1, first < 0 ? undefined : first + 1);
  const isAwaited = first >= 0;
  const contexts = known.length === 0 ? [name] : known;
  return contexts.flatMap((context) => {
    const [newest, ...older] = range.flatMap(({ reports }) =>
      reports.filter((each) => each.context === context).slice(0, 1),
    );
    if (newest !== undefined) {
      return [saidOf(facts, [newest, ...older], from)];
    }
    return isAwaited ? [silent(facts, context, from?.at ?? facts.now)] : [];
  });
}

/** @param said reports of one context, that of the newest commit first */
function saidOf({ timeoutMs, now }: LiveFacts, said: readonly [Report, ...Report[]], from: Change | undefined): Health {
  const [newest] = said;
  const end = said.findIndex(({ state }) => state !== newest.state);
  const run = end < 0 ? said : said.slice(0, end);
  const since = run.at(-1)?.at ?? newest.at;
  const told = { since, reason: reasonOf(newest), url: newest.url };
  if (newest.state !== 'pending') {
    return { state: newest.state === 'success' ? 'live' : 'failed', ...told };
  }
  const begun = new Date(Math.max(since.getTime(), from?.at.getTime() ?? 0));
  return isOver(begun, timeoutMs, now)
    ? { ...told, ...timedOut(begun, timeoutMs, told.reason) }
    : { state: 'progressing', ...told };
}

function silent({ timeoutMs, now }: LiveFacts, context: string, since: Date): Health {
  return isOver(since, timeoutMs, now)
    ? { url: '', ...timedOut(since, timeoutMs, `${context} has not reported`) }
    : { state: 'pending', since, reason: `${context} has not reported yet`, url: '' };
}

function isOver(since: Date, timeoutMs: number, now: Date): boolean {
  return now.getTime() - since.getTime() >= timeoutMs;
}

function timedOut(since: Date, timeoutMs: number, reason: string): Pick<Health, 'state' | 'since' | 'reason'> {
  const end = new Date(since.getTime() + timeoutMs);
  return { state: 'unknown', since: end, reason: `${reason} within ${durationOf(timeoutMs)}, by ${isoSeconds(end)}` };
}

/** Parts of reasons that are told. */
const MOST = 3;

/** What is worst decides. */
function combined(parts: readonly Health[]): Health {
  const found = [...parts].sort((one, other) => severity(one) - severity(other))[0]?.state;
  if (found === undefined) {
    return { state: 'unknown', since: undefined, reason: NOTHING_TOLD, url: '' };
  }
  const own = parts.filter(({ state }) => state === found);
  const isPartly = found === 'pending' && parts.some(({ state }) => state === 'live');
  const times = own.map(({ since }) => since?.getTime() ?? 0);
  // Live is what is so in all of its parts, anything else what is so in one.
  const since = new Date(found === 'live' ? Math.max(...times) : Math.min(...times));
  const reasons = own.map(({ reason }) => reason);
  const more = reasons.length > MOST ? [`${reasons.length - MOST} more`] : [];
  return {
    state: isPartly ? 'progressing' : found,
    since,
    reason: [...reasons.slice(0, MOST), ...more].join('; '),
    url: own.find(({ url }) => url !== '')?.url ?? '',
  };
}
