import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inParallel } from '../../../runtime/parallel.js';
import type { Root } from '../../judgement/roots.js';
import type { Layout } from '../../overlays/layout.js';
import { type Built, build } from '../../render/build.js';
import { type ChangeGroup, changeGroups } from '../../render/change-groups.js';
import type { Closure } from '../../render/closure.js';
import { compareResources } from '../../render/compare-resources.js';
import { BuildFailure, buildFolder, type Kustomize } from '../../render/run-kustomize.js';
import type { Problem } from '../../tree/problem.js';
import type { Comparison, Side } from './comparison.js';
import { type RenderedVersion, renderedVersions } from './untied-versions.js';
import { workloadProblems } from './workloads.js';

/** What a change alters in the result of one folder. */
export interface RenderedRoot {
  root: Root;
  /** What changes, app by app; `undefined` where one side could not be built. */
  groups: ChangeGroup[] | undefined;
  /** Versions that change in it; none where one side could not be built. */
  versions?: RenderedVersion[];
  /** Why it was not built, where that is no fault of the change; a sentence. */
  notBuilt?: string;
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
    const nothing = { root, groups: undefined };
    const why = outOfReach(root, unreachable);
    if (why !== undefined) {
      return { ...nothing, notBuilt: `${root.folder}: ${why}` };
    }
    const one = (side: Side, closure: Closure | undefined, found: Problem[]) =>
      closure === undefined ? NOTHING : tryBuild({ kustomize, layout, side }, closure, found);
    const [wrongAfter, wrongBefore]: [Problem[], Problem[]] = [[], []];
    const [after, before] = [await one(head, root.after, wrongAfter), await one(base, root.before, wrongBefore)];
    if (after === undefined || before === undefined) {
      const [problem] = wrongAfter;
      if (problem !== undefined && problem.message === wrongBefore[0]?.message) {
        return { ...nothing, notBuilt: `${problem.message} That is so without this change too.` };
      }
      problems.push(...wrongAfter);
      return wrongAfter.length > 0 ? nothing : { ...nothing, notBuilt: `${root.folder} did not build before.` };
    }
    const { changes, wrong, versions } = compared(root.folder, before, after);
    problems.push(...wrong);
    return { root, groups: changeGroups(layout, root.folder, changes), versions };
  });
  return { rendered, problems };
}

/** Of a side that does not have the folder. */
const NOTHING: Built = { output: '', read: () => [] };

function compared(folder: string, before: Built, after: Built) {
  if (before.output === after.output) {
    return { changes: [], wrong: [], versions: [] };
  }
  const [old, fresh] = [before.read(), after.read()];
  return {
    changes: compareResources(old, fresh),
    wrong: workloadProblems(folder, old, fresh),
    versions: renderedVersions(old, fresh),
  };
}

/** Why a folder cannot be built here; `undefined` where it can. */
function outOfReach({ before, after }: Root, unreachable: ReadonlyMap<string, string>): string | undefined {
  const sides = [after, before].flatMap((closure) => closure ?? []);
  const [chart] = sides.flatMap(({ helm }) => helm);
  const [remote] = sides.flatMap(({ remotes }) => remotes.filter(({ path }) => unreachable.has(path)));
  return chart !== undefined
    ? `${chart} inflates Helm charts.`
    : remote && `the base ${remote.path} could not be fetched.`;
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
