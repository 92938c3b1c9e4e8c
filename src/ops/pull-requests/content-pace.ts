import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHub } from '../../github/client.js';
import type { Work } from './work.js';

/**
 * GitHub takes about 80 requests a minute that make content, and asks for a second between two of them.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const CONTENT_MS = 750;

/** And 500 in an hour. */
const CONTENT_AN_HOUR = 500;

const HOUR_MS = 3_600_000;

/** The pace at which a run makes pull requests and comments, over all that it proposes. */
export class ContentPace {
  #made = 0;
  /** How many the last document made, which have to be waited for before the next. */
  #owed = 0;
  #since: Date | undefined;

  /** How many more GitHub takes from this run in this hour. */
  get room(): number {
    return CONTENT_AN_HOUR - this.#made;
  }

  /** When GitHub takes more again, for a run that has used up its hour. */
  get goesOnAt(): Date {
    return new Date((this.#since ?? new Date()).getTime() + HOUR_MS);
  }

  /**
   * Waits as long as what was made before takes.
   *
   * @param each milliseconds of one; GitHub's pace by default
   * @param pause waits so many milliseconds
   */
  async wait(each = CONTENT_MS, pause: (ms: number) => Promise<unknown> = sleep): Promise<void> {
    const owed = this.#owed * each;
    this.#owed = 0;
    await pause(owed);
  }

  /** Notes what the next document makes. */
  note(contents: number): void {
    if (contents > 0) {
      this.#since ??= new Date();
    }
    this.#made += contents;
    this.#owed = contents;
  }
}

const paces = new WeakMap<GitHub, ContentPace>();

/** The pace of a connection: whatever a run proposes over it counts together. */
export function paceOf(github: GitHub): ContentPace {
  const pace = paces.get(github) ?? new ContentPace();
  paces.set(github, pace);
  return pace;
}

/** Whether a work opens a pull request. */
export function isNew({ step, open }: Pick<Work, 'step' | 'open'>): boolean {
  return step.do === 'open' || (open === undefined && (step.do === 'append' || step.do === 'rebuild'));
}

/** How many pull requests and comments a work makes: a new pull request, or the comment with which one is closed. */
export function contentsOf(work: Pick<Work, 'step' | 'open'>): number {
  return isNew(work) || work.step.do === 'close' ? 1 : 0;
}

/** Those of works that still fit into the hour, and those that are for the next run. What makes no content always fits. */
export function fitting<W extends Pick<Work, 'step' | 'open'>>(
  works: readonly W[],
  pace: ContentPace,
): { now: W[]; later: W[] } {
  let { room } = pace;
  const [now, later]: [W[], W[]] = [[], []];
  for (const work of works) {
    const contents = contentsOf(work);
    (contents <= room ? now : later).push(work);
    room -= contents <= room ? contents : 0;
  }
  return { now, later };
}

/** A minute of the pace: after it GitHub takes as many again. @param each milliseconds of one; GitHub's pace by default */
export function minuteOf(each = CONTENT_MS): number {
  return 80 * each;
}

/** Whether GitHub refused something new because there was too much of it, from this run or from others of the App. */
export function isTooFast(message: string): boolean {
  return /submitted too quickly/i.test(message);
}

/** The error of what is left for the next run. */
export function hourIsOver(pace: ContentPace): Error {
  return new Error(
    `The rest is left for the next run: GitHub takes ${CONTENT_AN_HOUR} new pull requests and comments an hour, and this run has ` +
      `made as many. Run it again after ${pace.goesOnAt.toISOString().slice(11, 16)} UTC: it goes on where this one ended.`,
  );
}
