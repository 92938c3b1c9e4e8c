import { writeValue } from '../values.js';
import { identityOf, type ManifestObject, objectName } from './objects.js';

/**
 * The files of an environment: one for each object, `<namespace>/<kind>-<name>.yaml`, at the top for what has no namespace.
 * Where two objects differ in their group alone, the group is in both names.
 *
 * @returns texts by path, sorted by path: the order of the objects changes nothing
 * @throws Error naming both sources where two objects are one to a cluster
 */
export function manifestFiles(objects: readonly ManifestObject[]): Map<string, string> {
  const known = new Map<string, ManifestObject>();
  for (const object of objects) {
    const other = known.get(identityOf(object));
    if (other !== undefined) {
      throw new Error(
        `${objectName(object)} is made twice, by ${other.from} and by ${object.from}. In a cluster these are one object: leave one out, or give it another name or namespace.`,
      );
    }
    known.set(identityOf(object), object);
  }
  const count = new Map<string, number>();
  for (const object of objects) {
    const path = pathOf(object, false);
    count.set(path, (count.get(path) ?? 0) + 1);
  }
  const files = objects.map((object) => {
    const path = pathOf(object, false);
    return [count.get(path) === 1 ? path : pathOf(object, true), writeValue(object.value)] as const;
  });
  return new Map(files.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function pathOf({ group, kind, namespace, name }: ManifestObject, withGroup: boolean): string {
  const full = withGroup && group !== '' ? `${kind}.${group}` : kind;
  const file = `${safe(full).toLowerCase()}-${safe(name)}.yaml`;
  return namespace === '' ? file : `${safe(namespace)}/${file}`;
}

/** A name as part of a path: what a file system may not have, or takes for another name, is written as its code. */
function safe(name: string): string {
  return name
    .replace(/[^A-Za-z0-9.-]/g, (letter) => `_${letter.codePointAt(0)?.toString(16) ?? ''}_`)
    .replace(/^\.+/, (dots) => dots.replaceAll('.', '_2e_'));
}
