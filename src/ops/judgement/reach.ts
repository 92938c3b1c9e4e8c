import { posix } from 'node:path';
import { isKustomization, KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import { RECONCILERS } from '../reconcilers/all.js';
import { variablesOf } from '../reconcilers/flux/inputs.js';
import { type ObjectReference, openPath } from '../reconcilers/object-inputs.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { fitsWildcards } from '../tree/wildcards.js';
import { type MapValue, textAt } from '../yaml/values.js';
import { generatedVariables } from './generated-variables.js';
import { kustomizationInputs } from './kustomization-inputs.js';
import { namesObject, objectsNamed } from './named-objects.js';
import type { SideFiles } from './side-files.js';

/** What the clusters of one environment take in of a side, as far as the files say it. */
export interface Reach {
  environment: string;
  /** Paths of files, each with the file that leads there; its own path where it is the environment's by its place. */
  files: ReadonlyMap<string, string>;
  /** Files that something refers to by their own paths. */
  named: ReadonlySet<string>;
  /** Paths that something refers to and that are not there. */
  missing: ReadonlySet<string>;
  /** The kustomizations that take a file in themselves, by its path. */
  takers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files that are deployed by themselves, whoever else takes them in. */
  roots: ReadonlySet<string>;
  /** The values that variables of Flux have, by name. */
  variables: ReadonlyMap<string, ReadonlySet<string>>;
  /** Changed files that are the environment's though nothing leads to them; none where it is missing. */
  unled?: ReadonlySet<string>;
}

/** What is being followed. */
interface Draft {
  files: Map<string, string>;
  named: Set<string>;
  missing: Set<string>;
  takers: Map<string, Set<string>>;
  roots: Set<string>;
  /** Files that are still to be looked into. */
  open: string[];
  variables: Map<string, Set<string>>;
  /** Paths with variables, which are followed once nothing else is left. */
  waiting: { from: string; path: string }[];
  references: { from: string; reference: ObjectReference }[];
}

/**
 * Follows what the clusters of an environment take in: from its own folders through kustomizations, charts and the objects of
 * reconcilers, with whatever these name. More rather than less: where the files leave it open, all that may be meant is in it.
 *
 * @param own whether a path is the environment's by its place
 * @param others whether a path is another environment's by its place: an object of that name there is not the one meant
 */
export async function reachOf(
  files: SideFiles,
  environment: string,
  own: (path: string) => boolean,
  others: (path: string) => boolean,
): Promise<Reach> {
  const draft: Draft = {
    ...{ files: new Map(), named: new Set(), missing: new Set(), open: [], variables: new Map() },
    ...{ takers: new Map(), roots: new Set() },
    ...{ waiting: [], references: [] },
  };
  for (const path of files.paths.filter(own)) {
    add(draft, path, path);
  }
  for (;;) {
    await followAll(files, draft);
    const waiting = draft.waiting.splice(0);
    for (const { from, path } of waiting) {
      for (const filled of filledPaths(path, draft.variables)) {
        addDeployed(files, draft, filled, from);
      }
    }
    if (waiting.length === 0 && !(await addReferences(files, draft, others))) {
      const { files: found, named, missing, takers, roots, variables } = draft;
      return { environment, files: found, named, missing, takers, roots, variables };
    }
  }
}

function add(draft: Draft, path: string, from: string): void {
  if (!draft.files.has(path)) {
    draft.files.set(path, from);
    draft.open.push(path);
  }
}

async function followAll(files: SideFiles, draft: Draft): Promise<void> {
  while (draft.open.length > 0) {
    const paths = draft.open.splice(0);
    await Promise.all(paths.map((path) => follow(files, draft, path)));
  }
}

async function follow(files: SideFiles, draft: Draft, path: string): Promise<void> {
  const maps = await files.maps(path);
  const [first] = maps;
  const isBuilt =
    isKustomization(path) &&
    (first === undefined || textAt(first, 'apiVersion')?.includes('toolkit.fluxcd.io') !== true);
  if (isBuilt) {
    await followKustomization(files, draft, path);
    addVariables(draft, first === undefined ? [] : await generatedVariables(files, first, path));
  }
  if (posix.basename(path) === 'Chart.yaml') {
    followChart(files, draft, path, maps);
  }
  for (const object of await files.objects(path)) {
    followObject(files, draft, path, object);
  }
}

async function followKustomization(files: SideFiles, draft: Draft, path: string): Promise<void> {
  try {
    for (const target of await kustomizationInputs(files, path)) {
      addPath(files, draft, target, path);
      for (const taken of builtFrom(files, target)) {
        draft.takers.set(taken, (draft.takers.get(taken) ?? new Set()).add(path));
      }
    }
  } catch {
    // It is broken: the files have it among their problems.
    await files.maps(path);
  }
}

/** Charts of the repository that a chart depends on. */
function followChart(files: SideFiles, draft: Draft, path: string, maps: readonly MapValue[]): void {
  const [chart] = maps;
  const dependencies = chart?.entries.get('dependencies');
  for (const item of dependencies?.kind === 'list' ? dependencies.items : []) {
    const repository = item.kind === 'map' ? textAt(item, 'repository') : undefined;
    if (repository?.startsWith('file://')) {
      addPath(files, draft, posix.join(posix.dirname(path), repository.slice('file://'.length)), path);
    }
  }
}

function addVariables(draft: Draft, pairs: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of pairs) {
    draft.variables.set(name, (draft.variables.get(name) ?? new Set()).add(value));
  }
}

function followObject(files: SideFiles, draft: Draft, path: string, object: MapValue): void {
  addVariables(draft, variablesOf(object));
  for (const reconciler of RECONCILERS) {
    const inputs = (reconciler satisfies Reconciler).inputsOf(object);
    for (const input of inputs?.paths ?? []) {
      if (input.includes('$')) {
        draft.waiting.push({ from: path, path: input });
      } else {
        addDeployed(files, draft, input, path);
      }
    }
    draft.references.push(...(inputs?.objects ?? []).map((reference) => ({ from: path, reference })));
  }
}

/** Variables of Flux in a path, with a default or without. */
const VARIABLE = /\$\{([^{}]*)\}|\$[A-Za-z_]\w*/g;

/** A path with its variables filled in, once for each value that is known; `*` for one of which none is. */
function filledPaths(path: string, variables: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const names = [...path.matchAll(VARIABLE)].map(([written]) => written);
  return names.reduce<string[]>(
    (paths, written) => {
      const name = /[A-Za-z_]\w*/.exec(written)?.[0] ?? '';
      const values = [...(variables.get(name) ?? ['*'])];
      return paths.flatMap((each) => values.map((value) => each.replace(written, () => value))).slice(0, 100);
    },
    [path],
  );
}

/** Adds what an object deploys: it is built by itself. */
function addDeployed(files: SideFiles, draft: Draft, path: string, from: string): void {
  addPath(files, draft, path, from);
  for (const root of builtFrom(files, path)) {
    draft.roots.add(root);
  }
}

/** What a reference to a path takes in itself: a file, the kustomization of a folder, or all files of a folder without one. */
function builtFrom(files: SideFiles, path: string): readonly string[] {
  const own = KUSTOMIZATION_NAMES.map((name) => posix.join(path, name)).filter((each) => files.has(each));
  return files.has(path) || own.length === 0 ? files.below(path) : own;
}

/** Adds a file, or all that is in a folder. A path with `*` or a template is whatever fits to it. */
function addPath(files: SideFiles, draft: Draft, written: string, from: string): void {
  const path = openPath(written.replace(/\{\{[^{}]*\}\}/g, '*'));
  if (path.includes('*') || path.includes('{{')) {
    const pattern = path.replace(/\{\{.*/s, '*');
    const patterns = [pattern, `${pattern}/*`];
    for (const found of files.paths.filter((each) => patterns.some((one) => fitsWildcards(one, each)))) {
      add(draft, found, from);
    }
    return;
  }
  const found = path === '' ? rootOf(files) : files.below(path);
  if (files.has(path)) {
    draft.named.add(path);
  }
  for (const each of found) {
    add(draft, each, from);
  }
  if (found.length === 0) {
    draft.missing.add(path);
  }
}

/** What a folder at the root of the repository comes to: its kustomization, where it has one, else everything. */
function rootOf(files: SideFiles): readonly string[] {
  const own = files.paths.filter((path) => !path.includes('/') && isKustomization(path));
  return own.length > 0 ? own : files.paths;
}

/**
 * Adds the files of objects that are named and not in reach yet. One that the environment has itself is the one meant.
 *
 * @returns whether anything was added
 */
async function addReferences(files: SideFiles, draft: Draft, others: (path: string) => boolean): Promise<boolean> {
  const references = draft.references.splice(0);
  if (references.length === 0) {
    return false;
  }
  const names = [...new Set(references.map(({ reference }) => reference.name))];
  const found = new Map(await Promise.all(names.map(async (name) => [name, await objectsNamed(files, name)] as const)));
  const before = draft.files.size;
  for (const { from, reference } of references) {
    const all = (found.get(reference.name) ?? []).filter(({ object }) => namesObject(object, reference));
    const isThere = all.some(({ path }) => draft.files.has(path));
    for (const { path } of isThere ? [] : all.filter((each) => !others(each.path))) {
      add(draft, path, from);
    }
  }
  return draft.files.size > before;
}
