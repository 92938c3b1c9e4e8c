/** The attacks of a folder, each in a file that says what it tries. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** One attack and the honest way beside it: each does something to a world and returns what came of it, in words. */
export interface DeedOn<World extends readonly unknown[]> {
  attack(...world: World): Promise<string>;
  refused: string | RegExp;
  honest(...world: World): Promise<string>;
  allowed: string | RegExp;
}

/**
 * @param deeds by the names of their files, which say what each tries
 * @param world what each is given, as it is when its test begins
 */
export function tryDeeds<World extends readonly unknown[]>(
  folder: string,
  deeds: Readonly<Record<string, DeedOn<World>>>,
  world: () => World,
): void {
  describe.each(inSentences(folder, deeds))('To %s', (_name, { attack, refused, honest, allowed }) => {
    test('fails with a reason', async () => {
      expect(await attack(...world())).toEqual(expect.stringMatching(refused));
    });
    test('is done in an honest way', async () => {
      expect(await honest(...world())).toEqual(expect.stringMatching(allowed));
    });
  });
}

/**
 * Has a test see to it that no attack of a folder is left out.
 *
 * @param attacks by the names of their files
 * @returns what each tries, in words, with the attack
 */
export function inSentences<T>(folder: string, attacks: Readonly<Record<string, T>>): (readonly [string, T])[] {
  test('no attack of the folder is left out', async () => {
    const names = await readdir(join(import.meta.dirname, '..', folder));
    expect(Object.keys(attacks).sort()).toEqual(names.map((file) => file.replace(/\.ts$/, '')).sort());
  });
  return Object.entries(attacks).map(([name, each]) => [name.replaceAll('-', ' '), each] as const);
}
