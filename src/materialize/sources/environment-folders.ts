import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { KUSTOMIZATION_NAMES } from '../../ops/kustomize/kustomization.js';
import { type Checkout, locate, pathIn } from '../checkout.js';
import { DEFINITION_NAMES } from '../hld/component.js';

/** The file that says that a folder is a chart. */
export const CHART_NAME = 'Chart.yaml';

const EACH = '{environment}';

/**
 * The folders that a source has for environments. A folder that is nothing itself and has a definition for each environment in a folder of
 * its name stands for these: `hld` for `hld/{environment}`. Else nothing could be made of it, so nothing is guessed.
 *
 * @param environments that are to be rendered; none where nothing names them
 * @returns the source with `{environment}` in it where each has a folder, and the names of these, sorted, where nothing names environments
 */
export async function environmentFolders(
  checkout: Checkout,
  source: string,
  environments: readonly string[],
): Promise<{ source: string; names: string[] }> {
  if (environments.length === 0) {
    return { source, names: await namesIn(checkout, source) };
  }
  const all = await Promise.all(
    environments.map((name) => hasOne(checkout, posix.join(source, name), DEFINITION_NAMES)),
  );
  const isAbove = all.every(Boolean) && !(await hasOne(checkout, source, [...DEFINITION_NAMES, ...OTHERS]));
  return { source: isAbove ? posix.join(source, EACH) : source, names: [] };
}

/** What else a folder may be that is rendered as one. */
const OTHERS = [CHART_NAME, ...KUSTOMIZATION_NAMES];

async function namesIn(checkout: Checkout, source: string): Promise<string[]> {
  // What leads out of the repository has no folders of it, nor has what is written in another way.
  const [, above = '..', below = ''] = /^((?:.*\/)?)\{environment\}(?:\/(.*))?$/.exec(source) ?? [];
  const folder = pathIn('', above);
  if (folder === undefined) {
    return [];
  }
  const place = await locate(checkout, folder);
  const entries = place === undefined ? [] : await readdir(place, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const there = await Promise.all(names.map((name) => hasOne(checkout, posix.join(folder, name), [below])));
  return names.filter((_, index) => there[index]).sort();
}

async function hasOne(checkout: Checkout, folder: string, names: readonly string[]): Promise<boolean> {
  const paths = names.flatMap((name) => pathIn(folder, name) ?? []);
  const places = await Promise.all(paths.map((path) => locate(checkout, path)));
  return places.some((place) => place !== undefined);
}
