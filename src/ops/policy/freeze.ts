import { Cron } from 'croner';

/** A recurring time in which nothing is merged into an environment by itself. */
export interface Freeze {
  /** When it begins, as five cron fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** How long it lasts, in milliseconds. */
  forMs: number;
  /** IANA name of the time zone that `cron` is read in. */
  timezone: string;
}

/** What is wrong with a freeze, and under which key; `undefined` where it is valid. */
export function freezeProblem(freeze: Freeze): { key: 'cron' | 'timezone'; message: string } | undefined {
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
  for (const freeze of freezes) {
    // A freeze that began longer ago than it lasts is over.
    let from = scheduleOf(freeze).nextRun(new Date(now.getTime() - freeze.forMs));
    while (from !== null && from <= now) {
      const end = new Date(from.getTime() + freeze.forMs);
      until = until === undefined || end > until ? end : until;
      from = scheduleOf(freeze).nextRun(from);
    }
  }
  return until;
}

function scheduleOf(freeze: Freeze): Cron {
  return new Cron(freeze.cron, { paused: true, timezone: freeze.timezone, mode: '5-part' });
}
