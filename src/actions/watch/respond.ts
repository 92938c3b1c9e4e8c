import type { Connected } from '../../github/connected.js';
import { entryVersion } from '../../ops/ledger/entry-version.js';
import type { ProposeOptions } from '../../ops/pull-requests/options.js';
import type { ProposalReport } from '../../ops/pull-requests/proposal.js';
import { hold } from '../../ops/verbs/hold/hold.js';
import { rollBack } from '../../ops/verbs/rollback/rollback.js';
import type { WatchedChange } from '../../ops/verbs/watch/changes.js';

/** What a response is written with. */
export interface Responding {
  ops: Connected;
  dryRun: boolean;
  serverUrl: string;
  runUrl: string;
}

/** Who did it, where no person did. */
const BY = 'Ops watch';
const LABELS = ['ostack', 'urgent'];
/** How long it waits for checks where GitHub does not merge by itself. What is left merges with "Merge what is due". */
const PATIENCE = { timeoutMs: 300_000, pollMs: 1000 };

/** Changes of one environment that one commit brought, about which the same is done. */
type Group = readonly [WatchedChange, ...WatchedChange[]];

/** What is planned, by the commits that brought it, the oldest first. */
export function groupsOf(changes: readonly WatchedChange[]): Group[] {
  const groups = new Map<string, Group>();
  const planned = changes.filter(({ response }) => response !== undefined && response.act !== 'none');
  for (const each of [...planned].sort((one, other) => one.entry.at.getTime() - other.entry.at.getTime())) {
    const key = `${each.environment} ${each.entry.oid} ${each.response?.act}`;
    const known = groups.get(key);
    groups.set(key, known === undefined ? [each] : [...known, each]);
  }
  return [...groups.values()];
}

/** What comes of a group that nobody has to look at again in this run. */
const WRITTEN: ReadonlySet<string> = new Set(['created', 'updated', 'merged', 'committed']);

/**
 * Does what is planned about versions that fail, until something is written: no run does much by itself, and what waits for a person
 * keeps nobody from the next one.
 *
 * @returns what came of each that was tried
 */
export async function respond<R extends { results: readonly { action: string }[] }>(
  groups: readonly Group[],
  act: (group: Group) => Promise<R>,
): Promise<R[]> {
  const reports: R[] = [];
  for (const group of groups) {
    const report = await act(group);
    reports.push(report);
    if (report.results.some(({ action }) => WRITTEN.has(action))) {
      break;
    }
  }
  return reports;
}

/** All of them as one; `undefined` for none. */
export function joined(reports: readonly ProposalReport[]): ProposalReport | undefined {
  const [last] = reports.slice(-1);
  return (
    last && {
      ...last,
      results: reports.flatMap(({ results }) => results),
      failures: reports.flatMap(({ failures }) => failures),
      warnings: reports.flatMap(({ warnings }) => warnings),
    }
  );
}

/**
 * Does what is planned about one group. A rollback goes the way of any rollback: a pull request with a hold, which merges when the
 * policy allows it.
 *
 * @throws Error where it cannot be written
 */
export function answer(group: Group, { ops, dryRun, serverUrl, runUrl }: Responding): Promise<ProposalReport> {
  const [{ environment, response }] = group;
  const isHold = response?.act === 'hold';
  const options: ProposeOptions = {
    ...{ direct: isHold, dryRun, mergeMethod: undefined, patience: PATIENCE, serverUrl },
    ...{ reviewers: [], assignees: [] },
  };
  const request = {
    ...{ environment, apps: group.map(({ app }) => app), reason: reasonOf(group), by: BY, labels: LABELS, runUrl },
  };
  if (isHold) {
    return hold(ops, { ...request, forMs: undefined, merge: true }, options);
  }
  const automatic = new Map(
    group.flatMap(({ app, entry, response: own }) =>
      own?.act === 'rollback' ? [[app, { from: entryVersion(entry), to: own.to }] as const] : [],
    ),
  );
  const rolled = {
    ...request,
    version: undefined,
    hold: true,
    holdForMs: undefined,
    merge: 'auto' as const,
    automatic,
  };
  return rollBack(ops, rolled, options);
}

/** Why, with where to look. */
function reasonOf(group: Group): string {
  const all = group.flatMap(({ response, health }) => {
    const page = health.url === '' ? '' : ` (${health.url})`;
    return response === undefined || response.act === 'none' ? [] : [`${response.reason}${page}`];
  });
  return [...new Set(all)].join('; ');
}
