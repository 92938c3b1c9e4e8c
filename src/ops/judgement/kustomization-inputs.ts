import { posix } from 'node:path';
import { buildInputs } from '../kustomize/build-inputs.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import { openPath } from '../reconcilers/object-inputs.js';
import { type MapValue, mapAt, readValues, textAt, type YamlValue } from '../yaml/values.js';
import { onceEach } from './once-each.js';
import type { SideFiles } from './side-files.js';

/** Lists of plugins: each entry is a file, a folder, or an object as a text. */
export const PLUGINS = ['generators', 'transformers', 'validators'] as const;

const inputsOf = onceEach((path, text) => buildInputs(text, path));

/**
 * What a kustomization takes in of the repository, as paths from its root: all that it refers to, the charts that it renders from
 * a folder, and whatever file the configuration of a plugin names.
 *
 * @throws InvalidYaml where it is not valid YAML
 */
export async function kustomizationInputs(files: SideFiles, path: string): Promise<string[]> {
  const text = (await files.text(path)) ?? '';
  const at = (written: string) => openPath(posix.join(posix.dirname(path), written));
  const own = inputsOf(path, text).flatMap((input) => (input.kind === 'remote' ? [] : [at(input.path)]));
  const [root] = await files.maps(path);
  if (root === undefined) {
    return own;
  }
  const isThere = (each: string) => each !== '' && files.below(each).length > 0;
  const charts = chartsOf(root).filter(({ folder, isFetched }) => !isFetched || isThere(at(folder)));
  const named = (await textsOfPlugins(files, path, root)).map(at).filter(isThere);
  return [...own, ...charts.map(({ folder }) => at(folder)), ...named];
}

/** The folders of charts, which lie beside the kustomization, whether it fetched them or somebody put them there. */
export function chartsOf(root: MapValue): { folder: string; isFetched: boolean; line: number }[] {
  const globals = mapAt(root, 'helmGlobals');
  const home = (globals && textAt(globals, 'chartHome')) ?? 'charts';
  const charts = mapsAt(root, 'helmCharts').map((chart) => ({
    ...{ folder: posix.join(home, textAt(chart, 'name') ?? ''), line: chart.line },
    isFetched: textAt(chart, 'repo') !== undefined,
  }));
  const older = mapsAt(root, 'helmChartInflationGenerator').map((chart) => ({
    folder: posix.join(textAt(chart, 'chartHome') ?? 'charts', textAt(chart, 'chartName') ?? ''),
    ...{ isFetched: textAt(chart, 'chartRepoUrl') !== undefined, line: chart.line },
  }));
  return [...charts, ...older];
}

async function textsOfPlugins(files: SideFiles, path: string, root: MapValue): Promise<string[]> {
  const plugins = await pluginsOf(files, path, root);
  return plugins.flatMap(({ object }) => textsIn(object)).filter((text) => !text.includes('\n'));
}

/** The configurations of the plugins of a kustomization, with the key that they are listed under. */
export async function pluginsOf(
  files: SideFiles,
  path: string,
  root: MapValue,
): Promise<{ key: (typeof PLUGINS)[number]; object: MapValue }[]> {
  const listed = PLUGINS.flatMap((key) => textsIn(root.entries.get(key)).map((text) => ({ key, text })));
  const found = await Promise.all(
    listed.map(async ({ key, text }) => {
      const inline = text.includes('\n') || /^\s*\{/.test(text) ? inlineMaps(text) : undefined;
      const folder = openPath(posix.join(posix.dirname(path), text));
      const objects = inline ?? (await Promise.all(files.below(folder).map((each) => files.maps(each)))).flat();
      return objects.map((object) => ({ key, object }));
    }),
  );
  return found.flat();
}

function inlineMaps(text: string): MapValue[] {
  try {
    return readValues(text, '').filter((value: YamlValue) => value.kind === 'map');
  } catch {
    return [];
  }
}
