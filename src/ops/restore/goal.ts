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
 * set already goes back no further without a name, so that starting it twice is starting it once. Where its places, such as
 * clusters, got the current version one after the other, what they had meanwhile is no version to go back to.
 *
 * @param named a version or tag that the environment held at some time, in one of its places at least
 * @throws Error when it holds nothing, never held that version, had nothing before the current one, or had several versions
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
  const from = versionsOf(current).join(', ');
  if (named !== undefined) {
    const entry = namedEntry(ledger, named);
    if (entry === undefined) {
      throw neverThere(ledger, environment, app, named);
    }
    return { app, from, version: entryVersion(entry), entry: checked(ledger, entry, environment, app) };
  }
  if (isRollbackOf(current, app)) {
    const { trailers, at } = current;
    const by = trailers?.by === undefined ? '' : ` by ${trailers.by}`;
    const reason = `${from} in ${environment} is a rollback already (since ${utc(at)}${by}); name a version to go back further`;
    return { app, version: from, reason };
  }
  const now = versionsOf(current);
  const previous = earlier.find(
    (entry) => entry.present && !(entry.places !== undefined && versionsOf(entry).some((each) => now.includes(each))),
  );
  if (previous === undefined) {
    throw new Error(
      `${app} ran nothing but ${from} in ${environment}${ledger.complete ? '' : ' as far back as its history was read'}, so there is no version to go back to.`,
    );
  }
  if (previous.places !== undefined) {
    throw differentThen(previous.places, environment, app);
  }
  return { app, from, version: entryVersion(previous), entry: checked(ledger, previous, environment, app) };
}

/** What is chosen, unless the app has something else by now than what was to go: nobody said that this is to go, too. */
export function unlessMoved(goal: Goal | NothingToRestore, from: string, environment: string): Goal | NothingToRestore {
  return !('entry' in goal) || goal.from === from
    ? goal
    : {
        app: goal.app,
        version: goal.from,
        reason: `${environment} runs ${goal.app} ${goal.from} by now, no longer ${from}`,
      };
}

/** The newest entry with a version in all places, else in one of them: all are to have that then. */
function namedEntry({ entries }: Ledger, named: string): LedgerEntry | undefined {
  const whole = entries.find((each) => each.present && each.places === undefined && hasVersion(each, named));
  if (whole !== undefined) {
    return whole;
  }
  const inPlaces = entries.flatMap((entry) =>
    (entry.places ?? []).map(({ version, targets }) => ({ ...entry, version, targets })),
  );
  return inPlaces.find((each) => hasVersion(each, named));
}

/** The versions of an entry, of each of its places where these differ. */
function versionsOf(entry: LedgerEntry): string[] {
  const all = (entry.places ?? []).map(({ version, targets }) => entryVersion({ ...entry, version, targets }));
  return all.length === 0 ? [entryVersion(entry)] : [...new Set(all)];
}

function differentThen(places: NonNullable<LedgerEntry['places']>, environment: string, app: string): Error {
  const list = places.map(({ place, version }) => `${place} had ${version ?? 'none'}`).join(', ');
  return new Error(
    `The places of ${app} in ${environment} had different versions before: ${list}. Name the version that all of them are to go back to.`,
  );
}

function isRollbackOf({ trailers }: LedgerEntry, app: string): boolean {
  return trailers?.action === ROLLBACK && appsOf(trailers).some((each) => each.app === app);
}

/** Only what a tag or a digest names can be set back. */
function checked({ entries }: Ledger, entry: LedgerEntry, environment: string, app: string): LedgerEntry {
  if (entry.targets.length === 0) {
    const since = entries.slice(0, entries.indexOf(entry)).map(({ oid }) => oid.slice(0, 7));
    throw new Error(
      `What ${app} held in ${environment} on ${utc(entry.at)} names no version. Revert what came since by hand (${since.join(', ')}), or name another version.`,
    );
  }
  return entry;
}

function neverThere({ entries, complete }: Ledger, environment: string, app: string, named: string): Error {
  const names = [...new Set(entries.filter(({ present }) => present).flatMap(versionsOf))];
  const more = names.length > LISTED || !complete ? ' and earlier ones' : '';
  return new Error(
    `${app} ${named} was never in ${environment}. It ran, newest first: ${names.slice(0, LISTED).join(', ')}${more}. Name one of these.`,
  );
}
