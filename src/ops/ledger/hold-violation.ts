import type { Hold } from '../policy/holds.js';
import { BUMP, PROMOTE } from './action-names.js';
import { hasVersion } from './entry-version.js';
import { type Ledger, type LedgerEntry, since } from './ledger.js';
import { appsOf, type Trailers } from './trailers.js';

/** What a hold keeps out. */
const AUTOMATED_ACTIONS: ReadonlySet<string> = new Set([BUMP, PROMOTE]);

/**
 * What an environment runs although a hold says otherwise: another version than the one that is held, which came when the
 * hold had begun. What was there before is what somebody found right when they wrote the hold.
 */
export function holdViolation(hold: Hold, ledger: Ledger): LedgerEntry | undefined {
  const [current] = ledger.entries;
  if (current === undefined || !current.present || hasVersion(current, hold.version)) {
    return undefined;
  }
  const came = since(ledger, current.version);
  return came !== undefined && came.getTime() >= Date.parse(hold.since) ? current : undefined;
}

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
