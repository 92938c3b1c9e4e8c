/** How many days, weeks and months of the newest ones that have a backup keep one. */
export interface Keep {
  days: number;
  weeks: number;
  months: number;
}

/** How long something unfinished may be the work of a run that still goes on. */
const UNFINISHED_MS = 24 * 3600 * 1000;
const UNITS = new Map<string, keyof Keep>([
  ['day', 'days'],
  ['week', 'weeks'],
  ['month', 'months'],
]);
const EXAMPLE = '7 days, 4 weeks, 12 months';

/**
 * Reads how much is kept.
 *
 * @param text for example `7 days, 4 weeks, 12 months`
 * @param source of it, for the error
 * @throws Error when it is something else or keeps nothing
 */
export function parseKeep(text: string, source = 'Input "keep"'): Keep {
  const keep: Keep = { days: 0, weeks: 0, months: 0 };
  for (const part of text.split(',').map((each) => each.trim())) {
    const match = /^(\d{1,4}) (day|week|month)s?$/.exec(part);
    const unit = UNITS.get(match?.[2] ?? '');
    if (match === null || unit === undefined) {
      throw new Error(
        `${source} has ${JSON.stringify(part)}, expected how much is kept, such as ${JSON.stringify(EXAMPLE)}.`,
      );
    }
    keep[unit] = Number(match[1]);
  }
  if (keep.days + keep.weeks + keep.months === 0) {
    throw new Error(`${source} is ${JSON.stringify(text)}, expected at least one, such as ${JSON.stringify(EXAMPLE)}.`);
  }
  return keep;
}

/** What is kept or not, as a listing tells it. */
interface Dated {
  at: Date;
  /** Whether all of its parts are there. */
  isWhole: boolean;
}

/**
 * The backups, or plans, to delete. Of each of the newest days (UTC), ISO weeks and months that have a whole one, the newest is kept;
 * the newest of all always. What is not whole counts nothing, and goes when it is a day old.
 *
 * @param all newest first
 * @param isNeeded what is kept whatever its age
 */
export function planRetention<T extends Dated>(
  all: readonly T[],
  keep: Keep,
  now: Date,
  isNeeded: (each: T) => boolean = () => false,
): T[] {
  const whole = all.filter(({ isWhole }) => isWhole);
  const kept = new Set<T>(whole.slice(0, 1));
  for (const [count, periodOf] of [
    [keep.days, dayOf],
    [keep.weeks, weekOf],
    [keep.months, monthOf],
  ] as const) {
    const newest = new Map<string, T>();
    for (const each of whole) {
      const period = periodOf(each.at);
      newest.set(period, newest.get(period) ?? each);
    }
    for (const each of [...newest.values()].slice(0, count)) {
      kept.add(each);
    }
  }
  return all.filter(
    (each) => !isNeeded(each) && (each.isWhole ? !kept.has(each) : now.getTime() - each.at.getTime() > UNFINISHED_MS),
  );
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** The Monday of the week. */
function weekOf(at: Date): string {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return dayOf(day);
}
