import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { KUSTOMIZATION_NAMES } from '../../ops/kustomize/kustomization.js';
import { inParallel } from '../../runtime/parallel.js';
import { type Checkout, locate, named } from '../checkout.js';
import { DEFINITION_NAMES } from '../hld/component.js';
import { type Part, partsOf } from '../hld/parts.js';
import { inNamespace, type ManifestObject, readObjects } from '../manifests/objects.js';
import { textValue, writeValue } from '../values.js';
import { chartWithDependencies } from './chart-dependencies.js';
import { CHART_NAME } from './environment-folders.js';
import { readStatic } from './read-static.js';
import { DEFAULT_NAMESPACE, renderChart } from './render-chart.js';
import { renderKustomization } from './render-kustomization.js';
import { renderRelease } from './render-release.js';
import type { RemoteSources, Rendered, Rendering, RenderOptions, ServedChart } from './source.js';
import type { Tools } from './tools.js';

/**
 * Renders what a source defines: a chart of a server; or what is in a folder: a tree of components, a chart, a kustomization or plain
 * manifests with kustomizations in folders among them, told by the file that is in it.
 *
 * @param source a folder from the root of the checkout, or a chart
 * @throws Error with the place of the first thing that cannot be rendered; nothing is left out in silence
 */
export async function renderSource(
  checkout: Checkout,
  source: string | ServedChart,
  options: RenderOptions,
  remote: RemoteSources,
  tools: Tools,
): Promise<Rendered> {
  const notes = new Set<string>();
  const rendering = { checkout, options, remote, tools, note: (text: string) => notes.add(text) };
  const objects = await (typeof source === 'string'
    ? renderFolder(rendering, source)
    : renderServed(rendering, source));
  return { objects, notes: [...notes] };
}

async function renderServed(rendering: Rendering, chart: ServedChart): Promise<ManifestObject[]> {
  const from = `${chart.repository}/${chart.chart}`;
  refuseOthers(rendering, from, 'a chart');
  const path = await rendering.remote.chart(chart);
  return renderRelease(rendering, { path, from, name: chart.chart });
}

async function renderFolder(rendering: Rendering, folder: string): Promise<ManifestObject[]> {
  const { checkout, note } = rendering;
  const has = async (name: string) => (await locate(checkout, posix.join(folder, name))) !== undefined;
  const hasOne = async (names: readonly string[]) => (await Promise.all(names.map(has))).includes(true);
  const name = named(checkout, folder);
  if ((await locate(checkout, folder)) === undefined) {
    throw new Error(`There is no folder ${name}. Expected the source to render.`);
  }
  if (await hasOne(DEFINITION_NAMES)) {
    refuseOthers(rendering, name, 'a definition');
    return renderDefinition(rendering, folder);
  }
  if (await has(CHART_NAME)) {
    refuseOthers(rendering, name, 'a chart');
    return renderOneChart(rendering, folder);
  }
  if (await hasOne(KUSTOMIZATION_NAMES)) {
    refuseOthers(rendering, name, 'a kustomization');
    return renderOneKustomization(rendering, folder);
  }
  refuseOthers(rendering, name, 'plain manifests');
  return readStatic(checkout, folder, note, {
    outputs: rendering.options.outputs ?? [],
    is: (names) => KUSTOMIZATION_NAMES.some((name) => names.includes(name)),
    render: (inside) => renderOneKustomization(rendering, inside),
  });
}

/** @throws Error where an input is given that says nothing of this kind of source: whoever gave it expects something of it */
function refuseOthers({ options }: Rendering, source: string, kind: string): void {
  const { values, release, areNamed } = options;
  const given = {
    'a chart': { values: values.length > 0, release: release !== undefined },
    'a definition': { configurations: areNamed },
  };
  for (const [other, inputs] of Object.entries(given)) {
    const [input] = Object.entries(inputs).find(([, isGiven]) => isGiven && other !== kind) ?? [];
    if (input !== undefined) {
      throw new Error(`Input "${input}" is of ${other}, and ${source} is ${kind}. Leave it out.`);
    }
  }
}

async function renderOneKustomization(rendering: Rendering, folder: string) {
  const { checkout, tools } = rendering;
  const manifest = await renderKustomization(await tools.kustomize(), checkout, folder, rendering);
  return readObjects(manifest, named(checkout, folder));
}

async function renderDefinition(rendering: Rendering, folder: string): Promise<ManifestObject[]> {
  const { checkout, options, remote, note } = rendering;
  const { configurations, ignoresHooks } = options;
  const { parts, found } = await partsOf(checkout, folder, { configurations, ignoresHooks, note, fetch: remote.git });
  const missing = configurations.filter((name) => !found.has(name));
  for (const name of missing) {
    const problem = `No component has a configuration ${name}: expected config/${name}.yaml in ${named(checkout, folder)} or in the folder of a component of it.`;
    if (options.areNamed) {
      throw new Error(problem);
    }
    note(problem);
  }
  // Most of the time is that of helm's own processes, which also wait for the disk. What is told is in the order of the parts, whichever is done first.
  const made = await inParallel(parts, 2 * availableParallelism(), async (part) => {
    const said: string[] = [];
    const own = await renderPart({ ...rendering, note: (text) => said.push(text) }, part);
    return [part, own, own.length === 0 ? [...said, `${nameOf(part)} comes to no object.`] : said] as const;
  });
  made.flatMap(([, , said]) => said).forEach(note);
  // A definition among the objects of one part says the scope of another one's.
  const all = made.flatMap(([, own]) => own);
  return made.flatMap(([{ namespace }, own]) =>
    namespace?.inject === true ? inNamespace(own, textValue(namespace.name), all) : own,
  );
}

function nameOf({ names }: Part): string {
  return names.join('/');
}

async function renderPart(rendering: Rendering, part: Part): Promise<ManifestObject[]> {
  const { remote, note } = rendering;
  const { from } = part;
  switch (from.kind) {
    case 'static': {
      const objects = await readStatic(from.checkout, from.path, note);
      return objects.map((object) => ({ ...object, from: `${nameOf(part)} (${object.from})` }));
    }
    case 'remote-file':
      return readObjects(await remote.file(from.url), `${nameOf(part)} (${from.url})`);
    case 'remote-chart':
      return chartOf(rendering, part, await remote.chart(from));
    default: {
      return chartOf(rendering, part, await chartWithDependencies(from.checkout, from.path, remote));
    }
  }
}

async function chartOf({ tools, options, note }: Rendering, part: Part, path: string): Promise<ManifestObject[]> {
  await tools.helm();
  return renderChart(
    {
      ...{ path, from: nameOf(part), name: part.name, values: [writeValue(part.values)] },
      namespace: part.namespace?.name ?? options.namespace ?? DEFAULT_NAMESPACE,
      ...{ withDefinitions: options.withDefinitions, withHooks: options.withChartHooks },
      capabilities: options.capabilities,
    },
    note,
  );
}

async function renderOneChart(rendering: Rendering, folder: string): Promise<ManifestObject[]> {
  const { checkout, remote } = rendering;
  const path = await chartWithDependencies(checkout, folder, remote);
  const name = posix.basename(folder === '' ? checkout.root : folder);
  return renderRelease(rendering, { path, from: named(checkout, folder), name });
}
