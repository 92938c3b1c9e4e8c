import * as v from 'valibot';
import type { StoredObject } from '../space/space.js';

const FOLDER = 'backups';
/** What a backup is made of. The manifest is written last and deleted first: without it, there is no backup. */
export const PARTS = { dump: 'dump.age', content: 'content.age', manifest: 'manifest.json' } as const;

const fileSchema = v.object({
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
/** The manifest of a backup: what is in the space, in clear. Names of tables are in `content.age`. */
export const manifestSchema = v.object({
  version: v.literal(1),
  at: v.pipe(v.string(), v.isoTimestamp()),
  /** Of the server that was dumped. */
  major: v.pipe(v.number(), v.integer(), v.minValue(9)),
  tables: v.pipe(v.number(), v.integer(), v.minValue(0)),
  rows: v.pipe(v.number(), v.integer(), v.minValue(0)),
  dump: fileSchema,
  content: fileSchema,
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
  return `${folderOf(name)}${at.toISOString().replace(/[-:]|\.\d{3}/g, '')}-${random}`;
}

/**
 * The backups among the objects of a folder, newest first. What is named otherwise is somebody else's and not among them.
 *
 * @param folder as `folderOf` says it
 */
export function findBackups(folder: string, objects: readonly StoredObject[]): Backup[] {
  const keys = new Map<string, string[]>();
  for (const { key } of objects) {
    const prefix = key.slice(0, key.lastIndexOf('/'));
    keys.set(prefix, [...(keys.get(prefix) ?? []), key]);
  }
  return [...keys]
    .filter(([prefix]) => prefix.startsWith(folder))
    .flatMap(([prefix, own]) => {
      const at = timeOf(prefix.slice(folder.length));
      const known = own.filter((key) => Object.values<string>(PARTS).includes(key.slice(prefix.length + 1)));
      return at === undefined || known.length === 0
        ? []
        : [{ prefix, at, isWhole: known.length === Object.keys(PARTS).length, keys: known }];
    })
    .sort((one, other) => other.at.getTime() - one.at.getTime() || (one.prefix < other.prefix ? 1 : -1));
}

function timeOf(stamp: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]+$/.exec(stamp);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second] = match;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
