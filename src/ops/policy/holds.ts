import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { timeField } from '../../config/time-field.js';
import { nameField } from '../tree/name.js';
import { editYaml } from '../yaml/edit.js';

/** Path of the holds in an ops repository. */
export const HOLDS_FILE = '.ostack/holds.yaml';

const HEADER = '# Versions that stay where they are until someone lifts the hold. Written by a rollback.\n';

const holdSchema = v.strictObject({
  environment: nameField,
  app: nameField,
  /** The version that stays. */
  version: v.string(),
  /** When the hold began. */
  since: timeField,
  /** When it ends by itself; without it, the hold stays until it is lifted. */
  until: v.optional(timeField),
  /** Login of who set it. */
  by: v.string(),
  reason: v.optional(v.string()),
  /** Page of the workflow run that set it. */
  run: v.optional(v.string()),
});

/** The schema of the file. */
export const holdsSchema = v.array(holdSchema);

/** A hold: automatic bumps and promotions leave the version of an app in an environment as it is. */
export type Hold = v.InferOutput<typeof holdSchema>;

/**
 * Reads the holds of an ops repository.
 *
 * @param text content of the file, `undefined` where there is none
 * @throws ConfigError with file and line where the file is not valid, so that no hold is lost because of a mistake in
 *   it
 */
export function readHolds(text: string | undefined, file = HOLDS_FILE): Hold[] {
  return text === undefined || isBlank(text)
    ? []
    : readConfigFile(holdsSchema, text.replace(/^\uFEFF/, ''), file).value;
}

/** The hold on an app in an environment at a time; the newest one where there are several. */
export function activeHold(holds: readonly Hold[], environment: string, app: string, now: Date): Hold | undefined {
  const on = holds.filter(isHoldOf(environment, app)).filter(({ until }) => !isPast(until, now));
  return on.sort((one, other) => Date.parse(other.since) - Date.parse(one.since))[0];
}

/**
 * Adds a hold to the file, and removes older ones of the same app and environment. Everything else stays byte for byte.
 *
 * @param text content of the file, `undefined` where there is none
 * @returns the new content
 * @throws ConfigError as `readHolds` does
 */
export function addHold(text: string | undefined, hold: Hold, file = HOLDS_FILE): string {
  if (readHolds(text, file).some((each) => sameHold(each, hold))) {
    return text ?? '';
  }
  const without = text === undefined ? undefined : removeHolds(text, isHoldOf(hold.environment, hold.app), file);
  const start = without ?? HEADER;
  // A file with only comments in it gets an empty list to add to.
  const list = isBlank(start) ? `${start}${start === '' || start.endsWith('\n') ? '' : '\n'}[]\n` : start;
  return editYaml(list, [{ path: [], append: fieldsOf(hold) }], file);
}

/** A filter for the holds on an app in an environment. */
export function isHoldOf(environment: string, app: string): (hold: Hold) => boolean {
  return (hold) => hold.environment === environment && hold.app === app;
}

/**
 * Removes holds from the file. Everything else stays byte for byte.
 *
 * @param isRemoved which holds to remove
 * @returns the new content; the same text where there is no such hold
 * @throws ConfigError as `readHolds` does
 */
export function removeHolds(text: string, isRemoved: (hold: Hold) => boolean, file = HOLDS_FILE): string {
  const indexes = readHolds(text, file).flatMap((hold, index) => (isRemoved(hold) ? [index] : []));
  return indexes.length === 0
    ? text
    : editYaml(
        text,
        indexes.map((index) => ({ path: [index], remove: true })),
        file,
      );
}

/** A hold for people, the rest of a sentence: `held at 1.3.0 since … by ada: broken checkout`. */
export function holdReason({ version, since, until, by, reason }: Hold): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const end = until === undefined ? '' : ` until ${until}`;
  return `held at ${version} since ${since}${end} by ${by}${why}`;
}

function isPast(until: string | undefined, now: Date): boolean {
  return until !== undefined && Date.parse(until) <= now.getTime();
}

/** Whether two holds are equal in all of their fields. */
export function sameHold(one: Hold, other: Hold): boolean {
  return JSON.stringify(fieldsOf(one)) === JSON.stringify(fieldsOf(other));
}

/** The fields of a hold in the order in which they are written. */
function fieldsOf({ environment, app, version, since, until, by, reason, run }: Hold): Record<string, string> {
  return {
    environment,
    app,
    version,
    since,
    ...(until === undefined ? {} : { until }),
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(run === undefined ? {} : { run }),
  };
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\uFEFF?\s*(#.*|---\s*)?$/.test(line));
}
