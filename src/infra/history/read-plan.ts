import * as v from 'valibot';
import { decryptWith } from '../space/age.js';
import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import {
  findEntries,
  folderOf,
  type HistoryEntry,
  PARTS,
  type PlanRecord,
  recordSchema,
  STEPS,
  type Step,
} from './entries.js';

const RECORD_BYTES = 64 * 1024;
const PLAN_BYTES = 512 * 1024 * 1024;

/** The plans in the space, newest first. @param root of one root alone, without those of roots below it */
export async function listPlans(space: Space, root?: string): Promise<HistoryEntry[]> {
  const entries = findEntries(await space.list(root === undefined ? 'plans/' : folderOf(root)));
  return entries.filter((entry) => root === undefined || entry.root === root);
}

/**
 * The record of a plan.
 *
 * @param expected the hash of the record that git has, where it is asked for
 * @throws Error when there is none, it was changed, or it is something else
 */
export async function readRecord(space: Space, prefix: string, expected?: string): Promise<PlanRecord> {
  const key = `${prefix}/${PARTS.record}`;
  const bytes = await space.get(key, RECORD_BYTES);
  if (bytes === undefined) {
    throw new Error(
      `The space has no ${key}: there is no such plan, or it was never finished. \`history list\` has those there are.`,
    );
  }
  if (expected !== undefined && sha256(bytes) !== expected) {
    throw new Error(
      `${key} is not the one that git has the hash of (${expected}): it was changed after it was written.`,
    );
  }
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), bytes.toString('utf8'));
  if (!record.success) {
    throw new Error(`${key} is no record of a plan: ${record.issues[0].message}.`);
  }
  return record.output;
}

/**
 * One part of a plan, decrypted.
 *
 * @param identity secret keys of age
 * @throws Error when it is not what the record says
 */
export async function readPart(
  space: Space,
  prefix: string,
  record: PlanRecord,
  part: 'plan' | 'json' | 'text',
  identity: string,
): Promise<Buffer> {
  const key = `${prefix}/${PARTS[part]}`;
  const bytes = await space.get(key, PLAN_BYTES);
  if (bytes === undefined || sha256(bytes) !== record[part].sha256) {
    throw new Error(`${key} is not what its record says: it was changed or deleted after it was written.`);
  }
  const content = decryptWith(identity, bytes);
  if (part === 'plan' && sha256(content) !== record.planSha256) {
    throw new Error(`${key} has another plan in it than its record says.`);
  }
  return content;
}

/** What happened to a plan, as it was written down. */
export async function readSteps(space: Space, { prefix, steps }: HistoryEntry): Promise<[Step, unknown][]> {
  const found: [Step, unknown][] = [];
  for (const step of STEPS.filter((each) => steps.includes(each))) {
    const bytes = await space.get(`${prefix}/${step}.json`, RECORD_BYTES);
    found.push([step, bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'))]);
  }
  return found;
}
