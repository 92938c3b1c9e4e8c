import { createHash } from 'node:crypto';
import { type Deed, deedsOf } from './compare-plans.js';

/** What a plan does, as hashes: they tell whether another does the same, and show no value. */
export interface PlanStructure {
  /** Over all that it does: what people name a plan by, and what an approval is of. In hexadecimal. */
  sha256: string;
  /** One for each thing that it does, sorted. */
  deeds: readonly string[];
}

/**
 * The hashes of what a plan does. Two plans have the same exactly where `comparePlans` finds nothing between them.
 *
 * @param json of `show -json`; without secrets where the hashes are shown, for who knows all but one word of a value could try words
 * @throws Error when it is no plan
 */
export function structureOf(json: unknown): PlanStructure {
  const deeds = [...deedsOf(json)].map(([at, deed]) => hashOf(at, deed)).sort();
  return { sha256: createHash('sha256').update(deeds.join('\n')).digest('hex'), deeds };
}

/**
 * What a plan does that is not among the hashes of another.
 *
 * @param json of `show -json`
 * @returns addresses, each with its actions
 */
export function deedsBeyond(json: unknown, deeds: readonly string[]): string[] {
  const known = new Set(deeds);
  return [...deedsOf(json)].flatMap(([at, deed]) => (known.has(hashOf(at, deed)) ? [] : [`${at}: ${deed.actions}`]));
}

/** Bytes of a hash that are kept: as many as nobody finds a second text for. */
const KEPT = 16;

function hashOf(at: string, { actions, before, after }: Deed): string {
  const sorted = (values: ReadonlyMap<string, string>) => [...values].sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([at, actions, sorted(before), sorted(after)]);
  return createHash('sha256').update(text).digest().subarray(0, KEPT).toString('base64url');
}
