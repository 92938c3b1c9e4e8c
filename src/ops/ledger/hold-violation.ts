import type { Hold } from '../policy/holds.js';
import { entryVersion, hasVersion } from './entry-version.js';
import { deployedSince, type Ledger, type LedgerEntry } from './ledger.js';

/**
 * The version that a hold keeps an app at: the one that it names, else the one that was deployed when it began.
 *
 * @returns `undefined` where nothing was, or the ledger does not go back that far
 */
export function heldVersion({ version, since }: Hold, { entries }: Ledger): string | undefined {
  const began = Date.parse(since);
  const then = entries.find(({ at }) => at.getTime() < began);
  return version ?? (then?.present ? entryVersion(then) : undefined);
}

/**
 * The deployed version that violates a hold: another one than the hold's, deployed after the hold began. A version that
 * was there before is what the author of the hold saw and accepted.
 *
 * @returns `undefined` where the hold is respected
 */
export function holdViolation(hold: Hold, ledger: Ledger): LedgerEntry | undefined {
  const [current] = ledger.entries;
  const held = heldVersion(hold, ledger);
  if (current === undefined || !current.present || (held !== undefined && hasVersion(current, held))) {
    return undefined;
  }
  const deployed = deployedSince(ledger, current.version);
  return deployed !== undefined && deployed.getTime() >= Date.parse(hold.since) ? current : undefined;
}
