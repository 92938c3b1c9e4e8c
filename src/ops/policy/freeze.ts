import { Cron } from 'croner';

/** A time in which an environment takes nothing but rollbacks: one that comes again, or one that is there once. */
export type Freeze = RecurringFreeze | OneFreeze;

export interface RecurringFreeze {
  /** When it begins, as five cron fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** How long it lasts, in milliseconds. */
  forMs: number;
  /** IANA name of the time zone that `cron` is read in. */
  timezone: string;
}

/** From one time on until another. */
export interface OneFreeze {
  from: Date;
  to: Date;
}

/** What is wrong with a freeze, and under which key; `undefined` where it is valid. */
export function freezeProblem(freeze: Freeze): { key: 'cron' | 'timezone' | 'to'; message: string } | undefined {
  if ('from' in freeze) {
    const message = `expected a time after "from", ${freeze.from.toISOString()}, found ${freeze.to.toISOString()}.`;
    return freeze.to > freeze.from ? undefined : { key: 'to', message };
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: freeze.timezone });
  } catch {
    const message = `expected a time zone such as Europe/Berlin or UTC, found "${freeze.timezone}".`;
    return { key: 'timezone', message };
  }
  try {
    scheduleOf(freeze);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message.replace(/^CronPattern: /, '')})` : '';
    const message = `expected five fields "minute hour day month weekday", found "${freeze.cron}"${reason}.`;
    return { key: 'cron', message };
  }
}

/**
 * Until when an environment is frozen.
 *
 * @returns the latest end of all freezes at this time, `undefined` where there is none
 * @see https://github.com/hexagon/croner for the cron patterns
 */
export function frozenUntil(freezes: readonly Freeze[], now: Date): Date | undefined {
  let until: Date | undefined;
  for (const end of freezes.flatMap((freeze) => endsOf(freeze, now))) {
    until = until === undefined || end > until ? end : until;
  }
  return until;
}

function endsOf(freeze: Freeze, now: Date): Date[] {
  if ('from' in freeze) {
    return freeze.from <= now && now < freeze.to ? [freeze.to] : [];
  }
  const ends: Date[] = [];
  // A freeze that began longer ago than it lasts is over.
  let from = scheduleOf(freeze).nextRun(new Date(now.getTime() - freeze.forMs));
  while (from !== null && from <= now) {
    ends.push(new Date(from.getTime() + freeze.forMs));
    from = scheduleOf(freeze).nextRun(from);
  }
  return ends;
}

/** When the next freeze begins within a time, in milliseconds; `undefined` where none does. */
export function freezesAt(freezes: readonly Freeze[], now: Date, withinMs: number): Date | undefined {
  const starts = freezes.flatMap((freeze) =>
    'from' in freeze ? freeze.from : (scheduleOf(freeze).nextRun(now) ?? []),
  );
  const soon = starts.filter((start) => start > now && start.getTime() - now.getTime() <= withinMs);
  return soon.sort((one, other) => one.getTime() - other.getTime())[0];
}

function scheduleOf(freeze: RecurringFreeze): Cron {
  return new Cron(freeze.cron, { paused: true, timezone: freeze.timezone, mode: '5-part' });
}
