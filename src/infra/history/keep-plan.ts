import { encryptTo } from '../space/age.js';
import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import { putOnce, type WriteGuard } from '../space/write-guard.js';
import { PARTS, type PlanRecord, prefixOf, type Step } from './entries.js';
import type { KeptHash } from './hash-ledger.js';

/** A plan that is kept. */
export interface KeptPlan {
  root: string;
  /** The commit that was planned, 40 digits. */
  commit: string;
  at: Date;
  /** `OpenTofu 1.12.6`. */
  tool: string;
  pull?: number | undefined;
  /** The address of the run. */
  run?: string | undefined;
  /** The saved plan, in clear. */
  plan: Uint8Array;
  /** Its JSON and its text, without secrets. */
  json: string;
  text: string;
}

/** Where a plan is, and the hash of its record, which covers all of it: what belongs into git. */
export interface PlanKept {
  prefix: string;
  record: PlanRecord;
  recordSha256: string;
}

/**
 * Keeps a plan in the space, encrypted to the team's own key, so that the job which plans can read none. It takes no right but
 * to write.
 *
 * @param recipients public keys of age
 * @throws Error when one of its objects is there already: a plan is written once. One of the same commit and second, of another
 *   job, takes no place from it: it is called after the next second then
 */
export async function keepPlan(
  space: Space,
  guard: WriteGuard,
  recipients: string,
  { root, commit, at: made, tool, pull, run, plan, json, text }: KeptPlan,
): Promise<PlanKept> {
  const closed = encryptTo(recipients, plan);
  const { prefix, at } = await begin(space, guard, { root, commit, at: made }, closed);
  const write = async (part: string, bytes: Buffer<ArrayBuffer>) => {
    if ((await putOnce(space, guard, `${prefix}/${part}`, bytes)) === 'there') {
      throw new Error(`The space has ${prefix}/${part} already: a plan is written once. Run it again for a new one.`);
    }
    return { bytes: bytes.length, sha256: sha256(bytes) };
  };
  const record: PlanRecord = {
    ...{ version: 1, root, commit, at: at.toISOString(), tool },
    ...(pull !== undefined && { pull }),
    ...(run !== undefined && { run }),
    planSha256: sha256(plan),
    plan: { bytes: closed.length, sha256: sha256(closed) },
    json: await write(PARTS.json, encryptTo(recipients, Buffer.from(json))),
    text: await write(PARTS.text, encryptTo(recipients, Buffer.from(text))),
  };
  const bytes = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
  await write(PARTS.record, bytes);
  return { prefix, record, recordSha256: sha256(bytes) };
}

/** Most seconds that a plan is called later than it is. */
const MOST_LATER = 10;

/** Writes the plan itself, in a place that nobody has taken. */
async function begin(
  space: Space,
  guard: WriteGuard,
  { root, commit, at }: Pick<KeptPlan, 'root' | 'commit' | 'at'>,
  bytes: Buffer<ArrayBuffer>,
): Promise<{ prefix: string; at: Date }> {
  const times = Array.from({ length: MOST_LATER }, (_, later) => new Date(at.getTime() + later * 1000));
  for (const time of times) {
    const prefix = prefixOf(root, commit, time);
    if ((await putOnce(space, guard, `${prefix}/${PARTS.plan}`, bytes)) === 'written') {
      return { prefix, at: time };
    }
  }
  throw new Error(
    `The space has ${prefixOf(root, commit, at)} and the ${MOST_LATER - 1} plans after it already: a plan is written once. Run it again for a new one.`,
  );
}

/**
 * Writes down what happens to a plan, before it does where it is `apply-started`.
 *
 * @param facts who and when, without secrets
 * @returns `there` when that was written before: whoever is about to apply must not, then
 */
export function keepStep(
  space: Space,
  guard: WriteGuard,
  prefix: string,
  step: Step,
  facts: Readonly<Record<string, unknown>>,
): Promise<'written' | 'there'> {
  return putOnce(space, guard, stepKey(prefix, step), stepBytes(facts));
}

/** The hash of what `keepStep` writes, for git. */
export function hashOfStep(prefix: string, step: Step, facts: Readonly<Record<string, unknown>>): KeptHash {
  return { key: stepKey(prefix, step), sha256: sha256(stepBytes(facts)) };
}

/** The hash of a plan that is kept, for git. */
export function hashOfPlan({ prefix, recordSha256 }: Pick<PlanKept, 'prefix' | 'recordSha256'>): KeptHash {
  return { key: `${prefix}/${PARTS.record}`, sha256: recordSha256 };
}

function stepKey(prefix: string, step: Step): string {
  return `${prefix}/${step}.json`;
}

function stepBytes(facts: Readonly<Record<string, unknown>>): Buffer<ArrayBuffer> {
  return Buffer.from(`${JSON.stringify(facts, null, 2)}\n`);
}
