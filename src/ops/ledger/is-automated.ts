import { BUMP, PROMOTE } from './action-names.js';
import type { LedgerEntry } from './ledger.js';
import { appsOf, type Trailers } from './trailers.js';

/** The actions whose changes a hold keeps out. */
const AUTOMATED_ACTIONS: ReadonlySet<string> = new Set([BUMP, PROMOTE]);

/** The branches that these actions open pull requests from. */
const AUTOMATED_BRANCH = /^ostack(-promote)?\//;

/**
 * Whether a version was deployed by automation alone: by a release or a promotion that a bot or this run merged. Such a
 * run may not have seen a hold. What a person merged or committed stays as it is.
 *
 * A merge queue and some settings of merges leave out the trailers; the branch of the pull request tells the same.
 *
 * @param merged the version that this run merged, or may have merged; `undefined` for none
 */
export function isAutomated(
  entry: Pick<LedgerEntry, 'trailers' | 'pullRequest' | 'version'>,
  app: string,
  merged: string | undefined,
): boolean {
  const { trailers, pullRequest, version } = entry;
  if (!isAutomatic(entry)) {
    return false;
  }
  const deployed = trailers === undefined ? version : versionFor(trailers, app);
  return pullRequest?.byBot === true || (merged !== undefined && deployed === merged);
}

/** Whether a release or a promotion brought a version, whoever merged it. */
export function isAutomatic({ trailers, pullRequest }: Pick<LedgerEntry, 'trailers' | 'pullRequest'>): boolean {
  return trailers === undefined
    ? AUTOMATED_BRANCH.test(pullRequest?.ownBranch ?? '')
    : AUTOMATED_ACTIONS.has(trailers.action);
}

function versionFor(trailers: Trailers, app: string): string | undefined {
  return appsOf(trailers).find((each) => each.app === app)?.version;
}
