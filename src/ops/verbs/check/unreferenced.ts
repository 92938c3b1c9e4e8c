import { posix } from 'node:path';
import type { Root } from '../../judgement/roots.js';
import { isKustomization, KUSTOMIZATION_NAMES } from '../../kustomize/kustomization.js';
import { isManifestPath } from '../../kustomize/manifest-path.js';
import type { Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { type Closure, closureOf } from '../../render/closure.js';
import type { Problem } from '../../tree/problem.js';
import type { Comparison, Side } from './comparison.js';

/**
 * Files of overlays that do nothing because no kustomization refers to them: those that the change adds or edits, and
 * those whose reference it removes. Folders without a kustomization are read by something else (Helm values, plain
 * manifests), and what had no reference before is not reported.
 */
export async function unreferencedProblems(
  { head, changed }: Comparison,
  layout: Layout,
  roots: readonly Root[],
): Promise<Problem[]> {
  const there = new Set(head.paths);
  const used = roots.flatMap(({ before }) => [...(before?.files.keys() ?? [])]);
  const candidates = [...new Set([...changed, ...used])].filter(
    (path) => there.has(path) && overlayOfPath(layout, path) !== undefined && isManifest(path),
  );
  const closures = new Map<string, Promise<Closure | undefined>>();
  const read = (folder: string) => {
    const known = closures.get(folder) ?? tryClosure(head, folder);
    closures.set(folder, known);
    return known;
  };
  const found = await Promise.all(
    candidates.map(async (path): Promise<Problem[]> => {
      const above = foldersAbove(path, there);
      const reaching = await Promise.all(above.map((folder) => read(folder.path)));
      const [nearest] = above;
      return nearest === undefined || reaching.some((closure) => closure === undefined || closure.files.has(path))
        ? []
        : [problemAt(path, nearest.kustomization)];
    }),
  );
  return found.flat();
}

function isManifest(path: string): boolean {
  const name = posix.basename(path);
  return isManifestPath(name) && !/^values.*\.ya?ml$/.test(name) && !isKustomization(name);
}

/** The folders around a file that have a kustomization, the nearest first. */
function foldersAbove(path: string, there: ReadonlySet<string>) {
  const folders: { path: string; kustomization: string }[] = [];
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    const kustomization = KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`).find((file) => there.has(file));
    folders.push(...(kustomization === undefined ? [] : [{ path: folder, kustomization }]));
  }
  return folders;
}

/** `undefined` where the kustomization is broken: the check of the roots reports that. */
async function tryClosure({ tree }: Side, folder: string): Promise<Closure | undefined> {
  try {
    return await closureOf(tree, folder);
  } catch {
    return undefined;
  }
}

function problemAt(file: string, kustomization: string): Problem {
  const message =
    `No kustomization refers to ${file}, so it does nothing. Name it under "patches" or "resources" of ` +
    `${kustomization}, or remove it.`;
  return { level: 'warning', file, line: undefined, message };
}
