import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reconcilerProblems } from '../../reconcilers/problems.js';
import { findKustomize, NO_KUSTOMIZE } from '../../render/run-kustomize.js';
import type { Problem } from '../../tree/problem.js';
import { fileProblems } from './changed-files.js';
import type { Comparison } from './comparison.js';
import { copiedPatchProblems } from './copied-patches.js';
import type { Inspection } from './inspect.js';
import { previewProblems } from './previews.js';
import { sortProblems } from './problems.js';
import { referenceProblems } from './references.js';
import { type RenderedRoot, renderRoots } from './render-roots.js';
import type { Root } from './roots.js';
import { unreferencedProblems } from './unreferenced.js';

/** The result of checking files. */
export interface FileCheck {
  problems: Problem[];
  /** `undefined` where neither kustomize nor kubectl is on this machine. */
  rendered: RenderedRoot[] | undefined;
}

/**
 * Checks all files that a change concerns, and builds every folder that it can alter, before and after.
 *
 * @param scratch an empty folder
 */
export async function checkFiles(
  comparison: Comparison,
  inspection: Inspection & { problems: Problem[] },
  scratch: string,
): Promise<FileCheck> {
  const { roots, layout } = inspection;
  const fromFiles = await Promise.all([
    fileProblems(comparison),
    copiedPatchProblems(comparison, layout),
    unreferencedProblems(comparison, layout, roots),
    previewProblems(comparison),
    reconcilerProblems(comparison, patchesOf(roots)),
  ]);
  const references = referenceProblems(roots, layout);
  const fromText = [...inspection.problems, ...fromFiles.flat(), ...references];
  const kustomize = await findKustomize();
  if (kustomize === undefined) {
    const missing: Problem = {
      level: 'error',
      file: '',
      line: undefined,
      message: `Nothing was built: ${NO_KUSTOMIZE}.`,
    };
    return { problems: sortProblems([...fromText, missing]), rendered: undefined };
  }
  // A folder with a reference to nothing does not build, and the message about the reference says more.
  const broken = new Set(references.filter(({ level }) => level === 'error').map(({ file }) => file));
  const intact = roots.filter(
    ({ after }) => after === undefined || !after.kustomizations.some((file) => broken.has(file)),
  );
  await mkdir(join(scratch, 'remotes'));
  const { rendered, problems } = await renderRoots(kustomize, comparison, layout, intact, join(scratch, 'remotes'));
  return { problems: sortProblems([...fromText, ...problems]), rendered };
}

/** Paths of all patches that the affected folders refer to. */
function patchesOf(roots: readonly Root[]): Set<string> {
  const links = roots.flatMap(({ after }) => after?.links ?? []);
  return new Set(links.filter(({ key }) => key.startsWith('patches')).map(({ target }) => target));
}
