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

/**
 * Does what is planned about versions that fail: one commit that brought some of them in each run, so that no run does much by itself.
 * A rollback goes the way of any rollback: a pull request with a hold, which merges when the policy allows it.
 *
 * @returns what came of it; `undefined` where nothing is planned
 * @throws Error where it cannot be written
 */
export async function respond(
  changes: readonly WatchedChange[],
  { ops, dryRun, serverUrl, runUrl }: Responding,
): Promise<ProposalReport | undefined> {
  const planned = changes.filter(({ response }) => response !== undefined && response.act !== 'none');
  const [first] = [...planned].sort((one, other) => one.entry.at.getTime() - other.entry.at.getTime());
  if (first?.response === undefined || first.response.act === 'none') {
    return undefined;
  }
  const { environment, entry, response } = first;
  const { act } = response;
  const group = planned.filter(
    (each) => each.environment === environment && each.entry.oid === entry.oid && each.response?.act === act,
  );
  const options: ProposeOptions = {
    ...{ direct: act === 'hold', dryRun, mergeMethod: undefined, patience: PATIENCE, serverUrl },
    ...{ reviewers: [], assignees: [] },
  };
  const request = {
    ...{ environment, apps: group.map(({ app }) => app), reason: reasonOf(group), by: BY, labels: LABELS, runUrl },
  };
  if (act === 'hold') {
    return hold(ops, { ...request, forMs: undefined, merge: true }, options);
  }
  const automatic = new Map(
    group.flatMap(({ app, entry: now, response: own }) =>
      own?.act === 'rollback' ? [[app, { from: entryVersion(now), to: own.to }] as const] : [],
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
function reasonOf(group: readonly WatchedChange[]): string {
  const all = group.flatMap(({ response, health }) => {
    const page = health.url === '' ? '' : ` (${health.url})`;
    return response === undefined || response.act === 'none' ? [] : [`${response.reason}${page}`];
  });
  return [...new Set(all)].join('; ');
}
