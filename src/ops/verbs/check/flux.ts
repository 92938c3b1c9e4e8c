import type { Problem } from '../../tree/problem.js';
import { type MapValue, readValues, textAt } from '../../yaml/values.js';
import type { Comparison, Side } from './comparison.js';

const GROUP = 'kustomize.toolkit.fluxcd.io/';

/** Fields of `spec` without which the cluster refuses one. */
const REQUIRED = ['interval', 'prune', 'sourceRef'];

/** A Flux Kustomization in a file of the repository. */
interface FluxKustomization {
  name: string;
  file: string;
  line: number;
  /** Fields that its schema asks for and it does not have. */
  missing: string[];
  path: { text: string; line: number } | undefined;
  dependsOn: { name: string; line: number }[];
}

/**
 * Flux Kustomizations whose `path` is no folder of the repository, or that wait for one that is nowhere in it. What a
 * source of another repository has cannot be told, so a missing path is an error only where this repository had it before,
 * and a warning otherwise. Names with variables in them are left alone. A cycle waits for ever, and one that lacks what its
 * schema asks for is refused.
 *
 * @param patches files that are parts of one: theirs is only what they change
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export async function fluxProblems(
  { base, head, changed }: Pick<Comparison, 'base' | 'head' | 'changed'>,
  patches: ReadonlySet<string> = new Set(),
): Promise<Problem[]> {
  const [all, before] = await Promise.all([kustomizationsOf(head), kustomizationsOf(base)]);
  const written = all.filter(({ file }) => changed.has(file) && !patches.has(file));
  return [
    ...pathProblems(all, foldersOf(base), foldersOf(head)),
    ...dependencyProblems(all, before),
    ...written.flatMap(incompleteProblem),
    ...cycleProblems(all, before),
  ];
}

/** Those whose `path` is no folder: an error where it was one before the change. */
function pathProblems(
  all: readonly FluxKustomization[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): Problem[] {
  return all.flatMap(({ file, name, path }) => {
    const target = path?.text.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '') ?? '';
    if (path === undefined || target === '' || target.includes('$') || after.has(target)) {
      return [];
    }
    const what = `the Flux Kustomization ${name} deploys "${path.text}", which is no folder of this repository. Correct the path, or remove the Kustomization`;
    return [problem(before.has(target) ? 'error' : 'warning', file, path.line, what)];
  });
}

/** Those that wait for one that is nowhere; what waited in vain before the change is no fault of it. */
function dependencyProblems(all: readonly FluxKustomization[], before: readonly FluxKustomization[]): Problem[] {
  const names = new Set(all.map(({ name }) => name));
  const were = new Set(before.map(({ name }) => name));
  const waited = new Set(before.flatMap(({ name, dependsOn }) => dependsOn.map((each) => `${name}\0${each.name}`)));
  const known = [...names].sort().join(', ');
  return all.flatMap(({ file, name, dependsOn }) =>
    dependsOn
      .filter((on) => !names.has(on.name) && !on.name.includes('$'))
      .map((on) => {
        const what = `the Flux Kustomization ${name} depends on "${on.name}", which is nowhere in this repository, so it would wait for ever. Known: ${known}`;
        const isOld = waited.has(`${name}\0${on.name}`) && !were.has(on.name);
        return problem(isOld ? 'warning' : 'error', file, on.line, what);
      }),
  );
}

function incompleteProblem({ file, name, line, missing }: FluxKustomization): Problem[] {
  const what = `the Flux Kustomization ${name} lacks ${missing.join(', ')}. The cluster refuses it`;
  return missing.length === 0 ? [] : [problem('error', file, line, what)];
}

/** Flux Kustomizations that wait for each other, unless they did before the change. */
function cycleProblems(all: readonly FluxKustomization[], before: readonly FluxKustomization[]): Problem[] {
  const known = new Set(cyclesOf(before).map(({ way }) => way.join(' ')));
  return cyclesOf(all)
    .filter(({ way }) => !known.has(way.join(' ')))
    .map(({ at, line, way }) =>
      problem(
        'error',
        at.file,
        line,
        `the Flux Kustomizations ${way.join(', ')} wait for each other, so none is ever deployed`,
      ),
    );
}

/** Every cycle once, by the first of its names. */
function cyclesOf(all: readonly FluxKustomization[]) {
  const byName = new Map(all.map((each) => [each.name, each]));
  return all.flatMap((at) =>
    at.dependsOn.flatMap(({ name, line }) => {
      const way = wayBack(byName, name, at.name);
      const isFirst = way?.every((other) => at.name <= other) === true;
      return way !== undefined && isFirst
        ? [{ at, line, way: [at.name, ...way.filter((other) => other !== at.name)] }]
        : [];
    }),
  );
}

/** The names on the shortest way from one to another along `dependsOn`, both included; `undefined` where there is none. */
function wayBack(byName: ReadonlyMap<string, FluxKustomization>, from: string, to: string): string[] | undefined {
  const seen = new Set([from]);
  const open = [[from]];
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const at = way.at(-1) ?? '';
    if (at === to) {
      return way;
    }
    for (const { name } of byName.get(at)?.dependsOn ?? []) {
      if (!seen.has(name)) {
        seen.add(name);
        open.push([...way, name]);
      }
    }
  }
  return undefined;
}

function problem(level: Problem['level'], file: string, line: number, what: string): Problem {
  return { level, file, line, message: `${file}:${line}: ${what}.` };
}

function foldersOf({ paths }: Side): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      folders.add(parts.slice(0, depth).join('/'));
    }
  }
  return folders;
}

async function kustomizationsOf({ tree, paths }: Side): Promise<FluxKustomization[]> {
  const files = paths.filter((path) => /\.ya?ml$/.test(path));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await tree.read(file);
      return text?.includes(GROUP) ? read(file, text) : [];
    }),
  );
  return found.flat();
}

function read(file: string, text: string): FluxKustomization[] {
  let documents: ReturnType<typeof readValues>;
  try {
    documents = readValues(text, file);
  } catch {
    return []; // What is broken is told where it is changed.
  }
  return documents
    .filter((value) => value.kind === 'map')
    .filter((map) => textAt(map, 'kind') === 'Kustomization' && textAt(map, 'apiVersion')?.startsWith(GROUP))
    .map((map) => {
      const spec = inner(map, 'spec');
      const path = spec?.entries.get('path');
      const depends = spec?.entries.get('dependsOn');
      const items = depends?.kind === 'list' ? depends.items.filter((item) => item.kind === 'map') : [];
      const metadata = inner(map, 'metadata');
      return {
        ...{ file, line: map.line, name: (metadata && textAt(metadata, 'name')) ?? '' },
        missing: REQUIRED.filter((field) => spec === undefined || !spec.entries.has(field)).map(
          (field) => `spec.${field}`,
        ),
        path: path?.kind === 'text' ? path : undefined,
        dependsOn: items.map((item) => ({ name: textAt(item, 'name') ?? '', line: item.line })),
      };
    });
}

function inner(map: MapValue, key: string): MapValue | undefined {
  const value = map.entries.get(key);
  return value?.kind === 'map' ? value : undefined;
}
