import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  generator,
  Scheduler,
  type SchedulerOptions,
  type TakeTurn,
} from '../../../src/local/github/http/scheduler.js';
import type { Stage } from '../../../src/local/stage.js';
import { rest, stageWith } from './support.js';

describe('runs that race on the local GitHub', () => {
  let stage: Stage;
  beforeAll(async () => {
    ({ stage } = await stageWith());
  });
  afterAll(() => stage.close());

  /** Runs of some requests each, under a scheduler. */
  async function race(
    options: SchedulerOptions,
    bodies: Record<string, (token: string, takeTurn: TakeTurn) => Promise<void>>,
  ) {
    const scheduler = new Scheduler(options);
    stage.github.guard(scheduler);
    const runs = Object.entries(bodies).map(([name, body]) => {
      const token = stage.github.issueToken({ actor: `${name}[bot]` });
      return { name, tokens: [token], body: (takeTurn: TakeTurn) => body(token, takeTurn) };
    });
    try {
      return { results: await scheduler.race(runs), trace: scheduler.trace };
    } finally {
      stage.github.guard(undefined);
    }
  }

  async function ask(token: string): Promise<void> {
    await rest(stage, 'GET /repos/acme/app', undefined, token);
  }

  async function thrice(token: string): Promise<void> {
    for (let times = 0; times < 3; times++) {
      await ask(token);
    }
  }

  test('take turns as the seed says, the same each time', async () => {
    const bodies = { one: thrice, two: thrice, three: thrice };
    const traces = new Set<string>();
    for (let seed = 0; seed < 6; seed++) {
      const { trace } = await race({ seed }, bodies);
      expect((await race({ seed }, bodies)).trace).toEqual(trace);
      expect([...trace].sort()).toEqual(
        ['one', 'three', 'two'].flatMap((name) => Array(3).fill(`${name}: GET /api/v3/repos/acme/app`)),
      );
      traces.add(trace.join());
    }
    expect(traces.size).toBeGreaterThan(3);
  });

  test('do what needs no request in their turn as well', async () => {
    let inside = 0;
    const quietly = async (_token: string, takeTurn: TakeTurn) => {
      for (let times = 0; times < 3; times++) {
        await takeTurn('push', async () => {
          inside += 1;
          await sleep(1);
          expect(inside).toBe(1);
          inside -= 1;
        });
      }
    };
    const { results, trace } = await race({ seed: 3 }, { ada: quietly, bob: quietly });
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(trace).toHaveLength(6);
  });

  test('are not kept waiting by one that sleeps', async () => {
    const controller = new AbortController();
    const { trace } = await race(
      { seed: 1, idleMs: 20 },
      {
        sleeper: async (token) => {
          await sleep(60_000, undefined, { signal: controller.signal }).catch(() => undefined);
          await ask(token);
        },
        other: async (token) => {
          await thrice(token);
          controller.abort();
        },
      },
    );
    expect(trace.at(-1)).toMatch(/^sleeper/);
  });

  test('are ended when one sends requests without end', async () => {
    const endless = async (token: string) => {
      while (true) {
        await ask(token);
      }
    };
    await expect(race({ seed: 1, mostRequests: 10 }, { endless, other: thrice })).rejects.toThrow(
      'endless sent more than 10 requests.',
    );
  });

  test('a generator gives the same numbers again, all over the range', () => {
    const numbers = Array.from({ length: 1000 }, generator(7));
    expect(numbers).toEqual(Array.from({ length: 1000 }, generator(7)));
    expect(Math.min(...numbers)).toBeLessThan(0.01);
    expect(Math.max(...numbers)).toBeGreaterThan(0.99);
    expect(Math.max(...numbers)).toBeLessThan(1);
  });
});
