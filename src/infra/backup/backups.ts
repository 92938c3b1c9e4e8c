import * as v from 'valibot';
import type { StoredObject } from '../space/space.js';
import { stampOf, timeOfStamp } from '../space/stamp.js';
import { namesByFolder, newestFirst } from '../space/timed-folders.js';
import { writtenSchema } from '../space/written.js';

const FOLDER = 'backups';
/** What a backup is made of. The manifest is written last and deleted first: without it, there is no backup. */
export const PARTS = { dump: 'dump.age', content: 'content.age', manifest: 'manifest.json' } as const;

/** The manifest of a backup: what is in the space, in clear. Names of tables are in `content.age`. */
export const manifestSchema = v.object({
  version: v.literal(1),
  at: v.pipe(v.string(), v.isoTimestamp()),
  /** Of the server that was dumped. */
  major: v.pipe(v.number(), v.integer(), v.minValue(9)),
  tables: v.pipe(v.number(), v.integer(), v.minValue(0)),
  rows: v.pipe(v.number(), v.integer(), v.minValue(0)),
  dump: writtenSchema,
  content: writtenSchema,
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** A backup in the space, whole or not. */
export interface Backup {
  /** What its keys begin with, without a slash at the end. */
  prefix: string;
  at: Date;
  /** Whether all of its parts are there. */
  isWhole: boolean;
  keys: string[];
}

/** @throws Error when the name cannot stand in a key */
export function folderOf(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw new Error(
      `The backups are named ${JSON.stringify(name)}, expected letters, digits, ".", "_" and "-", at most 63: set the input "name".`,
    );
  }
  return `${FOLDER}/${name}/`;
}

/** Where a new backup goes. @param random tells two of one second apart */
export function prefixOf(name: string, at: Date, random: string): string {
  return `${folderOf(name)}${stampOf(at)}-${random}`;
}

/**
 * The backups among the objects of a folder, newest first. What is named otherwise is somebody else's and not among them.
 *
 * @param folder as `folderOf` says it
 */
export function findBackups(folder: string, objects: readonly StoredObject[]): Backup[] {
  return [...namesByFolder(objects)]
    .filter(([prefix]) => prefix.startsWith(folder))
    .flatMap(([prefix, names]) => {
      const at = timeOf(prefix.slice(folder.length));
      const known = names.filter((name) => Object.values<string>(PARTS).includes(name));
      return at === undefined || known.length === 0
        ? []
        : [
            {
              ...{ prefix, at, isWhole: known.length === Object.keys(PARTS).length },
              keys: known.map((name) => `${prefix}/${name}`),
            },
          ];
    })
    .sort(newestFirst);
}

function timeOf(name: string): Date | undefined {
  const stamp = /^([^-]*)-[0-9a-f]+$/.exec(name)?.[1];
  return stamp === undefined ? undefined : timeOfStamp(stamp);
}
