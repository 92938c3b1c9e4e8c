import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allEnvironments } from '../../overlays/environments.js';
import { detectLayout, type Layout } from '../../overlays/layout.js';
import { HOLDS_FILE, type Hold, readHolds } from '../../policy/holds.js';
import { NO_POLICY, POLICY_FILE, type Policy, readPolicy } from '../../policy/policy.js';
import { findKustomize, NO_KUSTOMIZE } from '../../render/run-kustomize.js';
import type { Comparison } from './comparison.js';
import { fileProblems, keptPatchProblems } from './files.js';
import { fluxProblems } from './flux.js';
import { type HeldVersion, heldVersions } from './moves.js';
import { previewProblems } from './previews.js';
import { inOrder, type Problem } from './problem.js';
import { referenceProblems } from './references.js';
import { type RenderedRoot, renderRoots } from './render-roots.js';
import { affectedRoots, type Root } from './roots.js';
import { ruledEnvironments, touchedEnvironments } from './touched.js';
import { unreferencedProblems } from './unreferenced.js';

/** What can be said of a change from its files alone. */
export interface Inspection {
  layout: Layout;
  /** The rules that are in force, those of the base: a change of the policy does not allow itself. */
  policy: Policy;
  /** The holds that are on: a change does not lift the one that it runs against. */
  standingHolds: Hold[];
  /** The holds as they will be. */
  holds: Hold[];
  /** All long-lived environments: those of the policy in its order, then those that only have folders. */
  environments: string[];
  /** Those of which something changes. */
  touched: ReadonlySet<string>;
  /** Those whose own rules change: that takes the approvals that they ask for as long as they do. */
  ruled: ReadonlySet<string>;
  /** Paths that differ. */
  changed: ReadonlySet<string>;
  roots: Root[];
  /** What environments hold afterwards of the apps that the change can affect. */
  held: HeldVersion[];
}

/** Looks at a change without building anything. @throws Error where the base's own policy or layout cannot be read */
export async function inspect(comparison: Comparison): Promise<Inspection & { problems: Problem[] }> {
  const { base, head, changed } = comparison;
  const policy = readPolicy(await base.tree.read(POLICY_FILE));
  const layout = await layoutOf(comparison, policy);
  const { roots, problems } = await affectedRoots(comparison, layout);
  const environments = await allEnvironments(head.tree, layout, policy);
  return {
    ...{ layout, policy, changed, roots, problems, environments },
    touched: touchedEnvironments(changed, roots, environments),
    ruled: ruledEnvironments(policy, await head.tree.read(POLICY_FILE), environments),
    standingHolds: await holdsOf(base.tree.read(HOLDS_FILE)),
    holds: await holdsOf(head.tree.read(HOLDS_FILE)),
    held: await heldVersions(comparison, layout, roots),
  };
}

async function layoutOf({ head }: Comparison, policy: Policy): Promise<Layout> {
  try {
    return await detectLayout(head.tree, policy.overlay ?? NO_POLICY.overlay);
  } catch {
    return { templates: [] }; // A repository without overlays has kustomizations to build all the same.
  }
}

/** Broken holds are told as a problem of their file. */
async function holdsOf(reading: Promise<string | undefined>): Promise<Hold[]> {
  try {
    return readHolds(await reading);
  } catch {
    return [];
  }
}

/** Paths of all patches that what is built refers to. */
function patchesOf(roots: readonly Root[]): Set<string> {
  const links = roots.flatMap(({ after }) => after?.links ?? []);
  return new Set(links.filter(({ key }) => key.startsWith('patches')).map(({ target }) => target));
}

/** What a full check of the files gives. */
export interface FileCheck {
  problems: Problem[];
  /** `undefined` where nothing can be built on this machine. */
  rendered: RenderedRoot[] | undefined;
}

/** Checks all files that a change concerns, and builds what it can alter. @param scratch an empty folder */
export async function checkFiles(
  comparison: Comparison,
  inspection: Inspection & { problems: Problem[] },
  scratch: string,
): Promise<FileCheck> {
  const { roots, layout } = inspection;
  const fromFiles = await Promise.all([
    fileProblems(comparison),
    keptPatchProblems(comparison, layout),
    unreferencedProblems(comparison, layout, roots),
    previewProblems(comparison),
    fluxProblems(comparison, patchesOf(roots)),
  ]);
  const references = referenceProblems(roots, layout);
  const found = [...inspection.problems, ...fromFiles.flat(), ...references];
  const kustomize = await findKustomize();
  if (kustomize === undefined) {
    const missing: Problem = {
      level: 'error',
      file: '',
      line: undefined,
      message: `Nothing was checked by building it: ${NO_KUSTOMIZE}.`,
    };
    return { problems: inOrder([...found, missing]), rendered: undefined };
  }
  // What refers to nothing does not build, and its own message says more.
  const broken = new Set(references.filter(({ level }) => level === 'error').map(({ file }) => file));
  const whole = roots.filter(
    ({ after }) => after === undefined || !after.kustomizations.some((file) => broken.has(file)),
  );
  await mkdir(join(scratch, 'remotes'));
  const { rendered, problems } = await renderRoots(kustomize, comparison, layout, whole, join(scratch, 'remotes'));
  return { problems: inOrder([...found, ...problems]), rendered };
}
