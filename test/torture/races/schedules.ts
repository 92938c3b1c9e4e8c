import { basename } from 'node:path';
import { expect } from '@jest/globals';
import { generator, Scheduler, type TakeTurn } from '../../../src/local/github/http/scheduler.js';
import { type Stage, seededDelays } from '../../../src/local/stage.js';
import { record } from '../table.js';

/** The limit of a test that plays schedules. A run that does not end is found by its requests, not by the clock. */
export const LONGEST_MS = 3_600_000;

/** One of the runs that race. */
export interface Racer {
  name: string;
  /** The tokens that its requests come with. */
  tokens: readonly string[];
  /** @param takeTurn for what a person does in their turn, without a request of ours */
  body(takeTurn: TakeTurn): Promise<void>;
}

/** Everything that a schedule is made of; all of it follows from the seed. */
export interface Schedule {
  seed: number;
  random: () => number;
  /** One of the choices. */
  pick: <T>(choices: readonly [T, ...T[]]) => T;
  /** The same things in another order. */
  shuffle: <T>(things: readonly T[]) => T[];
  /** Races the runs to their end. @throws Error when one fails or does not end */
  race: (racers: readonly Racer[]) => Promise<void>;
}

export interface Scenario {
  stage: Stage;
  /** Row of the table. */
  name: string;
  /** The test's file. */
  file: string;
  /** How many schedules `npm run torture` tries, and `npm test`. */
  schedules: { all: number; short: number };
  /** For runs that are processes of their own, see `SchedulerOptions`. */
  idleMs?: number;
  mostRequests?: number;
}

/**
 * Plays a scenario in many schedules. `OSTACK_SCHEDULES` says how many, `OSTACK_SEED` plays just that one.
 *
 * @param play throws where the schedule did not end as it should
 */
export async function playSchedules(scenario: Scenario, play: (schedule: Schedule) => Promise<void>): Promise<void> {
  const { name, schedules } = scenario;
  const usual = process.env.OSTACK_TORTURE === 'all' ? schedules.all : schedules.short;
  const count = Number(process.env.OSTACK_SCHEDULES ?? usual);
  const only = process.env.OSTACK_SEED;
  const seeds = only === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(only)];
  const failures: string[] = [];
  let repeat: string | undefined;
  for (const seed of seeds) {
    const story: string[] = [];
    try {
      await play(schedule(scenario, seed, story));
    } catch (error) {
      repeat ??= `OSTACK_SEED=${seed} npm run torture -- races/${basename(scenario.file)} -t '${name}'`;
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`seed ${seed}: ${reason}\n  ${story.slice(-80).join('\n  ')}`);
    }
  }
  const survived = seeds.length - failures.length;
  record({ scenario: `races: ${name}`, tried: seeds.length, survived, ...(repeat === undefined ? {} : { repeat }) });
  expect(failures.slice(0, 3).join('\n\n')).toBe('');
}

function schedule({ stage, idleMs, mostRequests }: Scenario, seed: number, story: string[]): Schedule {
  const random = generator(seed);
  return {
    seed,
    random,
    pick: (choices) => choices[Math.floor(random() * choices.length)] ?? choices[0],
    shuffle: (things) =>
      things
        .map((thing) => ({ thing, at: random() }))
        .sort((one, other) => one.at - other.at)
        .map(({ thing }) => thing),
    async race(racers) {
      const limits = {
        ...(idleMs === undefined ? {} : { idleMs }),
        ...(mostRequests === undefined ? {} : { mostRequests }),
      };
      const scheduler = new Scheduler({ seed, ...limits });
      stage.github.delay(seededDelays(seed));
      stage.github.guard(scheduler);
      try {
        const ended = await scheduler.race(racers);
        const failed = ended.flatMap((each, index) =>
          each.status === 'rejected' ? [`${racers[index]?.name} failed: ${each.reason}`] : [],
        );
        expect(failed).toEqual([]);
      } finally {
        stage.github.guard(undefined);
        await stage.github.passTime();
        story.push(...scheduler.trace);
      }
    },
  };
}
