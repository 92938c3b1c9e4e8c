/** The attacks of a folder, each in a file that says what it tries. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

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
