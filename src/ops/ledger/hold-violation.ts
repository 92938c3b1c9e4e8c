import type { Hold } from '../policy/holds.js';
import { hasVersion } from './entry-version.js';
import { deployedSince, type Ledger, type LedgerEntry } from './ledger.js';

/**
 * The deployed version that violates a hold: another one than the hold's, deployed after the hold began. A version that
 * was there before is what the author of the hold saw and accepted.
 *
 * @returns `undefined` where the hold is respected
 */
export function holdViolation(hold: Hold, ledger: Ledger): LedgerEntry | undefined {
  const [current] = ledger.entries;
  if (current === undefined || !current.present || hasVersion(current, hold.version)) {
    return undefined;
  }
  const deployed = deployedSince(ledger, current.version);
  return deployed !== undefined && deployed.getTime() >= Date.parse(hold.since) ? current : undefined;
}
