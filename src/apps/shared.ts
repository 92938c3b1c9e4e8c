import picomatch from 'picomatch';
import { didYouMean } from '../config/nearest.js';
import type { ConfigFile } from '../config/read-config.js';
import type { App } from './app.js';
import type { AppsConfig } from './config.js';
import { PATTERN_OPTIONS } from './touched.js';
import type { RepositoryTree } from './tree.js';

/** Folders that no pattern looks into. */
const NO_SOURCES = new Set(['.git', 'node_modules']);

/**
 * The app with its shared paths as they are in the repository: patterns with what they match.
 *
 * @throws ConfigError at a path or pattern that matches nothing: its changes would never release the app
 */
export async function resolveShared(tree: RepositoryTree, file: ConfigFile<AppsConfig>, app: App): Promise<App> {
  const found = await Promise.all(
    app.shared.map(async (path, index) => {
      if (await exists(tree, path)) {
        return { paths: [path], patterns: [] };
      }
      const isPattern = picomatch.scan(path).isGlob;
      const paths = isPattern ? await matching(tree, path) : [];
      if (paths.length === 0) {
        const siblings = isPattern ? [] : ((await tree.list(parentOf(path))) ?? []).map(({ name }) => name);
        const hint = didYouMean(path.slice(path.lastIndexOf('/') + 1), siblings);
        throw file.error(
          ['apps', app.name, 'shared', index],
          `"${path}" matches nothing in the repository, so no change of it would release ${app.name}.${hint}`,
        );
      }
      return { paths, patterns: [path] };
    }),
  );
  const patterns = found.flatMap((one) => one.patterns);
  const shared = [...new Set(found.flatMap((one) => one.paths))];
  return patterns.length === 0 ? app : { ...app, shared, patterns };
}

async function exists(tree: RepositoryTree, path: string): Promise<boolean> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path === '.' || ((await tree.list(parentOf(path))) ?? []).some((entry) => entry.name === name);
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}

/** The files and folders that a pattern matches; of a folder that matches, not what is in it. */
async function matching(tree: RepositoryTree, pattern: string): Promise<string[]> {
  const matches = picomatch(pattern, PATTERN_OPTIONS);
  const deepest = pattern.includes('**') ? Number.POSITIVE_INFINITY : pattern.split('/').length;
  const walk = async (folder: string, depth: number): Promise<string[]> => {
    const entries = (depth <= deepest ? await tree.list(folder) : undefined) ?? [];
    const found = entries.map(async ({ name, kind }) => {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (NO_SOURCES.has(name)) {
        return [];
      }
      return matches(path) ? [path] : kind === 'folder' ? walk(path, depth + 1) : [];
    });
    return (await Promise.all(found)).flat();
  };
  return (await walk('.', 1)).sort();
}
