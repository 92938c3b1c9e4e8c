import { utc } from '../../report/time.js';
import { ROLLBACK } from '../ledger/action-names.js';
import { entryVersion, hasVersion } from '../ledger/entry-version.js';
import type { Ledger, LedgerEntry } from '../ledger/ledger.js';
import { appsOf } from '../ledger/trailers.js';

/** Where one app goes back to. */
export interface Goal {
  app: string;
  /** What it held when the rollback was started, as people read it. */
  from: string;
  version: string;
  entry: LedgerEntry;
}

/** An app for which there is nothing to be done. */
export interface NothingToRestore {
  app: string;
  version: string;
  reason: string;
}

/** Versions that are listed where the one that was named is none of them. */
const LISTED = 8;

/**
 * Chooses what an app goes back to: the version that is named, else the one before the current one. What a rollback has
 * set already goes back no further without a name, so that starting it twice is starting it once.
 *
 * @param named a version or tag that the environment held at some time
 * @throws Error when it holds nothing, never held that version, or had nothing before the current one
 */
export function chooseGoal(
  ledger: Ledger,
  environment: string,
  app: string,
  named: string | undefined,
): Goal | NothingToRestore {
  const [current, ...earlier] = ledger.entries;
  if (current === undefined || !current.present) {
    throw new Error(`There is no app "${app}" in ${environment}, so there is nothing to roll back. Check both names.`);
  }
  const from = entryVersion(current);
  if (named !== undefined) {
    const entry = ledger.entries.find((each) => each.present && hasVersion(each, named));
    if (entry === undefined) {
      throw neverThere(ledger, environment, app, named);
    }
    return { app, from, version: entryVersion(entry), entry: checked(entry, environment, app) };
  }
  if (isRollbackOf(current, app)) {
    const { trailers, at } = current;
    const by = trailers?.by === undefined ? '' : ` by ${trailers.by}`;
    const reason = `${from} in ${environment} is a rollback already (since ${utc(at)}${by}); name a version to go back further`;
    return { app, version: from, reason };
  }
  const previous = earlier.find(({ present }) => present);
  if (previous === undefined) {
    throw new Error(
      `${app} ran nothing but ${from} in ${environment}${ledger.complete ? '' : ' as far back as its history was read'}, so there is no version to go back to.`,
    );
  }
  return { app, from, version: entryVersion(previous), entry: checked(previous, environment, app) };
}

function isRollbackOf({ trailers }: LedgerEntry, app: string): boolean {
  return trailers?.action === ROLLBACK && appsOf(trailers).some((each) => each.app === app);
}

/** Only what a tag or a digest names can be set back. */
function checked(entry: LedgerEntry, environment: string, app: string): LedgerEntry {
  if (entry.targets.length === 0) {
    throw new Error(
      `What ${app} held in ${environment} on ${utc(entry.at)} names no version. Revert ${entry.oid.slice(0, 7)} by hand, or name another version.`,
    );
  }
  return entry;
}

function neverThere({ entries, complete }: Ledger, environment: string, app: string, named: string): Error {
  const names = [...new Set(entries.filter(({ present }) => present).map(entryVersion))];
  const more = names.length > LISTED || !complete ? ' and earlier ones' : '';
  return new Error(
    `${app} ${named} was never in ${environment}. It ran, newest first: ${names.slice(0, LISTED).join(', ')}${more}. Name one of these.`,
  );
}
