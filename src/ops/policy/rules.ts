import { isoSeconds } from '../../report/time.js';
import { durationOf } from '../../runtime/duration.js';
import type { Target } from '../carriers/carrier.js';
import { compareVersions } from '../carriers/compare-versions.js';
import { isSameThing, isSameVersion, targetReference } from '../carriers/target.js';
import { frozenUntil } from './freeze.js';
import type { Health, HealthHistory } from './health.js';
import { activeHold, type Hold, holdReason, liftedBy } from './holds.js';
import type { PolicyEnvironment } from './policy.js';

/** Why something may not go into an environment now. */
export interface Refusal {
  rule: 'order' | 'soak' | 'health' | 'freeze' | 'hold' | 'backwards';
  /** What is expected and found, one sentence: all that is left to say where somebody went past it. */
  fact: string;
  /** For whoever ran a verb: the fact, who can do what, and when it ends. */
  message: string;
  /** When it ends by itself, where it does. */
  until: Date | undefined;
  /**
   * What somebody can do before it ends, the end of a sentence: `go past the policy with "force" and a reason`. Only where
   * it is enough to wait: a hold may end by itself, and still is to be lifted by a person.
   */
  sooner: string | undefined;
  /** Whether `force` with a reason goes past it. */
  forcible: boolean;
}

/** What an environment held from some time on. */
export interface HeldEntry {
  /** The commit from which on; missing where nobody can tell. */
  oid?: string;
  at: Date;
  present: boolean;
  version: string | null;
  targets: readonly Target[];
  /** Whether nobody can tell which charts and remote bases it had; missing where that is known. */
  isUntold?: boolean;
  /** Its places, such as clusters, where they had different versions; the rest is that of the first then. */
  places?: readonly { place: string; version: string | null; targets: readonly Target[] }[];
}

/** What an environment held over time, newest first, as the ledger has it. */
export interface HeldOnce {
  entries: readonly HeldEntry[];
  /** Whether it goes back to the beginning. */
  complete: boolean;
  /** Whether only the base names what is held now, so that nobody can tell since when. */
  isInBase?: boolean;
  /** Why nobody can tell which charts and remote bases it runs, and what to do, a sentence; missing where that is known. */
  untold?: string;
  /** What is reported of the environment; missing where its policy says of nothing that it reports. */
  health?: HealthHistory | undefined;
}

/** What is to go into an environment. */
export interface Wanted {
  app: string;
  /** As people read it; `null` where there is none. */
  version: string | null;
  targets: readonly Target[];
  /** Those of the targets that an environment before has to hold, whatever else it holds of the app; none where it is left out. */
  strangers?: readonly Target[];
}

/** The refusal of a freeze: the environment takes nothing at this time. `undefined` where no freeze is on. */
export function freezeRefusal(environment: PolicyEnvironment, now: Date): Refusal | undefined {
  const until = frozenUntil(environment.freeze, now);
  return until === undefined
    ? undefined
    : passing('freeze', `${environment.name} is frozen until ${isoSeconds(until)}.`, wayPast(environment), until);
}

/**
 * The refusal of a hold on the app in the environment; `undefined` where none is on. A hold cannot be forced, it has to be
 * lifted.
 */
export function holdRefusal(holds: readonly Hold[], environment: string, app: string, now: Date): Refusal | undefined {
  const hold = activeHold(holds, environment, app, now);
  if (hold === undefined) {
    return undefined;
  }
  const { until } = hold;
  const end = until === undefined ? 'It stays until somebody lifts it' : `It ends ${until}`;
  const fact = `${app} in ${environment} is ${holdReason({ ...hold, until: undefined })}.`;
  const ends = until === undefined ? undefined : new Date(until);
  return { ...refusal('hold', fact, `${end}; ${liftedBy(hold)} lifts it now.`), until: ends, forcible: false };
}

/**
 * The refusal of a version that is older than what it would replace.
 *
 * @param from where the version comes from, as people call it
 * @param previous what the environment holds; `null` where that is not known
 * @param apart which of its places are newer, and which are not, where that differs: a sentence with what to do
 */
export function backwardsRefusal(
  environment: PolicyEnvironment,
  from: string,
  { app, version }: Wanted,
  previous: string | null,
  apart?: string,
): Refusal {
  const places = apart === undefined ? '' : ` In ${environment.name}, ${apart}`;
  const fact = `${environment.name} runs ${app} ${previous ?? 'at a newer version'}, and ${from} runs ${version ?? 'none'}, which is older.${places}`;
  const rest = `To take ${environment.name} back on purpose, run rollback, or ${wayPast(environment)}.`;
  return refusal('backwards', fact, rest);
}

/**
 * A refusal that stays until somebody does something, and that can be forced.
 *
 * @param remedy what somebody can do, a sentence
 */
export function refusal(rule: Refusal['rule'], fact: string, remedy: string): Refusal {
  return { rule, fact, message: `${fact} ${remedy}`, until: undefined, sooner: undefined, forcible: true };
}

/** A refusal that ends by itself, and that can be forced. */
function passing(rule: Refusal['rule'], fact: string, sooner: string, until: Date): Refusal {
  return { ...refusal(rule, fact, `Run it again after that, or ${sooner}.`), until, sooner };
}

/**
 * An environment takes only what every environment before it (`after`) holds, or held and has left for something newer,
 * and for as long as the soak time asks: in all of its places at once, such as clusters. What an environment held of an app that it no longer has does not count.
 * Where the policy says what reports that an environment is live, only the time counts in which it was, and nothing comes from one
 * that failed or of which nobody knows.
 *
 * @param before what the environments of `after` held of the app; one that is missing holds nothing
 * @returns the refusal of the first of them that refuses
 */
export function orderRefusal(
  environment: PolicyEnvironment,
  wanted: Wanted,
  before: ReadonlyMap<string, HeldOnce>,
  now: Date,
): Refusal | undefined {
  for (const name of environment.after) {
    const found = refusalOf(environment, wanted, name, before.get(name) ?? { entries: [], complete: true }, now);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function refusalOf(
  environment: PolicyEnvironment,
  wanted: Wanted,
  name: string,
  held: HeldOnce,
  now: Date,
): Refusal | undefined {
  const { entries } = held;
  const stretches = stretchesOf(held, wanted, now);
  const current = entries[0]?.present === true ? entries[0] : undefined;
  const label = `${wanted.app} ${wanted.version ?? ''}`.trim();
  const isOlder = (has: string | null) =>
    compareVersions({ tag: has ?? undefined }, { tag: wanted.version ?? undefined }) === 'newer';
  const wentBack = current !== undefined && (current.places ?? [current]).some((each) => isOlder(each.version));
  const open = stretches.find(({ to }) => to === undefined);
  // Where the app is gone, nobody can tell whether its last version was why.
  const isRemoved = open === undefined && current === undefined;
  if (stretches.length === 0 || isRemoved || (open === undefined && wentBack)) {
    const wasThere = stretches.length > 0;
    const lacks = wasThere ? `no longer has ${wanted.app}` : `does not have ${wanted.app}`;
    const holds = current === undefined ? lacks : `runs ${versionsOf(current)}`;
    const left = wasThere && !isRemoved ? ' and was taken back from it' : '';
    const unread = held.complete ? '' : ` (of its last ${entries.length} versions none is)`;
    const what = wasThere ? label : `${label}${strangersSaid(wanted, held)}`;
    const untold = held.untold === undefined || wanted.targets.every(isImage) ? '' : ` ${held.untold}`;
    const fact = `${environment.name} takes ${what} only once it is in ${name}, which ${holds}${left}${unread}.${untold}`;
    return refusal('order', fact, `Bring it to ${name} first, or ${wayPast(environment)}.`);
  }
  return timeRefusal(environment, label, name, { ...held, stretches, app: wanted.app }, now);
}

/** What was held for too short a time, or not live for long enough, where that is reported. */
function timeRefusal(
  environment: PolicyEnvironment,
  label: string,
  name: string,
  held: Pick<HeldOnce, 'health' | 'isInBase'> & { app: string; stretches: readonly Stretch[] },
  now: Date,
): Refusal | undefined {
  const { health } = held;
  if (health !== undefined && isSick(health.now)) {
    return unhealthyRefusal(environment, label, name, health.now);
  }
  const lived = held.stretches.map((stretch) => livedIn(held.app, stretch, held));
  const isLongEnough = ({ from, to }: Lived) =>
    from !== undefined && (to ?? now).getTime() - from.getTime() >= environment.soakMs;
  if (lived.some(isLongEnough)) {
    return undefined;
  }
  const open = lived.find(({ to }) => to === undefined);
  if (open?.health !== undefined && open.health.state !== 'live') {
    return isSick(open.health)
      ? unhealthyRefusal(environment, label, name, open.health)
      : notLiveRefusal(environment, label, name, open.health);
  }
  return held.isInBase === true && open !== undefined
    ? untimedRefusal(environment, label, name)
    : soakRefusal(environment, label, name, open?.from, health !== undefined);
}

/** Whether somebody has to do something about an environment. */
function isSick({ state }: Health): boolean {
  return state === 'failed' || state === 'unknown';
}

/** Some time in which an environment held something, and how it was then. */
interface Lived extends Pick<Stretch, 'to'> {
  /** Since when it counts; `undefined` where it was never live. */
  from: Date | undefined;
  /** Missing where nothing reports. */
  health?: Health | undefined;
}

/** Where only the base names what is held, its health is that of the environment: nobody can tell with which commit it came. */
function livedIn(app: string, stretch: Stretch, held: Pick<HeldOnce, 'health' | 'isInBase'>): Lived {
  const { health: history, isInBase } = held;
  const { from, to, oid, until } = stretch;
  if (history === undefined) {
    return { from, to };
  }
  const ofBase = isInBase === true && to === undefined;
  const health = oid === undefined || ofBase ? history.now : history.of(app, oid, until);
  const since = health.since === undefined || health.since < from ? from : health.since;
  return { from: health.state === 'live' ? since : undefined, to, health };
}

function unhealthyRefusal(environment: PolicyEnvironment, label: string, name: string, health: Health): Refusal {
  const since = health.since === undefined ? '' : ` since ${isoSeconds(health.since)}`;
  const what = health.state === 'failed' ? `has failed${since}` : `is in an unknown state${since}`;
  const fact = `${environment.name} takes ${label} only while ${name} is live, and ${name} ${what}: ${health.reason}.`;
  return refusal('health', fact, `Mend ${name} or roll it back, or ${wayPast(environment)}.`);
}

/** What is reported sooner or later, or is missed then: it ends by itself, and nobody knows when. */
function notLiveRefusal(environment: PolicyEnvironment, label: string, name: string, health: Health): Refusal {
  const fact = `${environment.name} takes ${label} once it is live in ${name}, and it is ${health.state} there: ${health.reason}.`;
  const sooner = wayPast(environment);
  return { ...refusal('health', fact, `Run it again when it is live, or ${sooner}.`), sooner };
}

/** What an environment runs, for people: `1.5.0`, `1.5.0 in eu and 1.4.0 in us` where its places differ. */
function versionsOf({ version, places = [] }: HeldEntry): string {
  const named = (each: string | null) => each ?? 'no version';
  return places.length === 0
    ? named(version)
    : places.map((each) => `${named(each.version)} in ${each.place}`).join(' and ');
}

/** What comes along with a version and was never in an environment: ` with ghcr.io/acme/job:1.0.0`. */
function strangersSaid({ strangers = [] }: Wanted, { entries }: HeldOnce): string {
  const missing = strangers.filter((target) => !entries.some((entry) => hasAll(entry.targets, [target])));
  return missing.length === 0 ? '' : ` with ${missing.map(targetReference).join(', ')}`;
}

function untimedRefusal(environment: PolicyEnvironment, label: string, name: string): Refusal {
  const fact =
    `${environment.name} takes ${label} after ${durationOf(environment.soakMs)} in ${name}, and nobody can tell since when it ` +
    `is there, because only the base of ${name} names it.`;
  return refusal('soak', fact, `Bump it in ${name}, so that its own files carry it, or ${wayPast(environment)}.`);
}

function soakRefusal(
  environment: PolicyEnvironment,
  label: string,
  name: string,
  from: Date | undefined,
  isReported: boolean,
): Refusal {
  const length = durationOf(environment.soakMs);
  const live = isReported ? 'live ' : '';
  if (from === undefined) {
    const fact = `${label} was ${live}in ${name} for less than the ${length} that ${environment.name} asks for.`;
    return refusal('soak', fact, `Promote what ${name} runs now, or ${wayPast(environment)}.`);
  }
  const until = new Date(from.getTime() + environment.soakMs);
  const fact = `${label} is ${live}in ${name} since ${isoSeconds(from)}; ${environment.name} takes it after ${length}, from ${isoSeconds(until)} on.`;
  return passing('soak', fact, wayPast(environment), until);
}

/** An uninterrupted time in which something was held. */
interface Stretch {
  from: Date;
  /** `undefined` where it still is. */
  to: Date | undefined;
  /** The commit that began it, and the one that ended it. */
  oid: string | undefined;
  until: string | undefined;
}

/** Uninterrupted times in which the targets were held. */
function stretchesOf({ entries, untold }: HeldOnce, { targets, strangers = [] }: Wanted, now: Date): Stretch[] {
  const stretches: Stretch[] = [];
  let next: { at: Date; oid?: string | undefined; match: boolean } | undefined;
  for (const entry of entries.filter(({ at }) => at <= now)) {
    const isTold = untold === undefined && entry.isUntold !== true;
    const match =
      (isTold || targets.every(isImage)) &&
      entry.present &&
      everywhere(entry).every((each) => holdsAll(each, targets) && hasAll(each, strangers));
    const last = stretches.at(-1);
    if (match && next?.match === true && last !== undefined) {
      Object.assign(last, { from: entry.at, oid: entry.oid });
    } else if (match) {
      stretches.push({ from: entry.at, to: next?.at, oid: entry.oid, until: next?.oid });
    }
    next = { at: entry.at, oid: entry.oid, match };
  }
  return stretches;
}

function isImage({ kind }: Target): boolean {
  return kind === 'image';
}

/** What an environment had in each of its places. */
function everywhere({ targets, places = [] }: HeldEntry): (readonly Target[])[] {
  return places.length === 0 ? [targets] : places.map((place) => place.targets);
}

/** Whether targets are held: of all that the environment has of them the same version, and of one at least. */
export function holdsAll(held: readonly Target[], wanted: readonly Target[]): boolean {
  const pairs = wanted.flatMap((target) =>
    held.filter((other) => isSameThing(other, target)).map((other) => [other, target] as const),
  );
  return wanted.length === 0 || (pairs.length > 0 && pairs.every(([one, other]) => isSameVersion(one, other)));
}

/** Whether each of the targets is held, at its version. */
export function hasAll(held: readonly Target[], wanted: readonly Target[]): boolean {
  return wanted.every((target) => held.some((other) => isSameThing(other, target) && isSameVersion(other, target)));
}

/** Who can go past a rule, and how: the end of a sentence. */
function wayPast({ approvers, isGuarded = false }: PolicyEnvironment): string {
  if (isGuarded && approvers.length === 0) {
    return 'name "approvers" in ostack.yaml: one of them can let it go past the policy with "force"';
  }
  const who = approvers.length === 0 ? '' : ` (then it takes the approval of ${approvers.join(' or ')})`;
  return `go past the policy with "force" and a reason${who}`;
}
