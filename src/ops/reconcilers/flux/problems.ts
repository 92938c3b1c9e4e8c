import type { Problem } from '../../tree/problem.js';
import { textAt } from '../../yaml/values.js';
import { mapAt, nameOf, valueAt } from '../fields.js';
import type { FileObject, ObjectChange } from '../reconciler.js';
import { KUSTOMIZATION } from './shape.js';
import { BOOTSTRAP_SOURCE } from './source.js';

/** Fields of `spec` that the schema of a Flux Kustomization requires. */
const REQUIRED = ['interval', 'prune', 'sourceRef'];

/** What is checked of a Flux Kustomization. */
interface FluxKustomization {
  name: string;
  file: string;
  line: number;
  /** Required fields that it does not have, as `spec.prune`. */
  missing: string[];
  path: { text: string; line: number } | undefined;
  /** `kind/name` of what it takes its folder from; empty where it does not say it. */
  source: string;
  dependsOn: { name: string; line: number }[];
}

/**
 * Flux Kustomizations whose `path` is no folder of the repository, that depend on one that is not in the repository,
 * that depend on each other in a circle, or that lack a required field. What a source of another repository has is not
 * known, so a missing path is an error only where this repository had it before, and a warning otherwise. Names and
 * paths with variables are not checked, and neither are required fields of files that the change leaves alone.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function kustomizationProblems({ before, after, changed, patches }: ObjectChange): Problem[] {
  const [old, all] = [before.objects.map(readObject), after.objects.map(readObject)];
  const written = all.filter(({ file }) => changed.has(file) && !patches.has(file));
  return [
    ...pathProblems(all, before.folders, after.folders),
    ...dependencyProblems(all, old, changed),
    ...written.flatMap(incompleteProblem),
    ...cycleProblems(all, old),
  ];
}

function readObject({ file, object }: FileObject): FluxKustomization {
  const spec = mapAt(object, 'spec');
  const path = valueAt(object, KUSTOMIZATION.pathField);
  const source = mapAt(object, 'spec', 'sourceRef');
  const depends = spec?.entries.get('dependsOn');
  const items = depends?.kind === 'list' ? depends.items.filter((item) => item.kind === 'map') : [];
  return {
    ...{ file, line: object.line, name: nameOf(object) ?? '' },
    missing: REQUIRED.filter((field) => spec?.entries.has(field) !== true).map((field) => `spec.${field}`),
    path: path?.kind === 'text' ? path : undefined,
    source: source === undefined ? '' : `${textAt(source, 'kind') ?? ''}/${textAt(source, 'name') ?? ''}`,
    dependsOn: items.map((item) => ({ name: textAt(item, 'name') ?? '', line: item.line })),
  };
}

/**
 * Those whose source is not this repository: no git repository (an OCIRepository, a Bucket, an ExternalArtifact), or another
 * one than that of `flux bootstrap`, where there is that.
 */
function elsewhere(all: readonly FluxKustomization[]): Set<FluxKustomization> {
  const own = `GitRepository/${BOOTSTRAP_SOURCE.name}`;
  const isBootstrapped = all.some(({ source }) => source === own);
  return new Set(
    all.filter(
      ({ source }) => source !== '' && source !== own && (isBootstrapped || !source.startsWith('GitRepository/')),
    ),
  );
}

/** Paths that are no folder: an error where there was one before the change. Paths of other sources are their own. */
function pathProblems(
  all: readonly FluxKustomization[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): Problem[] {
  const others = elsewhere(all);
  const here = all.filter((each) => !others.has(each));
  return here.flatMap(({ file, name, path }) => {
    const folder = path?.text.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '') ?? '';
    if (path === undefined || folder === '' || folder.includes('$') || after.has(folder)) {
      return [];
    }
    const what = `the Flux Kustomization ${name} deploys "${path.text}", which is no folder of this repository. Correct the path, or remove the Kustomization`;
    return [problem(before.has(folder) ? 'error' : 'warning', file, path.line, what)];
  });
}

/**
 * Dependencies that are not in the repository: a warning where that was so before the change, or where another source may
 * have them.
 */
function dependencyProblems(
  all: readonly FluxKustomization[],
  before: readonly FluxKustomization[],
  changed: ReadonlySet<string>,
): Problem[] {
  const names = new Set(all.map(({ name }) => name));
  const namesBefore = new Set(before.map(({ name }) => name));
  const pairsBefore = new Set(before.flatMap(({ name, dependsOn }) => dependsOn.map((on) => `${name}\0${on.name}`)));
  const known = [...names].sort().join(', ');
  const others = elsewhere(all).size > 0;
  return all.flatMap(({ file, name, dependsOn }) =>
    dependsOn
      .filter((on) => !names.has(on.name) && !on.name.includes('$'))
      .flatMap((on) => {
        const what = `the Flux Kustomization ${name} depends on "${on.name}", which is not in this repository, so it would wait forever. Known: ${known}`;
        const isOld = pairsBefore.has(`${name}\0${on.name}`) && !namesBefore.has(on.name);
        const level = isOld || others ? 'warning' : 'error';
        return isOld && !changed.has(file) ? [] : [problem(level, file, on.line, what)];
      }),
  );
}

function incompleteProblem({ file, name, line, missing }: FluxKustomization): Problem[] {
  const what = `the Flux Kustomization ${name} lacks ${missing.join(', ')}. The cluster refuses it`;
  return missing.length === 0 ? [] : [problem('error', file, line, what)];
}

/** Cycles of dependencies that the change makes. */
function cycleProblems(all: readonly FluxKustomization[], before: readonly FluxKustomization[]): Problem[] {
  const known = new Set(cyclesOf(before).map(({ names }) => names.join(' ')));
  return cyclesOf(all)
    .filter(({ names }) => !known.has(names.join(' ')))
    .map(({ first, line, names }) => {
      const what = `the Flux Kustomizations ${names.join(', ')} wait for each other, so none is ever deployed`;
      return problem('error', first.file, line, what);
    });
}

/** Every cycle once, by the one whose name sorts first; `line` is where that one names its dependency. */
function cyclesOf(all: readonly FluxKustomization[]) {
  const byName = new Map(all.map((each) => [each.name, each]));
  return all.flatMap((first) =>
    first.dependsOn.flatMap(({ name, line }) => {
      const path = shortestPath(byName, name, first.name);
      const isFirst = path?.every((other) => first.name <= other) === true;
      return path !== undefined && isFirst
        ? [{ first, line, names: [first.name, ...path.filter((other) => other !== first.name)] }]
        : [];
    }),
  );
}

/** The names on the shortest path from one to another along `dependsOn`, both included; `undefined` where there is none. */
function shortestPath(byName: ReadonlyMap<string, FluxKustomization>, from: string, to: string): string[] | undefined {
  const seen = new Set([from]);
  const queue = [[from]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1) ?? '';
    if (last === to) {
      return path;
    }
    for (const { name } of byName.get(last)?.dependsOn ?? []) {
      if (!seen.has(name)) {
        seen.add(name);
        queue.push([...path, name]);
      }
    }
  }
  return undefined;
}

function problem(level: Problem['level'], file: string, line: number, what: string): Problem {
  return { level, file, line, message: `${file}:${line}: ${what}.` };
}
