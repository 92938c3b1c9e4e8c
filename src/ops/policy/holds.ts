import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { timeField } from '../../config/time-field.js';
import { nameField } from '../tree/name.js';
import { editYaml } from '../yaml/edit.js';

/** Where the holds are in an ops repository. */
export const HOLDS_FILE = '.ostack/holds.yaml';

const HEADER = '# Versions that stay where they are until someone lifts the hold. Written by a rollback.\n';

const holdSchema = v.strictObject({
  environment: nameField,
  app: nameField,
  /** The version that is held. */
  version: v.string(),
  /** When it began, and when it ends by itself; without an end it stays until it is lifted. */
  since: timeField,
  until: v.optional(timeField),
  /** Who set it. */
  by: v.string(),
  reason: v.optional(v.string()),
  /** Page of the workflow run that set it. */
  run: v.optional(v.string()),
});

export const holdsSchema = v.array(holdSchema);

/** An app's version in an environment that automatic bumps leave alone. */
export type Hold = v.InferOutput<typeof holdSchema>;

/**
 * Reads the holds.
 *
 * @param text the file's content, `undefined` where there is no file
 * @throws ConfigError naming file, line and what is wrong: nobody's hold is lost because of a broken file
 */
export function readHolds(text: string | undefined, file = HOLDS_FILE): Hold[] {
  return text === undefined || isBlank(text)
    ? []
    : readConfigFile(holdsSchema, text.replace(/^\uFEFF/, ''), file).value;
}

/** The hold on an app in an environment that is on at a time; of several, the newest. */
export function activeHold(holds: readonly Hold[], environment: string, app: string, now: Date): Hold | undefined {
  const on = holds.filter(isHoldOf(environment, app)).filter(({ until }) => !isPast(until, now));
  return on.sort((one, other) => Date.parse(other.since) - Date.parse(one.since))[0];
}

/**
 * Adds a hold to the file, in place of older ones of the same environment and app; the rest stays byte for byte.
 *
 * @param text the file's content, `undefined` where there is no file
 * @returns the new content
 */
export function addHold(text: string | undefined, hold: Hold, file = HOLDS_FILE): string {
  if (readHolds(text, file).some((each) => sameHold(each, hold))) {
    return text ?? '';
  }
  const without = text === undefined ? undefined : removeHolds(text, isHoldOf(hold.environment, hold.app), file);
  const start = without ?? HEADER;
  // A file of nothing but comments gets a list to add to.
  const list = isBlank(start) ? `${start}${start === '' || start.endsWith('\n') ? '' : '\n'}[]\n` : start;
  return editYaml(list, [{ path: [], append: fieldsOf(hold) }], file);
}

/** Which holds are of an app in an environment. */
export function isHoldOf(environment: string, app: string): (hold: Hold) => boolean {
  return (hold) => hold.environment === environment && hold.app === app;
}

/**
 * Removes holds; the rest stays byte for byte.
 *
 * @param isMeant which of them
 * @returns the new content, the same text where there was none
 */
export function removeHolds(text: string, isMeant: (hold: Hold) => boolean, file = HOLDS_FILE): string {
  const places = readHolds(text, file).flatMap((hold, index) => (isMeant(hold) ? [index] : []));
  return places.length === 0
    ? text
    : editYaml(
        text,
        places.map((index) => ({ path: [index], remove: true })),
        file,
      );
}

/** A held environment: since when, by whom and why. */
export function holdReason({ version, since, until, by, reason }: Hold): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const end = until === undefined ? '' : ` until ${until}`;
  return `held at ${version} since ${since}${end} by ${by}${why}`;
}

function isPast(until: string | undefined, now: Date): boolean {
  return until !== undefined && Date.parse(until) <= now.getTime();
}

/** Whether two holds are one and the same, not only of one version. */
export function sameHold(one: Hold, other: Hold): boolean {
  return JSON.stringify(fieldsOf(one)) === JSON.stringify(fieldsOf(other));
}

/** The keys of a hold in the order a person reads them. */
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
