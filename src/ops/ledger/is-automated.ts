import { BUMP, PROMOTE } from './action-names.js';
import type { LedgerEntry } from './ledger.js';
import { appsOf, type Trailers } from './trailers.js';

/** The actions whose changes a hold keeps out. */
const AUTOMATED_ACTIONS: ReadonlySet<string> = new Set([BUMP, PROMOTE]);

/**
 * Whether a version was deployed by automation alone: by a release or a promotion that a bot or this run merged. Such a
 * run may not have seen a hold. What a person merged or committed stays as it is.
 *
 * @param merged the version that this run merged, or may have merged; `undefined` for none
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
