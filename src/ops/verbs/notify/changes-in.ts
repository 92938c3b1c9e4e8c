import type { DeliveryEvent, EventType } from '../../../notify/event.js';
import { isoSeconds } from '../../../report/time.js';
import { BUMP, PROMOTE, ROLLBACK } from '../../ledger/action-names.js';
import { entryVersion } from '../../ledger/entry-version.js';
import type { Ledger, LedgerEntry } from '../../ledger/ledger.js';
import type { AppEnvironment } from '../../tree/app-environment.js';

/** What a change is called by the action that made it. */
const BY_ACTION: Readonly<Record<string, EventType>> = {
  [BUMP]: 'released',
  [PROMOTE]: 'promoted',
  [ROLLBACK]: 'rolled-back',
};

/** By the branch of its pull request, where a merge left the trailers out. */
const BY_BRANCH: readonly [branch: string, type: EventType][] = [
  ['ostack/', 'released'],
  ['ostack-promote/', 'promoted'],
  ['ostack-rollback/', 'rolled-back'],
];

/**
 * The changes of an app's version in an environment since a time, from its history: whoever made them, and however they
 * were merged, oldest first. That an app was removed is none.
 *
 * @param page of the repository, for links to commits
 */
export function changesIn(
  ledger: Ledger,
  { environment, app }: AppEnvironment,
  since: Date,
  page: string,
): DeliveryEvent[] {
  const { entries, complete } = ledger;
  const changes = entries.flatMap((entry, index): DeliveryEvent[] => {
    // The last of a history that goes on has begun earlier than it says.
    const isKnown = complete || index < entries.length - 1;
    if (!entry.present || entry.at < since || !isKnown) {
      return [];
    }
    const before = entries[index + 1];
    const { trailers, pullRequest, oid, author } = entry;
    return [
      {
        type: typeOf(entry),
        environment,
        app,
        version: entryVersion(entry),
        commit: oid,
        at: isoSeconds(entry.at),
        ...(before?.present === true ? { previous: entryVersion(before) } : {}),
        ...(trailers?.source === undefined ? {} : { source: trailers.source }),
        by: trailers?.by ?? author,
        url: pullRequest?.url ?? `${page}/commit/${oid}`,
        ...(trailers?.reason === undefined ? {} : { reason: trailers.reason }),
      },
    ];
  });
  return changes.reverse();
}

function typeOf({ trailers, pullRequest }: LedgerEntry): EventType {
  const branch = pullRequest?.ownBranch ?? '';
  return trailers === undefined
    ? (BY_BRANCH.find(([prefix]) => branch.startsWith(prefix))?.[1] ?? 'changed')
    : (BY_ACTION[trailers.action] ?? 'changed');
}
