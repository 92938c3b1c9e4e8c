import { posix } from 'node:path';
import { buildInputs } from '../kustomize/build-inputs.js';
import { isKustomization, KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import type { Layout } from '../overlays/layout.js';
import { type OverlayPath, overlayOfPath } from '../overlays/overlay-path.js';
import { reconcilerOf } from '../reconcilers/objects.js';
import { type Closure, closureOf } from '../render/closure.js';
import type { Problem } from '../tree/problem.js';
import { problemOf } from '../tree/problem-of.js';
import { type MapValue, readValues, textAt } from '../yaml/values.js';
import { onceEach } from './once-each.js';
import type { RepositoryChange, RepositorySide } from './repository-change.js';

/** A folder that is built by itself, with what it is built from on both sides of a change. */
export interface Root {
  folder: string;
  /** `undefined` for a folder that is no overlay, such as a cluster's. */
  overlay: OverlayPath | undefined;
  /** `undefined` where the side does not have it. */
  before: Closure | undefined;
  after: Closure | undefined;
}

/** What a change can affect. */
export interface Affected {
  roots: Root[];
  /** Kustomizations that cannot be read at all. */
  problems: Problem[];
}

/**
 * The folders whose result the change can alter: those that are built by themselves (overlays, and kustomizations that
 * no other takes in, components excepted) and reach a changed path on either side.
 */
export async function affectedRoots({ base, head, changed }: RepositoryChange, layout: Layout): Promise<Affected> {
  const problems: Problem[] = [];
  const [before, after] = await Promise.all([rootFolders(base, layout), rootFolders(head, layout)]);
  const roots: Root[] = [];
  for (const folder of new Set([...after, ...before])) {
    const found: Problem[] = [];
    const own = after.has(folder) ? await tryClosure(head, folder, found) : undefined;
    if (after.has(folder) && own === undefined) {
      problems.push(...(await ofTheChange({ base, changed }, folder, before.has(folder), found)));
      continue;
    }
    if (own !== undefined && !reaches(own, changed)) {
      continue;
    }
    const old = before.has(folder) ? await tryClosure(base, folder, []) : undefined;
    if (own !== undefined || (old !== undefined && reaches(old, changed))) {
      roots.push({ folder, overlay: overlayOfPath(layout, folder), before: old, after: own });
    }
  }
  return { roots: roots.sort((one, other) => (one.folder < other.folder ? -1 : 1)), problems };
}

/**
 * What is wrong with a folder, where the change has to do with it: it alters a file there or the one that is broken, or the
 * folder was not broken in this way before. Nobody is told of what somebody else broke.
 */
async function ofTheChange(
  { base, changed }: Pick<RepositoryChange, 'base' | 'changed'>,
  folder: string,
  wasThere: boolean,
  found: readonly Problem[],
): Promise<Problem[]> {
  const old: Problem[] = [];
  if (wasThere) {
    await tryClosure(base, folder, old);
  }
  const isInside = [...changed].some((path) => path.startsWith(`${folder}/`));
  return found.filter(
    ({ file, message }) => isInside || changed.has(file) || old.every((each) => each.message !== message),
  );
}

/** Whether a closure holds a changed path, or refers to one. */
function reaches({ files, links, kustomizations }: Closure, changed: ReadonlySet<string>): boolean {
  const folders = kustomizations.map((path) => posix.dirname(path));
  return (
    [...files.keys()].some((path) => changed.has(path)) ||
    links.some(({ target }) => changed.has(target)) ||
    folders.some((folder) => KUSTOMIZATION_NAMES.some((name) => changed.has(posix.join(folder, name))))
  );
}

async function tryClosure({ tree }: RepositorySide, folder: string, problems: Problem[]): Promise<Closure | undefined> {
  try {
    return await closureOf(tree, folder);
  } catch (error) {
    problems.push(problemOf(error, folder));
    return undefined;
  }
}

/** Folders of a side that are built by themselves: overlays, and kustomizations that no other takes in. */
async function rootFolders({ tree, paths }: RepositorySide, layout: Layout): Promise<Set<string>> {
  const folders = new Set<string>();
  const taken = new Set<string>();
  for (const path of paths.filter(isKustomization)) {
    const folder = posix.dirname(path);
    const text = await tree.read(path);
    const known = text === undefined ? undefined : folderOf(path, text);
    if (known?.isBuilt !== false) {
      folders.add(folder);
    }
    for (const target of known?.takes ?? []) {
      taken.add(target);
    }
  }
  return new Set(
    [...folders].filter((folder) => !taken.has(folder) || overlayOfPath(layout, folder)?.folder === folder),
  );
}

const folderOf = onceEach(readFolder);

/** Whether a kustomization is built by itself, and which paths it takes in. A broken one is built, so that it is reported. */
function readFolder(path: string, text: string): { isBuilt: boolean; takes: string[] } {
  try {
    const root: MapValue | undefined = readValues(text, path).find((value) => value.kind === 'map');
    const folder = posix.dirname(path);
    const takes = buildInputs(text, path)
      .filter((input) => input.kind !== 'remote')
      .map((input) => posix.join(folder, input.path).replace(/\/$/, ''));
    // A Flux Kustomization may be in a file that has the name of a kustomization.
    const isOther = root !== undefined && (textAt(root, 'kind') === 'Component' || reconcilerOf(root) !== undefined);
    return { isBuilt: !isOther, takes };
  } catch {
    return { isBuilt: true, takes: [] };
  }
}
