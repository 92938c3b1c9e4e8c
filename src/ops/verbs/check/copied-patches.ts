import { posix } from 'node:path';
import { inEnvironment, type Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import type { Problem } from '../../tree/problem.js';
import type { Comparison } from './comparison.js';

/**
 * Patches that belong to one environment (`_<intent>.yaml`) and were copied into another one by accident: the change adds
 * a patch that is byte for byte the one of another environment for the same app, and at the same time makes another file
 * of the folder the same as there. A patch that is added by itself is taken for a decision.
 */
export async function copiedPatchProblems(comparison: Comparison, layout: Layout): Promise<Problem[]> {
  const { base, head, changed } = comparison;
  const pathsAfter = new Set(head.paths);
  const pathsBefore = new Set(base.paths);
  const added = [...changed].filter(
    (path) =>
      pathsAfter.has(path) &&
      !pathsBefore.has(path) &&
      posix.basename(path).startsWith('_') &&
      overlayOfPath(layout, path),
  );
  const problems = await Promise.all(
    added.map(async (path): Promise<Problem[]> => {
      const source = await copiedFrom(comparison, layout, path);
      const environment = overlayOfPath(layout, path)?.environment ?? '';
      const message =
        `${path} is a copy of the patch of ${source}, which belongs to that environment alone, as its "_" says. Leave it out, or add it ` +
        `to ${environment} in a change of its own.`;
      return source === undefined ? [] : [{ level: 'error', file: path, line: undefined, message }];
    }),
  );
  return problems.flat();
}

/** The environment that a file was copied from together with a neighbour; `undefined` where there is none. */
async function copiedFrom({ base, head, changed }: Comparison, layout: Layout, path: string) {
  const overlay = overlayOfPath(layout, path);
  const text = await head.tree.read(path);
  const twin = (file: string, environment: string) => twinOf(layout, file, environment);
  for (const environment of environmentsIn(base.paths, layout)) {
    const other = twin(path, environment);
    if (environment === overlay?.environment || other === undefined || (await base.tree.read(other)) !== text) {
      continue;
    }
    const neighbours = [...changed].filter(
      (file) => file !== path && posix.dirname(file) === posix.dirname(path) && !posix.basename(file).startsWith('_'),
    );
    for (const file of neighbours) {
      const source = twin(file, environment);
      const content = await head.tree.read(file);
      if (source !== undefined && content !== undefined && (await base.tree.read(source)) === content) {
        return environment;
      }
    }
  }
  return undefined;
}

function environmentsIn(paths: readonly string[], layout: Layout): Set<string> {
  return new Set(paths.flatMap((path) => overlayOfPath(layout, path)?.environment ?? []));
}

/** The path of the same file in another environment. */
function twinOf(layout: Layout, path: string, environment: string): string | undefined {
  const overlay = overlayOfPath(layout, path);
  if (overlay === undefined) {
    return undefined;
  }
  for (const template of layout.templates) {
    const folder = (name: string) => inEnvironment(layout, template, name).replaceAll('{app}', overlay.app);
    if (path.startsWith(`${folder(overlay.environment)}/`)) {
      return `${folder(environment)}${path.slice(folder(overlay.environment).length)}`;
    }
  }
  return undefined;
}
