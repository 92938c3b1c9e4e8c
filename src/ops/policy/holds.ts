import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { timeField } from '../../config/time-field.js';
import { NAME_PATTERN } from '../tree/name.js';
import { editYaml } from '../yaml/edit.js';

/** Path of the holds in an ops repository. */
export const HOLDS_FILE = '.ostack/holds.yaml';

const HEADER = '# Versions that stay where they are until someone lifts the hold. Written by rollback and hold.\n';

/** In a hold, for every environment, or every app. */
export const EVERY = '*';

const scopeField = v.pipe(
  v.string(),
  v.regex(
    new RegExp(`^\\*$|${NAME_PATTERN.source}`),
    'expected a name of letters, digits, ".", "_" and "-", or "*" for all',
  ),
);

/** In an infra repository a root is held, whose name may be a folder: `clusters/production`, or `.` for the repository's own. */
const appField = v.pipe(
  v.string(),
  v.check(
    (text) => text === EVERY || text === '.' || text.split('/').every((part) => NAME_PATTERN.test(part)),
    'expected a name of letters, digits, ".", "_" and "-", or "*" for all',
  ),
);

const holdSchema = v.strictObject({
  environment: scopeField,
  app: appField,
  /** The version that stays; without it the one that was there when the hold began. */
  version: v.optional(v.string()),
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

/**
 * The hold on an app in an environment at a time, its own or one of all of them; the newest one where there are several, and
 * its own of those that began at once.
 */
export function activeHold(holds: readonly Hold[], environment: string, app: string, now: Date): Hold | undefined {
  return activeHolds(holds, environment, app, now)[0];
}

/** All holds that are on an app in an environment at a time, in the order in which `activeHold` takes them. */
export function activeHolds(holds: readonly Hold[], environment: string, app: string, now: Date): Hold[] {
  const on = holds.filter(isHeldBy(environment, app)).filter((hold) => !isOver(hold, now));
  return on.sort((one, other) => Date.parse(other.since) - Date.parse(one.since) || breadth(one) - breadth(other));
}

/** The app and the environment that a hold names, each of which may be `*`. */
export type Scope = Pick<Hold, 'environment' | 'app'>;

/** How many of the names of a hold stand for all. */
function breadth({ environment, app }: Scope): number {
  return Number(environment === EVERY) + Number(app === EVERY);
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
  return appendHold(without, hold, file);
}

/**
 * Adds a hold to the file beside those that are there. Everything stays byte for byte.
 *
 * @throws ConfigError as `readHolds` does
 */
export function appendHold(text: string | undefined, hold: Hold, file = HOLDS_FILE): string {
  const start = text ?? HEADER;
  // A file with only comments in it gets an empty list to add to.
  const list = isBlank(start) ? `${start}${start === '' || start.endsWith('\n') ? '' : '\n'}[]\n` : start;
  return editYaml(list, [{ path: [], append: fieldsOf(hold) }], file);
}

/** A filter for the holds that keep an app in an environment as it is: its own, and those of all. */
export function isHeldBy(environment: string, app: string): (hold: Hold) => boolean {
  return (hold) => [EVERY, environment].includes(hold.environment) && [EVERY, app].includes(hold.app);
}

/** A filter for the holds that name an app and an environment, or `*`, as they are. */
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

/**
 * A hold for people, the rest of a sentence about an app: `held at 1.3.0 since … by ada: broken checkout`,
 * `held with all apps of staging since … by ada: database is down`.
 */
export function holdReason(hold: Hold): string {
  return heldWords(hold, scopeOf(hold));
}

/** The same of what the hold is about: `everything in staging is held since … by ada: database is down`. */
export function holdSentence(hold: Hold): string {
  return `${heldThing(hold)} is ${heldWords(hold, '')}`;
}

function heldWords({ version, since, until, by, reason }: Hold, scope: string): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const end = until === undefined ? '' : ` until ${until}`;
  const at = version === undefined ? '' : ` at ${version}`;
  return `held${at}${scope} since ${since}${end} by ${by}${why}`;
}

function scopeOf({ environment, app }: Hold): string {
  if (app === EVERY) {
    return environment === EVERY ? ' with everything' : ` with all apps of ${environment}`;
  }
  return environment === EVERY ? ' in every environment' : '';
}

/** The names of a hold for people: `my-app` and `staging`, `everything` and `every environment`. */
export function heldNames({ environment, app }: Scope): { what: string; where: string } {
  return {
    what: app === EVERY ? 'everything' : app,
    where: environment === EVERY ? 'every environment' : environment,
  };
}

/** What a hold is about, for people: `my-app in staging`, `everything in staging`, `my-app in every environment`. */
export function heldThing(scope: Scope): string {
  const { what, where } = heldNames(scope);
  return `${what} in ${where}`;
}

/**
 * What a hold is about as the end of a branch's name: no app and no environment begins with `_`, and no ref has a `*`. No name has
 * a `+`, and of `a` and `a/b` there could not be both as branches.
 */
export function heldRef({ environment, app }: Scope): string {
  const refs: Readonly<Record<string, string>> = { [EVERY]: '_all', '.': '_root' };
  return [environment, app].map((name) => refs[name] ?? name.replaceAll('/', '+')).join('/');
}

/** How somebody lifts a hold, the rest of a sentence that ends in `lifts it now`. */
export function liftedBy({ environment, app }: Scope): string {
  return breadth({ environment, app }) === 0
    ? 'lift-hold'
    : `lift-hold with the environment "${environment}" and the app "${app}"`;
}

/** Whether a hold has ended by itself. */
export function isOver({ until }: Pick<Hold, 'until'>, now: Date): boolean {
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
    ...(version === undefined ? {} : { version }),
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
