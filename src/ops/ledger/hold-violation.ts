import type { Hold } from '../policy/holds.js';
import { entryVersion, hasVersion } from './entry-version.js';
import { deployedSince, type Ledger, type LedgerEntry } from './ledger.js';
import { placeLedgers } from './place-ledgers.js';

/**
 * The version that a hold keeps an app at: the one that it names, else the one that was deployed when it began.
 *
 * @returns `undefined` where nothing was, or the ledger does not go back that far
 */
function heldVersion({ version, since }: Hold, { entries }: Ledger): string | undefined {
  const began = Date.parse(since);
  const then = entries.find(({ at }) => at.getTime() < began);
  return version ?? (then?.present ? entryVersion(then) : undefined);
}

/** A version that a hold keeps out, and what it keeps the app at where that came. */
export interface Violation {
  /** What came, with the version of the place that it came to. */
  entry: LedgerEntry;
  /** `undefined` where nobody can tell. */
  held: string | undefined;
  /** Whether all other places, such as clusters, have what is held: then all of them may go to it. */
  isAlone: boolean;
}

/**
 * The deployed version that violates a hold: another one than the hold's, deployed after the hold began, in any of the app's
 * places. A version that was there before is what the author of the hold saw and accepted.
 *
 * @returns `undefined` where the hold is respected
 */
export function holdViolation(hold: Hold, ledger: Ledger): Violation | undefined {
  const places = placeLedgers(ledger).map((own) => {
    const held = heldVersion(hold, own);
    return { held, entry: violating(hold, held, own), current: own.entries[0] };
  });
  const [found] = places.flatMap(({ entry, held }) => (entry === undefined ? [] : [{ entry, held }]));
  if (found === undefined) {
    return undefined;
  }
  const { held } = found;
  const isHeld = ({ entry, current, held: own }: (typeof places)[number]) =>
    entry === undefined ? current?.present !== true || (held !== undefined && hasVersion(current, held)) : own === held;
  return { ...found, isAlone: places.every(isHeld) };
}

function violating(hold: Hold, held: string | undefined, ledger: Ledger): LedgerEntry | undefined {
  const [current] = ledger.entries;
  if (current === undefined || !current.present || (held !== undefined && hasVersion(current, held))) {
    return undefined;
  }
  const deployed = deployedSince(ledger, current.version);
  return deployed !== undefined && deployed.getTime() >= Date.parse(hold.since) ? current : undefined;
}
