import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import { mapAt } from './fields.js';

/** What an object takes in besides what stands in it. */
export interface ObjectInputs {
  /**
   * Folders and files, from the root of the repository, without `./` and slashes around them. `*` stands for what only the
   * cluster knows; `${name}` is a variable of Flux, as written.
   */
  paths: readonly string[];
  /** Other objects, by name. */
  objects: readonly ObjectReference[];
}

/** A reference to another object. */
export interface ObjectReference {
  /** `undefined` where the field takes one kind, or one of a few, and does not say which. */
  kind: string | undefined;
  name: string;
}

/** Where an object puts what it deploys. */
export interface Destination {
  /** Address or name of the cluster, or of the secret with its credentials; `undefined` for the one that the object is in. */
  cluster: string | undefined;
  /** `undefined` where each of the deployed objects says its own. */
  namespace: string | undefined;
}

/** A key under which an object names others: `sourceRef`, `secretRef`, `substituteFrom`, `dependsOn`. */
const REFERENCES = /(Ref|From|^dependsOn|^include)$/;

/**
 * The objects that an object names, wherever in it: `sourceRef`, `valuesFrom`, `decryption.secretRef`, … A field that a newer
 * version of a reconciler adds is found too, because all of them are called alike.
 *
 * @param own kind of the object, for `dependsOn`, which is a list of objects of the same kind
 */
export function referencesIn(value: YamlValue, own: string | undefined): ObjectReference[] {
  if (value.kind === 'list') {
    return value.items.flatMap((item) => referencesIn(item, own));
  }
  if (value.kind === 'text') {
    return [];
  }
  return [...value.entries].flatMap(([key, inner]) => [
    ...(REFERENCES.test(key) ? named(inner, key === 'dependsOn' ? own : undefined) : []),
    ...referencesIn(inner, own),
  ]);
}

function named(value: YamlValue, kind: string | undefined): ObjectReference[] {
  if (value.kind === 'list') {
    return value.items.flatMap((item) => named(item, kind));
  }
  const name = value.kind === 'map' ? textAt(value, 'name') : undefined;
  return value.kind !== 'map' || name === undefined ? [] : [{ kind: textAt(value, 'kind') ?? kind, name }];
}

/**
 * A path as objects write it, without `.`, `..` and slashes around it. A path that leads above the root stays below it, as
 * reconcilers have it.
 */
export function openPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  return segments.join('/');
}

/** The text of a field, by its keys from the object's root. */
export function fieldText(object: MapValue, ...field: string[]): string | undefined {
  const map = mapAt(object, ...field.slice(0, -1));
  return map && textAt(map, field.at(-1) ?? '');
}
