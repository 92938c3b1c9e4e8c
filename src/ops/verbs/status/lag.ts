import { compareVersions } from '../../carriers/compare-versions.js';
import type { Ledger, LedgerEntry } from '../../ledger/ledger.js';
import type { Lag } from './status.js';

/**
 * How far an environment is behind the first one: the versions that the first one held after the last time that it held
 * this version.
 *
 * @param version what the environment holds; `null` where it names no version
 * @param first what the first environment held, newest first
 * @returns `undefined` where it is not behind: the first environment holds the same now, or something older
 */
export function lagBehind(version: string | null, first: Ledger): Lag | undefined {
  const held = first.entries.filter((entry) => entry.present);
  const [now] = held;
  if (now === undefined || isSame(now.version, version)) {
    return undefined;
  }
  const at = held.findIndex((entry) => isSame(entry.version, version));
  if (at < 0) {
    const ahead = compareVersions({ tag: now.version ?? undefined }, { tag: version ?? undefined }) === 'newer';
    return ahead ? undefined : { versions: undefined, since: undefined, newest: now.version };
  }
  const later = held.slice(0, at);
  const versions = new Set(later.map((entry) => entry.version));
  return { versions: versions.size, since: later.at(-1)?.at, newest: now.version };
}

/**
 * How far an environment is behind the first one, where the history of one of the two does not tell its versions, because
 * only its base names them.
 */
export function lagWithoutHistory(version: string | null, first: string | null): Lag | undefined {
  const order = compareVersions({ tag: first ?? undefined }, { tag: version ?? undefined });
  return isSame(first, version) || order === 'newer'
    ? undefined
    : { versions: undefined, since: undefined, newest: first };
}

/** Whether the entries of the first environment, newest first, go back to when it held a version. */
export function reachesBack(entries: readonly LedgerEntry[], version: string | null): boolean {
  return entries.some((entry) => entry.present && isSame(entry.version, version));
}

function isSame(one: string | null, other: string | null): boolean {
  return one === other || (one !== null && other !== null && compareVersions({ tag: one }, { tag: other }) === 'same');
}
