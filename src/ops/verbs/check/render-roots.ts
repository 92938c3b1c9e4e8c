import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inParallel } from '../../../runtime/parallel.js';
import type { Layout } from '../../overlays/layout.js';
import { type Built, build } from '../../render/build.js';
import { type ChangeGroup, changeGroups } from '../../render/change-groups.js';
import type { Closure } from '../../render/closure.js';
import { compareResources } from '../../render/compare-resources.js';
import { BuildFailure, buildFolder, type Kustomize } from '../../render/run-kustomize.js';
import type { Problem } from '../../tree/problem.js';
import type { Comparison, Side } from './comparison.js';
import type { Root } from './roots.js';
import { workloadProblems } from './workloads.js';

/** What a change alters in the result of one folder. */
export interface RenderedRoot {
  root: Root;
  /** What changes, app by app; `undefined` where one side could not be built. */
  groups: ChangeGroup[] | undefined;
}

export interface RenderedRoots {
  rendered: RenderedRoot[];
  problems: Problem[];
}

/**
 * Builds every folder on both sides and compares, as many at once as there are processors. A base of another repository
 * that cannot be fetched is reported once; only the folders that take it in are left out.
 *
 * @param scratch an empty folder
 */
export async function renderRoots(
  kustomize: Kustomize,
  { base, head }: Comparison,
  layout: Layout,
  roots: readonly Root[],
  scratch: string,
): Promise<RenderedRoots> {
  const problems: Problem[] = [];
  const unreachable = await unreachableBases(kustomize, roots, scratch);
  for (const [address, reason] of unreachable) {
    const mention = mentionOf(roots, address);
    const message =
      `The base ${address} could not be fetched, so what takes it in was not built (${reason}). Check that the address and the ` +
      'tag exist, and that this job may read that repository.';
    problems.push({ level: 'warning', file: mention?.file ?? '', line: mention?.line, message });
  }
  const rendered = await inParallel(roots, availableParallelism(), async (root): Promise<RenderedRoot> => {
    if (isOutOfReach(root.after, unreachable) || isOutOfReach(root.before, unreachable)) {
      return { root, groups: undefined };
    }
    const one = (side: Side, closure: Closure | undefined, found: Problem[]) =>
      closure === undefined ? NOTHING : tryBuild({ kustomize, layout, side }, closure, found);
    const [after, before] = [await one(head, root.after, problems), await one(base, root.before, [])];
    if (after === undefined || before === undefined) {
      return { root, groups: undefined };
    }
    const { changes, wrong } = compared(root.folder, before, after);
    problems.push(...wrong);
    return { root, groups: changeGroups(layout, root.folder, changes) };
  });
  return { rendered, problems };
}

/** Of a side that does not have the folder. */
const NOTHING: Built = { output: '', read: () => [] };

function compared(folder: string, before: Built, after: Built) {
  if (before.output === after.output) {
    return { changes: [], wrong: [] };
  }
  const [old, fresh] = [before.read(), after.read()];
  return { changes: compareResources(old, fresh), wrong: workloadProblems(folder, old, fresh) };
}

function isOutOfReach(closure: Closure | undefined, unreachable: ReadonlyMap<string, string>): boolean {
  return (
    closure !== undefined && (closure.helm.length > 0 || closure.remotes.some(({ path }) => unreachable.has(path)))
  );
}

async function tryBuild(
  { kustomize, layout, side }: { kustomize: Kustomize; layout: Layout; side: Side },
  closure: Closure,
  problems: Problem[],
): Promise<Built | undefined> {
  try {
    return await build(kustomize, side.root, closure, layout);
  } catch (error) {
    if (!(error instanceof BuildFailure)) {
      throw error;
    }
    problems.push({ level: 'error', file: closure.folder, line: undefined, message: error.message });
    return undefined;
  }
}

/** Remote bases that do not build by themselves, with kustomize's message: the fault is not in the folders that use them. */
async function unreachableBases(kustomize: Kustomize, roots: readonly Root[], scratch: string) {
  const addresses = new Set(
    roots.flatMap(({ before, after }) =>
      [before, after].flatMap((closure) => closure?.remotes.map(({ path }) => path) ?? []),
    ),
  );
  const unreachable = new Map<string, string>();
  await inParallel([...[...addresses].entries()], availableParallelism(), async ([index, address]) => {
    const folder = `remote-${index}`;
    await mkdir(join(scratch, folder), { recursive: true });
    await writeFile(join(scratch, folder, 'kustomization.yaml'), `resources: [${JSON.stringify(address)}]\n`);
    try {
      await buildFolder(kustomize, scratch, folder);
    } catch (error) {
      if (!(error instanceof BuildFailure)) {
        throw error;
      }
      unreachable.set(address, error.reason.slice(0, 300));
    }
  });
  return unreachable;
}

function mentionOf(roots: readonly Root[], address: string) {
  return roots.flatMap(({ after }) => after?.remotes ?? []).find(({ path }) => path === address);
}
