import { Cron } from 'croner';

/** A time that comes again and again in which nothing is merged into an environment. */
export interface Freeze {
  /** When it begins, five fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** How long it lasts, in milliseconds. */
  forMs: number;
  /** IANA name of the time zone that `cron` is read in. */
  timezone: string;
}

/** What is wrong with a freeze, and with which key of it; `undefined` when nothing is. */
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
 * Whether a freeze is on, and until when.
 *
 * @returns the end of the freeze that ends last, `undefined` when none is on
 */
export function frozenUntil(freezes: readonly Freeze[], now: Date): Date | undefined {
  let until: Date | undefined;
  for (const freeze of freezes) {
    // The last beginning that can still matter is at most one length ago.
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
