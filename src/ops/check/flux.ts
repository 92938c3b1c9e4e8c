import { type MapValue, readValues, textAt } from '../yaml/values.js';
import type { Side } from './comparison.js';
import type { Problem } from './problem.js';

const GROUP = 'kustomize.toolkit.fluxcd.io/';

/** A Flux Kustomization in a file of the repository. */
interface FluxKustomization {
  name: string;
  file: string;
  path: { text: string; line: number } | undefined;
  dependsOn: { name: string; line: number }[];
}

/**
 * Flux Kustomizations whose `path` is no folder of the repository, or that wait for one that is nowhere in it. What a
 * source of another repository has cannot be told, so a missing path is an error only where this repository had it before,
 * and a warning otherwise.
 * Names with variables in them are left alone.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export async function fluxProblems(base: Side, head: Side): Promise<Problem[]> {
  const [all, before] = await Promise.all([kustomizationsOf(head), kustomizationsOf(base)]);
  const waited = new Set(before.flatMap(({ name, dependsOn }) => dependsOn.map((each) => `${name}\0${each.name}`)));
  const were = new Set(before.map(({ name }) => name));
  const names = new Set(all.map(({ name }) => name));
  const [folders, old] = [foldersOf(head), foldersOf(base)];
  return all.flatMap(({ file, name, path, dependsOn }) => {
    const target = path?.text.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '') ?? '';
    const gone = path !== undefined && target !== '' && !target.includes('$') && !folders.has(target);
    return [
      ...(gone
        ? [
            problem(
              old.has(target) ? 'error' : 'warning',
              file,
              path.line,
              `the Flux Kustomization ${name} deploys "${path.text}", which is no folder of this repository. Correct the path, or remove the Kustomization`,
            ),
          ]
        : []),
      ...dependsOn
        .filter((dependency) => !names.has(dependency.name) && !dependency.name.includes('$'))
        .map((dependency) =>
          problem(
            // What waited in vain before the change is no fault of it.
            waited.has(`${name}\0${dependency.name}`) && !were.has(dependency.name) ? 'warning' : 'error',
            file,
            dependency.line,
            `the Flux Kustomization ${name} depends on "${dependency.name}", which is nowhere in this repository, so it would wait for ever. Known: ${[...names].sort().join(', ')}`,
          ),
        ),
    ];
  });
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
        ...{ file, name: (metadata && textAt(metadata, 'name')) ?? '' },
        path: path?.kind === 'text' ? path : undefined,
        dependsOn: items.map((item) => ({ name: textAt(item, 'name') ?? '', line: item.line })),
      };
    });
}

function inner(map: MapValue, key: string): MapValue | undefined {
  const value = map.entries.get(key);
  return value?.kind === 'map' ? value : undefined;
}
