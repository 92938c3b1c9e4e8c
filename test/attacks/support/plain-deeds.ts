/** Attacks that take no stage, and the honest way beside each. */
import { describe, expect, test } from '@jest/globals';
import { inSentences } from './folder.js';

/** One attack and the honest way beside it: each does something and returns what is said of it. */
export interface PlainDeed {
  attack(): Promise<string>;
  refused: string | RegExp;
  honest(): Promise<string>;
  allowed: string | RegExp;
}

/** @param deeds by the names of their files, which say what each tries */
export function tryPlain(folder: string, deeds: Readonly<Record<string, PlainDeed>>): void {
  describe.each(inSentences(folder, deeds))('To %s', (_name, { attack, refused, honest, allowed }) => {
    test('fails with a reason', async () => {
      expect(await attack()).toEqual(expect.stringMatching(refused));
    });
    test('is done in an honest way', async () => {
      expect(await honest()).toEqual(expect.stringMatching(allowed));
    });
  });
}

/** What comes of something: what it says, or why it refuses. */
export async function saidBy(work: () => string | Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
