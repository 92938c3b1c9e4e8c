import { posix } from 'node:path';
import type { Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { HOLDS_FILE, readHolds } from '../../policy/holds.js';
import { POLICY_FILE, readPolicy } from '../../policy/policy.js';
import { parseYaml } from '../../yaml/parse.js';
import type { Comparison } from './comparison.js';
import type { Problem } from './problem.js';
import { secretProblems } from './secrets.js';

/** Files larger than this hold no configuration that people write. */
const MOST_CHARACTERS = 1_000_000;

/** What is wrong with the changed files by themselves: broken YAML, rules that cannot be read, secrets in plain text. */
export async function fileProblems({ base, head, changed }: Comparison): Promise<Problem[]> {
  const there = head.paths.filter((path) => changed.has(path));
  const found = await Promise.all(
    there.map(async (path) => {
      const [before, after] = await Promise.all([base.tree.read(path), head.tree.read(path)]);
      return after === undefined || after.length > MOST_CHARACTERS || after.includes('\0')
        ? []
        : [...secretProblems(path, before, after), ...contentProblems(path, after)];
    }),
  );
  return found.flat();
}

function contentProblems(path: string, text: string): Problem[] {
  try {
    if (path === POLICY_FILE) {
      readPolicy(text, path);
    } else if (path === HOLDS_FILE) {
      readHolds(text, path);
    } else if (/\.ya?ml$/.test(path) && !text.includes('{{')) {
      parseYaml(text, path);
    }
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = /:(\d+):/.exec(message)?.[1];
    return [{ level: 'error', file: path, line: line === undefined ? undefined : Number(line), message }];
  }
}

/**
 * Patches that stay where they are (`_<intent>.yaml`) and were taken along by a copy: the change adds one that is, byte for
 * byte, another environment's of the same app, and at the same time makes a file beside it the same as that
 * environment's. One that is added by itself is somebody's own decision, even if another environment has its like.
 */
export async function keptPatchProblems(comparison: Comparison, layout: Layout): Promise<Problem[]> {
  const { base, head, changed } = comparison;
  const there = new Set(head.paths);
  const before = new Set(base.paths);
  const added = [...changed].filter(
    (path) =>
      there.has(path) && !before.has(path) && posix.basename(path).startsWith('_') && overlayOfPath(layout, path),
  );
  const problems = await Promise.all(
    added.map(async (path): Promise<Problem[]> => {
      const source = await copiedFrom(comparison, layout, path);
      const environment = overlayOfPath(layout, path)?.environment ?? '';
      const message =
        `${path} is a copy of the patch of ${source}: a name that begins with "_" says that it stays there. Leave it out, or give ` +
        `${environment} one of its own in a change of its own.`;
      return source === undefined ? [] : [{ level: 'error', file: path, line: undefined, message }];
    }),
  );
  return problems.flat();
}

/** The environment that a file was copied from together with others. */
async function copiedFrom({ base, head, changed }: Comparison, layout: Layout, path: string) {
  const place = overlayOfPath(layout, path);
  const text = await head.tree.read(path);
  const twin = (file: string, environment: string) => twinOf(layout, file, environment);
  for (const environment of environmentsIn(base.paths, layout)) {
    const other = twin(path, environment);
    if (environment === place?.environment || other === undefined || (await base.tree.read(other)) !== text) {
      continue;
    }
    const beside = [...changed].filter(
      (file) => file !== path && posix.dirname(file) === posix.dirname(path) && !posix.basename(file).startsWith('_'),
    );
    for (const file of beside) {
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
  const place = overlayOfPath(layout, path);
  if (place === undefined) {
    return undefined;
  }
  for (const template of layout.templates) {
    const folder = (name: string) => template.replaceAll('{environment}', name).replaceAll('{app}', place.app);
    if (path.startsWith(`${folder(place.environment)}/`)) {
      return `${folder(environment)}${path.slice(folder(place.environment).length)}`;
    }
  }
  return undefined;
}
