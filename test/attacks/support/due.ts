/** Attacks on what merges labelled pull requests where GitHub has no rules, and the honest way beside each. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runMergeDue, stateOf, type Unguarded, unguardedStage } from '../../actions/merge-due/support.js';
import { inSentences } from './folder.js';
import { ROLES } from './plain.js';

/** One attack and the honest way beside it: each does something, and returns the pull request that it is about. */
export interface Due {
  attack(world: Unguarded): Promise<number>;
  /** What is said of it. */
  refused: string | RegExp;
  honest(world: Unguarded): Promise<number>;
}

/**
 * Tries attacks on one stage, each of which finds it as it was at first.
 *
 * @param deeds by the names of their files, which say what each tries
 */
export function tryAll(folder: string, deeds: Readonly<Record<string, Due>>): void {
  let world: Unguarded;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    world = await unguardedStage(ROLES);
    restore = await world.stage.github.checkpoint();
  });
  beforeEach(() => restore());
  afterEach(() => world.stage.github.guard(undefined));
  afterAll(() => world.stage.close());

  describe.each(inSentences(folder, deeds))('To %s', (_name, { attack, refused, honest }) => {
    test('fails with a reason', async () => {
      const number = await attack(world);
      const { outputs } = await runMergeDue(world);
      expect(await stateOf(world, number)).toBe('open');
      expect(outputs['pull-requests']).toEqual(expect.stringMatching(refused));
    });
    test('is done in an honest way', async () => {
      const number = await honest(world);
      await runMergeDue(world);
      expect(await stateOf(world, number)).toBe('merged');
    });
  });
}

/** Something that happens directly before the last look at a pull request, once. */
export function beforeLastLook({ stage }: Unguarded, happens: () => Promise<unknown>): void {
  let isOver = false;
  stage.github.guard({
    async enter({ operation }) {
      if (operation === 'DueMerge' && !isOver) {
        isOver = true;
        await happens();
      }
      return () => {};
    },
  });
}
