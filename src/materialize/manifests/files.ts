import { blobId } from '../../ops/tree/blob-id.js';
import { writeValue } from '../values.js';
import { identitiesIn, type ManifestObject, objectName } from './objects.js';

/** The texts of an environment's files, by path. @throws Error as `objectsByFile` does */
export function manifestFiles(objects: readonly ManifestObject[]): Map<string, string> {
  return new Map([...objectsByFile(objects)].map(([path, { value }]) => [path, writeValue(value)]));
}

/**
 * The files of an environment: one for each object, `<namespace>/<kind>-<name>.yaml`, at the top for what has no namespace.
 * Where two objects differ in their group alone, the group is in both names; where in capitals alone, these are written as codes, for
 * some file systems take both for one.
 *
 * @returns objects by path, sorted by path: their order changes nothing
 * @throws Error naming both sources where two objects are one to a cluster, or would be one file
 */
export function objectsByFile(objects: readonly ManifestObject[]): Map<string, ManifestObject> {
  const identityOf = identitiesIn(objects);
  const known = new Map<string, ManifestObject>();
  for (const object of objects) {
    const other = known.get(identityOf(object));
    if (other !== undefined) {
      throw new Error(
        `${objectName(object)} is made twice, by ${other.from} and by ${object.from}. In a cluster these are one object: leave one out, or give it another name or namespace, or say a "source" that has one of them.`,
      );
    }
    known.set(identityOf(object), object);
  }
  const count = new Map<string, number>();
  for (const object of objects) {
    const path = pathOf(object, false).toLowerCase();
    count.set(path, (count.get(path) ?? 0) + 1);
  }
  const files = new Map<string, ManifestObject>();
  for (const object of objects) {
    const short = pathOf(object, false);
    const path = count.get(short.toLowerCase()) === 1 ? short : pathOf(object, true);
    const other = files.get(path);
    if (other !== undefined) {
      throw new Error(
        `${objectName(object)} of ${object.from} and ${objectName(other)} of ${other.from} would both be the file ${path}. Give one of them another name.`,
      );
    }
    files.set(path, object);
  }
  return new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Letters of a file's name: file systems take 255 bytes. */
const MOST_LETTERS = 200;

function pathOf({ group, kind, namespace, name }: ManifestObject, isLong: boolean): string {
  const full = isLong && group !== '' ? `${kind}.${group}` : kind;
  const file = `${short(`${safe(full).toLowerCase()}-${safe(name, isLong)}`)}.yaml`;
  // No namespace has a dot, so that no folder is ever called as a file is.
  return namespace === '' ? file : `${short(safe(namespace, isLong).replaceAll('.', '_2e_'))}/${file}`;
}

/** A name as part of a path: what a file system may not have, or takes for another name, is written as its code. */
function safe(name: string, codesCapitals = false): string {
  return name
    .replace(codesCapitals ? /[^a-z0-9.-]/gu : /[^A-Za-z0-9.-]/gu, codeOf)
    .replace(/^\.+/, (dots) => dots.replaceAll('.', '_2e_'));
}

function codeOf(letter: string): string {
  return `_${letter.codePointAt(0)?.toString(16) ?? ''}_`;
}

/** A long name by its beginning and what tells it from others. */
function short(name: string): string {
  return name.length <= MOST_LETTERS ? name : `${name.slice(0, MOST_LETTERS - 17)}_${blobId(name).slice(0, 16)}`;
}
