import type { Hold } from '../policy/holds.js';
import { hasVersion } from './entry-version.js';
import { type Ledger, type LedgerEntry, since } from './ledger.js';

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
