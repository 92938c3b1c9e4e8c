import { type Hold, readHolds } from './holds.js';

/** How long ago a run may have begun that somebody starts again. */
const A_DAY_MS = 86_400_000;

/** Texts of the file of holds: where it is planned, before that, and as it is planned now. */
export interface HoldsTexts {
  base: string | undefined;
  planned: string | undefined;
  found: string | undefined;
}

/**
 * Whether a file of holds has what is planned: a hold that a run added before, which was stopped then, began and ends earlier by
 * a while, and names another run. Holds that were there are the same to the letter.
 *
 * @throws ConfigError where a file that is not what was found is not valid
 */
export function hasSameHolds({ base, planned, found }: HoldsTexts, now: Date): boolean {
  const [before, wanted, there] = [readHolds(base), readHolds(planned), holdsIn(found)];
  const known = new Set(before.map(wholeOf));
  return (
    wanted.length === there?.length &&
    wanted.every((hold, index) => {
      const other = there[index];
      return (
        other !== undefined &&
        (wholeOf(hold) === wholeOf(other) || (!known.has(wholeOf(hold)) && isNew(hold, other, now)))
      );
    })
  );
}

/** @returns `undefined` where somebody broke the file */
function holdsIn(text: string | undefined): Hold[] | undefined {
  try {
    return readHolds(text);
  } catch {
    return undefined;
  }
}

function wholeOf(hold: Hold): string {
  return JSON.stringify(Object.entries(hold).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isNew(wanted: Hold, there: Hold, now: Date): boolean {
  const age = now.getTime() - Date.parse(there.since);
  const timeless = ({ since: _since, until: _until, run: _run, ...rest }: Hold) =>
    JSON.stringify(Object.entries(rest).sort());
  return age >= 0 && age < A_DAY_MS && lengthOf(wanted) === lengthOf(there) && timeless(wanted) === timeless(there);
}

/** Milliseconds; 0 where it has no end. */
function lengthOf({ since, until }: Hold): number {
  return until === undefined ? 0 : Date.parse(until) - Date.parse(since);
}
