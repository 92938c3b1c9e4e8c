import type { Ledger, LedgerEntry } from './ledger.js';

/**
 * What each place of an app, such as a cluster, ran and when: that of all of them where they always had the same.
 *
 * @returns one for each place of which the ledger knows, the first of them first
 */
export function placeLedgers(ledger: Ledger): Ledger[] {
  const places = [...new Set(ledger.entries.flatMap((entry) => entry.places?.map(({ place }) => place) ?? []))];
  return places.length === 0 ? [ledger] : places.map((place) => ledgerOf(ledger, place));
}

function ledgerOf({ entries, complete }: Ledger, place: string): Ledger {
  const own: LedgerEntry[] = [];
  for (const { places, ...entry } of entries) {
    const there = places === undefined ? entry : places.find((each) => each.place === place);
    const { version, targets } = there ?? { version: null, targets: [] };
    const here = { ...entry, present: entry.present && there !== undefined, version, targets };
    const newer = own.at(-1);
    if (newer !== undefined && isSameState(newer, here)) {
      // What another place got is nothing that came here.
      own.splice(-1, 1, { ...here, lastOid: newer.lastOid });
    } else {
      own.push(here);
    }
  }
  return { entries: own, complete };
}

function isSameState(one: LedgerEntry, other: LedgerEntry): boolean {
  const state = ({ present, version, targets }: LedgerEntry) => JSON.stringify({ present, version, targets });
  return state(one) === state(other);
}
