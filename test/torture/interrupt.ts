import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from './table.js';
import { type Finished, type GoodRun, goodRun, killedAtEveryWrite, type Survived, survive } from './torture.js';
import { type Case, casesOf, REFUSED, TROUBLES } from './trouble.js';
import type { Verb, World } from './verb.js';

/** Cases that run at once where each mostly waits, each in a world of its own. */
const WIDTH = 4;

/**
 * How long a request may take where some are never answered. What takes longer on a busy machine is one trouble more,
 * which a run has to survive as well.
 */
const TIME_LIMIT_MS = 750;

type Ending = Awaited<ReturnType<typeof survive>>;

/**
 * Shows that each verb, interrupted anywhere, ends as it does without trouble and leaves nothing twice. In `npm test` it
 * is killed after each of its writes; in `npm run torture` every kind of trouble strikes at every request (`casesOf`), or
 * just the one that `OSTACK_TORTURE_CASE` names.
 */
export function interrupt(...verbs: readonly Verb[]): void {
  describe.each(verbs.map((verb) => [verb.name, verb] as const))('%s', (_name, verb) => {
    let world: World;
    let good: GoodRun;
    beforeAll(async () => {
      world = await verb.world();
      good = await goodRun(world);
    }, 120_000);
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });
    if (process.env.OSTACK_TORTURE === 'all') {
      everywhere(verb, () => ({ world, good }));
    } else {
      test('killed after each of its writes it ends as it does without trouble', async () => {
        const { killed, ...end } = await killedAtEveryWrite(world, good.requests.filter(({ writes }) => writes).length);
        expect(killed).toBeGreaterThan(0);
        expect(problemOf(end, good)).toBe('');
      }, 120_000);
    }
  });
}

function everywhere(verb: Verb, given: () => { world: World; good: GoodRun }): void {
  const finished: Finished = new Map();
  let [tried, survived] = [0, 0];
  let repeat: string | undefined;
  afterAll(() => {
    record({ scenario: `interrupted: ${verb.name}`, tried, survived, ...(repeat === undefined ? {} : { repeat }) });
  });

  test.each([...TROUBLES.map(({ name }) => name), REFUSED])('%s', async (name) => {
    const { world, good } = given();
    const all = casesOf(verb.name, good.requests, process.env.OSTACK_TORTURE_CASE);
    const queue = all.filter(({ trouble }) => trouble.name === name);
    const failures: string[] = [];
    const work = async (place: World) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const problem = troubleWith(next, await survive(place, next, finished), good);
        tried += 1;
        survived += problem === '' ? 1 : 0;
        if (problem !== '') {
          repeat ??= `OSTACK_TORTURE_CASE='${next.name}' npm run torture`;
          failures.push(`${next.name}: ${problem}`);
        }
      }
    };
    await (name.startsWith('timeout') ? inSeveral(verb, world, work) : work(world));
    expect(failures.join('\n\n')).toBe('');
  });
}

/** Does work that mostly waits in several worlds at once, with time limits that do not take long. */
async function inSeveral(verb: Verb, world: World, work: (place: World) => Promise<void>): Promise<void> {
  process.env.OSTACK_TEST_TIME_LIMIT = String(TIME_LIMIT_MS);
  const others = await Promise.all(Array.from({ length: WIDTH - 1 }, () => verb.world()));
  try {
    await Promise.all([world, ...others].map(work));
  } finally {
    delete process.env.OSTACK_TEST_TIME_LIMIT;
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
  }
}

/**
 * What one case did not survive; empty where it did. A run whose request is refused for good may do without it and say
 * so (a comment that it may not write, say), so the end is another then; but it does not insist.
 */
function troubleWith({ trouble }: Case, { again, ...end }: Ending, good: GoodRun): string {
  if (trouble.name === REFUSED) {
    const failed = end.exitCode === 0 ? [] : [`the next run failed: ${end.log}`];
    return [...again.map((text) => `sent again: ${text}`), ...failed].join('\n');
  }
  const inOne = trouble.kills || end.troubled === 0 ? [] : [`it took a second run: ${end.log}`];
  return [...inOne, problemOf(end, good)].filter((problem) => problem !== '').join('\n');
}

/** What is wrong in the end: lines that only one of the end states has, and what was said. */
function problemOf({ exitCode, endState, log, told }: Survived, good: GoodRun): string {
  const [found, expected] = [lines(endState), lines(good.endState)];
  const tellsOther = told !== '' && told !== good.told;
  if (exitCode === 0 && found.join() === expected.join()) {
    return tellsOther ? `It told "${told}", and without trouble "${good.told}".` : '';
  }
  const surplus = without(found, expected);
  const missing = without(expected, found);
  return JSON.stringify({ exitCode, surplus, missing, log: log.split('\n') }, undefined, 2);
}

/** What is left of a list when each of some lines is taken out of it once. */
function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((line) => {
    const at = left.indexOf(line);
    return at < 0 || left.splice(at, 1).length === 0;
  });
}

function lines(state: unknown): string[] {
  return (JSON.stringify(state, null, 1) ?? '').split('\n').map((line) => line.trim());
}
