/** Attacks that take no stage, and the honest way beside each. */
import { type DeedOn, tryDeeds } from './folder.js';

export type PlainDeed = DeedOn<[]>;

/** @param deeds by the names of their files, which say what each tries */
export function tryPlain(folder: string, deeds: Readonly<Record<string, PlainDeed>>): void {
  tryDeeds(folder, deeds, () => []);
}

/** What comes of something: what it says, or why it refuses. */
export async function saidBy(work: () => string | Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
