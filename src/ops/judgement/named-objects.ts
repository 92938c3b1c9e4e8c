import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { nameOf } from '../reconcilers/fields.js';
import type { ObjectReference } from '../reconcilers/object-inputs.js';
import { type MapValue, textAt } from '../yaml/values.js';
import type { SideFiles } from './side-files.js';

/** An object, or a kustomization that generates one, in a file. */
export interface NamedObject {
  path: string;
  object: MapValue;
}

/** Where names stand in the texts of a side: which of its files may have an object of a name. */
const indexes = new WeakMap<SideFiles, Promise<ReadonlyMap<string, readonly string[]>>>();

/** A name as YAML or JSON has it. What is spelled otherwise is found nowhere, and is then nobody's, which means everybody's. */
const NAME = /["']?\bname["']?\s*:\s*["']?([^\s"',{}[\]]+)/g;

/**
 * The objects of a name in all files of a side, and the kustomizations that generate a ConfigMap or a Secret of it. All texts
 * are looked through once, and only those that have the name are parsed.
 */
export async function objectsNamed(files: SideFiles, name: string): Promise<NamedObject[]> {
  const indexing = indexes.get(files) ?? indexNames(files);
  indexes.set(files, indexing);
  const found = await Promise.all(
    ((await indexing).get(name) ?? []).map(async (path): Promise<NamedObject[]> => {
      const maps = await files.maps(path);
      const objects = maps.filter((object) => nameOf(object) === name || generates(object, undefined, name));
      return objects.map((object) => ({ path, object }));
    }),
  );
  return found.flat();
}

async function indexNames(files: SideFiles): Promise<ReadonlyMap<string, readonly string[]>> {
  const index = new Map<string, string[]>();
  const candidates = files.paths.filter((path) => /\.(ya?ml|json)$/.test(path) || isKustomization(path));
  const texts = await Promise.all(candidates.map((path) => files.text(path)));
  for (const [at, path] of candidates.entries()) {
    const names = new Set([...(texts[at] ?? '').matchAll(NAME)].map(([, name = '']) => name));
    for (const name of names) {
      const known = index.get(name);
      if (known === undefined) {
        index.set(name, [path]);
      } else {
        known.push(path);
      }
    }
  }
  return index;
}

/** Whether an object is the one that a reference names, or generates it. */
export function namesObject(object: MapValue, { kind, name }: ObjectReference): boolean {
  const isIt = nameOf(object) === name && (kind === undefined || textAt(object, 'kind') === kind);
  return isIt || generates(object, kind, name);
}

const GENERATORS = { ConfigMap: 'configMapGenerator', Secret: 'secretGenerator' };

function generates(object: MapValue, kind: string | undefined, name: string): boolean {
  return Object.entries(GENERATORS).some(
    ([made, key]) =>
      (kind === undefined || kind === made) && mapsAt(object, key).some((each) => textAt(each, 'name') === name),
  );
}
