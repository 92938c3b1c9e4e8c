import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRequestFailure } from '../../github/errors.js';
import { inParallel } from '../../runtime/parallel.js';
import type { Layout } from '../overlays/layout.js';
import type { Change } from '../tree/change.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { build } from './build.js';
import { type ChangeGroup, changeGroups } from './change-groups.js';
import { writeClosure } from './closure.js';
import { compareResources, type ResourceChange } from './compare-resources.js';
import type { Resource } from './resource.js';
import { findKustomize, type Kustomize, NO_KUSTOMIZE } from './run-kustomize.js';

/** What a change of the repository changes in the build of a folder. */
export interface RenderedFolder {
  folder: string;
  changes: ResourceChange[];
  /** The same changes, grouped by app. */
  groups: ChangeGroup[];
  /** Why the builds could not be compared, as a sentence; `undefined` where they were. */
  problem: string | undefined;
}

/** What a change of the repository changes in the builds of folders, or why that is not known. */
export type RenderedDiff = { changes: ResourceChange[]; folders: RenderedFolder[] } | { unavailable: string };

/**
 * Builds folders with a kustomization before and after a change of the repository, and compares the results. A new
 * folder has no objects before, a deleted one none after. A folder that does not build has a `problem`, and the others
 * are compared nevertheless.
 *
 * @param tree the repository without the change
 * @param layout to find the environment and app of a folder, and the apps of a group; not needed where only `changes`
 *   are
 * @returns `unavailable` with the reason where the machine has no kustomize
 * @throws Error where a request of the tree fails
 */
export async function renderedDiff(
  tree: TreeReader,
  change: Change,
  folders: readonly string[],
  layout?: Layout,
): Promise<RenderedDiff> {
  const kustomize = await findKustomize();
  if (kustomize === undefined) {
    return { unavailable: `The rendered difference is missing: ${NO_KUSTOMIZE}.` };
  }
  const after = changedTree(tree, change);
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-render-'));
  try {
    const rendered = await inParallel([...folders.entries()], availableParallelism(), ([index, folder]) =>
      renderOne({ kustomize, layout, before: tree, after }, folder, join(scratch, String(index))),
    );
    return { changes: rendered.flatMap(({ changes }) => changes), folders: rendered };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The two trees to compare, and what it takes to build them. */
interface Sides {
  kustomize: Kustomize;
  layout: Layout | undefined;
  before: TreeReader;
  after: TreeReader;
}

async function renderOne(sides: Sides, folder: string, scratch: string): Promise<RenderedFolder> {
  const [before, after] = await Promise.all([
    renderSide(sides, 'before', folder, scratch),
    renderSide(sides, 'after', folder, scratch),
  ]);
  const problem = 'problem' in after ? after.problem : 'problem' in before ? before.problem : undefined;
  const [old, fresh] = ['resources' in before ? before.resources : [], 'resources' in after ? after.resources : []];
  const changes = problem === undefined ? compareResources(old, fresh) : [];
  return { folder, changes, groups: changeGroups(sides.layout, folder, changes), problem };
}

type Rendered = { resources: Resource[] } | { problem: string };

async function renderSide(
  { kustomize, layout, ...trees }: Sides,
  side: 'before' | 'after',
  folder: string,
  scratch: string,
): Promise<Rendered> {
  if ((await trees[side].list(folder)) === undefined) {
    return { resources: [] };
  }
  try {
    const closure = await writeClosure(trees[side], folder, join(scratch, side));
    const { read } = await build(kustomize, join(scratch, side), closure, layout);
    return { resources: read() };
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
