import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import type { Problem } from '../tree/problem.js';
import { problemOf } from '../tree/problem-of.js';
import { type MapValue, readValues, textAt } from '../yaml/values.js';
import { innerObjects } from './inner-objects.js';
import { onceEach } from './once-each.js';
import type { RepositorySide } from './repository-change.js';

/** The files of one side of a change, read when they are asked for, and each once. */
export interface SideFiles {
  /** Paths of all files, in order. */
  paths: readonly string[];
  has(path: string): boolean;
  /** Paths of a file, or of all files of a folder. */
  below(path: string): readonly string[];
  /** The text of a file; `undefined` where there is none, or it cannot be read: then it is among the problems. */
  text(path: string): Promise<string | undefined>;
  /** The mappings in a file of YAML or JSON, those of a `List` each; none where it is something else. A template has none. */
  maps(path: string): Promise<MapValue[]>;
  /** The same, and the objects inside of these. */
  objects(path: string): Promise<readonly MapValue[]>;
  /** Whether a file is in a chart of the repository, where templates are rendered. */
  isInChart(path: string): boolean;
  /** What could not be read of what was asked for, each an error. */
  problems(): Problem[];
  /** What looks like a template in no chart of the repository, and so cannot be read either. */
  templates(): Problem[];
}

/** Opens the files of a side. */
export function sideFiles({ tree, paths }: RepositorySide): SideFiles {
  const sorted = [...paths].sort();
  const known = new Set(sorted);
  const problems = new Map<string, Problem>();
  const templates = new Map<string, Problem>();
  const texts = new Map<string, Promise<string | undefined>>();
  const maps = new Map<string, Promise<MapValue[]>>();
  const failed = (path: string, error: unknown) => {
    problems.set(path, problemOf(error, path));
  };
  const readText = async (path: string) => {
    try {
      return await tree.read(path);
    } catch (error) {
      failed(path, error);
      return undefined;
    }
  };
  const text = (path: string) => {
    const reading = texts.get(path) ?? (known.has(path) ? readText(path) : Promise.resolve(undefined));
    texts.set(path, reading);
    return reading;
  };
  const isInChart = (path: string) => foldersAbove(path).some((folder) => known.has(posix.join(folder, 'Chart.yaml')));
  // A kustomization takes in files of any name; what does not read as objects then builds nothing.
  const isObject = async (path: string) => /^["']?apiVersion["']?[ \t]*:|^[ \t]*\{/m.test((await text(path)) ?? '');
  const readMaps = async (path: string): Promise<MapValue[]> => {
    const structured = isStructured(path);
    const content = structured || (await isObject(path)) ? await text(path) : undefined;
    try {
      return content === undefined ? [] : mapsIn(path, content);
    } catch (error) {
      if (!structured) {
        return [];
      }
      if (!isTemplate(path, content ?? '')) {
        failed(path, error);
      } else if (!isInChart(path)) {
        templates.set(path, problemOf(error, path));
      }
      return [];
    }
  };
  const read = (path: string) => {
    const reading = maps.get(path) ?? readMaps(path);
    maps.set(path, reading);
    return reading;
  };
  return {
    paths: sorted,
    has: (path) => known.has(path),
    below: (path) => (path === '' ? sorted : known.has(path) ? [path] : startingWith(sorted, `${path}/`)),
    text,
    isInChart,
    maps: read,
    objects: async (path) => (await read(path)).flatMap((object) => [object, ...insideOf(object)]),
    problems: () => [...problems.values()],
    templates: () => [...templates.values()],
  };
}

const mapsIn = onceEach((path, text): MapValue[] =>
  readValues(text, path)
    .filter((value) => value.kind === 'map')
    .flatMap(itemsOfList),
);

/** Objects inside of others, which are looked for once. */
const inside = new WeakMap<MapValue, MapValue[]>();

function insideOf(object: MapValue): MapValue[] {
  const found = inside.get(object) ?? innerObjects(object);
  inside.set(object, found);
  return found;
}

/** The objects of a `List`, which kustomize and the clusters take one by one; any other object itself. */
function itemsOfList(object: MapValue): MapValue[] {
  const items = object.entries.get('items');
  const isList = textAt(object, 'kind')?.endsWith('List') === true && items?.kind === 'list';
  return isList ? items.items.filter((item) => item.kind === 'map').flatMap(itemsOfList) : [object];
}

/** Folders from that of a file up to the root, which is `''`. */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, names.length - index).join('/')).concat('');
}

/** Whether a file may hold objects, by its name. */
function isStructured(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path) || isKustomization(path);
}

/** A template of a chart is no YAML before it is rendered; in a kustomization nothing is a template. */
function isTemplate(path: string, text: string): boolean {
  return text.includes('{{') && !isKustomization(posix.basename(path));
}

/** The texts of a sorted list that begin with a prefix. */
function startingWith(sorted: readonly string[], prefix: string): string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  let end = low;
  while (sorted[end]?.startsWith(prefix) === true) {
    end++;
  }
  return sorted.slice(low, end);
}
