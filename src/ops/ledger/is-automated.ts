import { BUMP, PROMOTE } from './action-names.js';
import type { LedgerEntry } from './ledger.js';
import { appsOf, type Trailers } from './trailers.js';

/** What a hold keeps out. */
const AUTOMATED_ACTIONS: ReadonlySet<string> = new Set([BUMP, PROMOTE]);

/**
 * Whether nobody wanted it there but a run that had not seen the hold: a release or a promotion that a bot merged, or this
 * very run. What a person merged or wrote is theirs, and stays.
 *
 * @param merged the version that this run merged, or may have merged
 */
export function isAutomated(
  { trailers, pullRequest }: Pick<LedgerEntry, 'trailers' | 'pullRequest'>,
  app: string,
  merged: string | undefined,
): boolean {
  if (trailers === undefined || !AUTOMATED_ACTIONS.has(trailers.action)) {
    return false;
  }
  return pullRequest?.byBot === true || (merged !== undefined && versionFor(trailers, app) === merged);
}

function versionFor(trailers: Trailers, app: string): string | undefined {
  return appsOf(trailers).find((each) => each.app === app)?.version;
}
