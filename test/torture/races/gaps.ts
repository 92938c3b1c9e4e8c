import { basename } from 'node:path';
import { expect } from '@jest/globals';
import type { Stage } from '../../../src/local/stage.js';
import { record } from '../table.js';
import type { OpsWorld } from './ops-world.js';
import type { Racer } from './schedules.js';

/** Two runs of which one takes place wholly between two requests of the other. */
export interface Pair {
  /** Row of the table. */
  name: string;
  /** The test's file. */
  file: string;
  world(): Promise<OpsWorld>;
  outer(world: OpsWorld): Racer;
  inner(world: OpsWorld): Racer;
  /** Throws where it did not end as it should. */
  check(world: OpsWorld): Promise<void>;
}

/** Failures that are told; after so many nothing more is tried. */
const MOST_FAILURES = 3;

/** Plays a pair in each gap between requests of the outer run, from before the first one on, in a world of its own each. */
export async function playGaps(stage: Stage, pair: Pair): Promise<void> {
  const failures: string[] = [];
  let gap = 0;
  for (; failures.length < MOST_FAILURES; gap += 1) {
    const story: string[] = [];
    try {
      if (!(await playGap(stage, pair, gap, story))) {
        break;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`gap ${gap}: ${reason}\n  ${story.join('\n  ')}`);
    }
  }
  const { name, file } = pair;
  const repeat =
    failures.length === 0 ? {} : { repeat: `npm run torture -- races/${basename(file)} -t '${pair.name}'` };
  record({ scenario: `races: ${name}`, tried: gap, survived: gap - failures.length, ...repeat });
  expect(failures.join('\n\n')).toBe('');
}

/** @returns whether the outer run has such a gap */
async function playGap(stage: Stage, pair: Pair, gap: number, story: string[]): Promise<boolean> {
  await using world = await pair.world();
  const [outer, inner] = [pair.outer(world), pair.inner(world)];
  let requests = 0;
  let between: Promise<void> = Promise.resolve();
  stage.github.guard({
    async enter({ token, operation, method, path }) {
      const isOuter = token !== undefined && outer.tokens.includes(token);
      if (isOuter && requests++ === gap) {
        between = inner.body(notAsked);
      }
      if (isOuter) {
        await between;
      }
      story.push(`${isOuter ? outer.name : inner.name}: ${operation ?? `${method} ${path}`}`);
      return () => {};
    },
  });
  try {
    await outer.body(notAsked);
    await between;
  } finally {
    stage.github.guard(undefined);
  }
  const isReached = requests > gap;
  if (isReached) {
    await pair.check(world);
  }
  return isReached;
}

const notAsked = (what: string): never => {
  throw new Error(`Only runs have gaps, nobody is asked to ${what}.`);
};
