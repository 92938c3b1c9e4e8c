import { posix } from 'node:path';
import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { type Checkout, locate, named, pathIn, readIn } from '../checkout.js';
import { readValues, valueAt, writeValue } from '../values.js';
import { chartWithDependencies } from './chart-dependencies.js';
import { DEFAULT_NAMESPACE, renderChart } from './render-chart.js';
import type { RemoteSources, RenderOptions } from './source.js';
import type { Tools } from './tools.js';

const texts = v.optional(v.array(v.string()), []);

/** @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/types/helmchartargs.go */
const chartSchema = v.strictObject({
  ...{ name: v.string(), version: v.optional(v.string()), repo: v.optional(v.string()) },
  releaseName: v.optional(v.string()),
  namespace: v.optional(v.string()),
  ...{ valuesFile: v.optional(v.string()), additionalValuesFiles: texts },
  valuesInline: v.optional(v.record(v.string(), v.unknown())),
  valuesMerge: v.optional(v.picklist(['override', 'merge', 'replace']), 'override'),
  ...{ includeCRDs: v.optional(v.boolean(), false), skipHooks: v.optional(v.boolean()) },
  ...{ skipTests: v.optional(v.boolean()), debug: v.optional(v.boolean()) },
  ...{ apiVersions: texts, kubeVersion: v.optional(v.string()) },
});

const schema = v.looseObject({
  helmCharts: v.optional(v.array(chartSchema), []),
  helmGlobals: v.optional(
    v.strictObject({ chartHome: v.optional(v.string()), configHome: v.optional(v.string()) }),
    {},
  ),
});

type InflatedChart = v.InferOutput<typeof chartSchema>;

/** What charts are rendered with. */
export interface Inflation {
  remote: RemoteSources;
  options: Pick<RenderOptions, 'withDefinitions' | 'withChartHooks' | 'capabilities'>;
  tools: Pick<Tools, 'helm'>;
  note(text: string): void;
}

/**
 * The charts that a kustomization inflates (`helmCharts`), rendered by the machine's own helm as every chart is. Kustomize itself
 * would fetch what it pleases, and takes helm 3 alone.
 *
 * @param file path of the kustomization in the checkout
 * @returns a manifest for each chart, without those that come to nothing
 * @throws ConfigError with file and line; Error with what helm said, or that a chart is not pinned
 */
export async function inflateCharts(
  checkout: Checkout,
  file: string,
  text: string,
  inflation: Inflation,
): Promise<string[]> {
  const where = named(checkout, file);
  const { value, error } = readConfigFile(schema, text, where);
  const written = valueAt(readValues(text, where)[0], 'helmCharts');
  const manifests: string[] = [];
  for (const [index, chart] of value.helmCharts.entries()) {
    const inline = written?.kind === 'list' ? valueAt(written.items[index], 'valuesInline') : undefined;
    if (chart.valuesMerge === 'merge' && chart.valuesFile === undefined) {
      const key = ['helmCharts', index, 'valuesMerge'];
      throw error(key, '`merge` lets a values file win, and there is none. Expected `valuesFile`, or `override`.');
    }
    if (chart.releaseName === undefined) {
      const place = ['helmCharts', index];
      throw error(
        place,
        'expected `releaseName`: without it helm makes up another one each time, and nothing stays the same.',
      );
    }
    const { name, version, repo, releaseName } = chart;
    const said = [name, version, repo && `of ${repo}`, `as ${releaseName}`].filter((word) => word !== undefined);
    inflation.remote.part?.(`${where}: ${said.join(' ')}`);
    await inflation.tools.helm();
    const objects = await renderChart(
      {
        path: await pathOf(checkout, file, chart, value.helmGlobals.chartHome ?? 'charts', inflation.remote),
        from: `${where} (${chart.name})`,
        name: chart.releaseName,
        namespace: chart.namespace ?? DEFAULT_NAMESPACE,
        values: await valuesOf(checkout, file, chart, inline === undefined ? '' : writeValue(inline), inflation.remote),
        withDefinitions: chart.includeCRDs || inflation.options.withDefinitions,
        withHooks: inflation.options.withChartHooks && chart.skipHooks !== true,
        withTests: chart.skipTests !== true,
        capabilities: capabilitiesOf(chart, inflation.options.capabilities),
      },
      inflation.note,
    );
    manifests.push(objects.map((object) => writeValue(object.value)).join('---\n'));
  }
  return manifests.filter((manifest) => manifest !== '');
}

/** What a chart is told of the cluster: what its own entry says, and what is said of all. */
function capabilitiesOf(
  { kubeVersion, apiVersions }: InflatedChart,
  all: RenderOptions['capabilities'],
): RenderOptions['capabilities'] {
  return { kubeVersion: kubeVersion ?? all?.kubeVersion, apiVersions: [...apiVersions, ...(all?.apiVersions ?? [])] };
}

/** A chart of the repository, where kustomize looks for it; else the one of a server, as it is pinned. */
async function pathOf(
  checkout: Checkout,
  file: string,
  { name, version, repo }: InflatedChart,
  home: string,
  remote: RemoteSources,
): Promise<string> {
  const folder = posix.dirname(file);
  for (const place of [...(version === undefined ? [] : [`${name}-${version}/${name}`]), name]) {
    const inside = pathIn(folder, posix.join(home, place));
    if (inside !== undefined && (await locate(checkout, inside)) !== undefined) {
      return chartWithDependencies(checkout, inside, remote);
    }
  }
  if (repo === undefined) {
    throw new Error(
      `${named(checkout, file)} inflates the chart ${name}, and there is no ${posix.join(home, name)} beside it. Expected that folder, or \`repo\` and \`version\` of a chart that is fetched.`,
    );
  }
  return remote.chart({ repository: repo, chart: name, version });
}

/** Values files in the order in which the last one wins. */
async function valuesOf(
  checkout: Checkout,
  file: string,
  { valuesFile, additionalValuesFiles, valuesMerge }: InflatedChart,
  inline: string,
  remote: RemoteSources,
): Promise<string[]> {
  const read = async (path: string) => {
    const inside = pathIn(posix.dirname(file), path);
    const text = /^https?:/.test(path) ? await remote.file(path) : inside && (await readIn(checkout, inside));
    if (text === undefined) {
      throw new Error(`${named(checkout, file)}: there is no ${path}. Expected a file of values in the repository.`);
    }
    return text;
  };
  const own = valuesFile === undefined ? '' : await read(valuesFile);
  const first = { override: [own, inline], merge: [inline, own], replace: [inline === '' ? own : inline] };
  return [...first[valuesMerge], ...(await Promise.all(additionalValuesFiles.map(read)))];
}
