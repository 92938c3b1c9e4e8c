import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from './table.js';
import { type GoodRun, goodRun, killedAtEveryWrite, type Survived, survive, TROUBLES } from './torture.js';
import type { Verb } from './verb.js';

const SURVIVED = { problem: 'none' };

/** Cases that run at once where each mostly waits. */
const WIDTH = 4;

/**
 * Shows that each verb, interrupted anywhere, ends as it does without trouble and leaves nothing twice. In `npm test` it
 * is killed after each of its writes; in `npm run torture` every kind of trouble strikes at every request, or just the
 * one that `OSTACK_TORTURE_CASE` names: `<verb>/<trouble>/<request>`.
 */
export function interrupt(...verbs: readonly Verb[]): void {
  describe.each(verbs.map((verb) => [verb.name, verb] as const))('%s', (_name, verb) => {
    if (process.env.OSTACK_TORTURE === 'all') {
      everywhere(verb);
    } else {
      atEveryWrite(verb);
    }
  });
}

function atEveryWrite(verb: Verb): void {
  test('killed after each of its writes it ends as it does without trouble', async () => {
    const good = await goodRun(verb);
    const { killed, ...end } = await killedAtEveryWrite(verb, good.writes.filter(Boolean).length);
    expect(killed).toBeGreaterThan(0);
    expect(problemOf(end, good)).toEqual(SURVIVED);
  }, 120_000);
}

function everywhere(verb: Verb): void {
  let good: GoodRun;
  let [tried, survived] = [0, 0];
  let repeat: string | undefined;
  beforeAll(async () => {
    good = await goodRun(verb);
  }, 120_000);
  afterAll(() => {
    record({ scenario: `interrupted: ${verb.name}`, tried, survived, ...(repeat === undefined ? {} : { repeat }) });
  });

  test.each(TROUBLES)('$name', async (trouble) => {
    const wanted = process.env.OSTACK_TORTURE_CASE;
    const limited = trouble.fault.kind === 'secondary-limit';
    const strikes = [...good.writes.keys()].filter((at) => !limited || good.ofGit[at] === false);
    const cases = strikes.map((at) => ({ at, name: `${verb.name}/${trouble.name}/${at}` }));
    const failures: string[] = [];
    const queue = cases.filter(({ name }) => wanted === undefined || name === wanted);
    tried += queue.length;
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const end = await survive(verb, trouble, next.at);
        const { problem } = problemOf(end, good);
        const inOne = trouble.kills || end.troubled === 0;
        if (problem === SURVIVED.problem && inOne) {
          survived += 1;
        } else {
          repeat ??= `OSTACK_TORTURE_CASE='${next.name}' npm run torture`;
          failures.push(`${next.name}${inOne ? '' : ' took a second run'}: ${problem}${inOne ? '' : end.log}`);
        }
      }
    };
    await Promise.all(Array.from({ length: trouble.fault.kind === 'timeout' ? WIDTH : 1 }, work));
    expect(failures.join('\n\n')).toBe('');
  });
}

/** What is wrong in the end: lines that only one of the end states has, and what was said. */
function problemOf({ exitCode, endState, log }: Survived, good: GoodRun): { problem: string } {
  const [found, expected] = [lines(endState), lines(good.endState)];
  if (exitCode === 0 && found.join() === expected.join()) {
    return SURVIVED;
  }
  const surplus = without(found, expected);
  const missing = without(expected, found);
  return { problem: JSON.stringify({ exitCode, surplus, missing, log: log.split('\n') }, undefined, 2) };
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
