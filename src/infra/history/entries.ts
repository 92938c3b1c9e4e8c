import * as v from 'valibot';
import type { StoredObject } from '../space/space.js';
import { stampOf, timeOfStamp } from '../space/stamp.js';
import { namesByFolder, newestFirst } from '../space/timed-folders.js';
import { writtenSchema } from '../space/written.js';

const FOLDER = 'plans';
/** What an entry is made of. The record is written last: without it, there is no entry. */
export const PARTS = { plan: 'plan.age', json: 'plan.json.age', text: 'plan.txt.age', record: 'record.json' } as const;

/** What happened to a plan, each written once beside it. */
export const STEPS = ['approved', 'apply-started', 'applied'] as const;
export type Step = (typeof STEPS)[number];

/** The record of a plan, in clear: whose it is, and the hashes that show whether it was changed since. */
export const recordSchema = v.object({
  version: v.literal(1),
  root: v.string(),
  /** The commit that was planned. */
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  at: v.pipe(v.string(), v.isoTimestamp()),
  /** `OpenTofu 1.12.6`. */
  tool: v.string(),
  pull: v.optional(v.pipe(v.number(), v.integer())),
  run: v.optional(v.string()),
  /** Of the saved plan before it was encrypted: what an approval is of. */
  planSha256: writtenSchema.entries.sha256,
  plan: writtenSchema,
  json: writtenSchema,
  text: writtenSchema,
});
export type PlanRecord = v.InferOutput<typeof recordSchema>;

/** A plan in the space, as a listing tells it. */
export interface HistoryEntry {
  /** What its keys begin with, without a slash at the end. */
  prefix: string;
  root: string;
  at: Date;
  /** The first digits of the commit. */
  commit: string;
  isWhole: boolean;
  steps: Step[];
}

/** Where the plans of a root are. A root that is the repository itself has the name `_` there. */
export function folderOf(root: string): string {
  const name = root === '.' ? '_' : root;
  if (!/^[A-Za-z0-9_][\w-]*(?:[./][\w-]+)*$/.test(name)) {
    throw new Error(
      `The root ${JSON.stringify(root)} cannot stand in a space: expected letters, digits, ".", "/", "_" and "-".`,
    );
  }
  return `${FOLDER}/${name}/`;
}

/** Where a new plan goes. */
export function prefixOf(root: string, commit: string, at: Date): string {
  return `${folderOf(root)}${stampOf(at)}-${commit.slice(0, 12)}`;
}

/** The plans among objects, newest first; what is named otherwise is none. */
export function findEntries(objects: readonly StoredObject[]): HistoryEntry[] {
  return [...namesByFolder(objects)].flatMap(([prefix, names]) => entryOf(prefix, names) ?? []).sort(newestFirst);
}

function entryOf(prefix: string, names: readonly string[]): HistoryEntry | undefined {
  const end = prefix.lastIndexOf('/');
  const [, stamp = '', commit = ''] = /^([^-]*)-([0-9a-f]{12})$/.exec(prefix.slice(end + 1)) ?? [];
  const at = timeOfStamp(stamp);
  if (at === undefined || !prefix.startsWith(`${FOLDER}/`) || end <= FOLDER.length) {
    return undefined;
  }
  const root = prefix.slice(FOLDER.length + 1, end);
  return {
    ...{ prefix, at, commit, root: root === '_' ? '.' : root },
    isWhole: Object.values(PARTS).every((part) => names.includes(part)),
    steps: STEPS.filter((step) => names.includes(`${step}.json`)),
  };
}
