import { isoSeconds } from '../../report/time.js';
import { durationOf } from '../../runtime/duration.js';
import { type Health, severity } from '../policy/health.js';

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

/** When something is missed. */
export interface Patience {
  timeoutMs: number;
  now: Date;
}

/** What is said of an environment of which nobody knows what reports. */
const NOTHING_TOLD = 'nothing tells what reports that it is live: name it with "contexts" under "ready" in ostack.yaml';

/** `kustomization/web-staging/3921d3b4: health check failed` */
export function reasonOf({ context, state, description }: Report): string {
  return `${context}: ${description === '' ? state : description}`;
}

/** @param said reports of one context, that of the newest commit first */
export function saidOf(
  { timeoutMs, now }: Patience,
  said: readonly [Report, ...Report[]],
  from: Change | undefined,
): Health {
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

/** What is said of a context that has not reported since something changed. */
export function silent({ timeoutMs, now }: Patience, context: string, since: Date): Health {
  return isOver(since, timeoutMs, now)
    ? { url: '', ...timedOut(since, timeoutMs, `${context} has not reported`) }
    : { state: 'pending', since, reason: `${context} has not reported yet`, url: '' };
}

/** What is said of an object that several environments have by one name: whose report it is, nobody can tell. */
export function mixedUp(name: string, others: readonly string[]): Health {
  const reason =
    `${name} is also what reports of ${others.join(' and ')}, and nothing tells which report is whose: ` +
    'name what reports with "contexts" under "ready" in ostack.yaml';
  return { state: 'unknown', since: undefined, reason, url: '' };
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
export function combined(parts: readonly Health[]): Health {
  const found = [...parts].sort((one, other) => severity(one) - severity(other))[0]?.state;
  if (found === undefined) {
    return { state: 'unknown', since: undefined, reason: NOTHING_TOLD, url: '' };
  }
  const own = parts.filter(({ state }) => state === found);
  const isPartly = found === 'pending' && parts.some(({ state }) => state === 'live');
  const times = own.map((part) => part.since?.getTime());
  const known = times.filter((time) => time !== undefined);
  // Live is what is so in all of its parts, anything else what is so in one.
  const time = found === 'live' ? Math.max(...known) : Math.min(...known);
  const since = known.length === times.length ? new Date(time) : undefined;
  const reasons = own.map(({ reason }) => reason);
  const more = reasons.length > MOST ? [`${reasons.length - MOST} more`] : [];
  return {
    state: isPartly ? 'progressing' : found,
    since,
    reason: [...reasons.slice(0, MOST), ...more].join('; '),
    url: own.find(({ url }) => url !== '')?.url ?? '',
  };
}
