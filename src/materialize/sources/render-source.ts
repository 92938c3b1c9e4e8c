import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { KUSTOMIZATION_NAMES } from '../../ops/kustomize/kustomization.js';
import { inParallel } from '../../runtime/parallel.js';
import { type Checkout, locate, named, readIn } from '../checkout.js';
import { type Part, partsOf } from '../hld/parts.js';
import { inNamespace, type ManifestObject, readObjects } from '../manifests/objects.js';
import { textValue, writeValue } from '../values.js';
import { chartWithDependencies } from './chart-dependencies.js';
import { readStatic } from './read-static.js';
import { DEFAULT_NAMESPACE, renderChart } from './render-chart.js';
import { renderKustomization } from './render-kustomization.js';
import type { RemoteSources, Rendered, RenderOptions } from './source.js';
import type { Tools } from './tools.js';

/** What a rendering works with. */
interface Rendering {
  checkout: Checkout;
  options: RenderOptions;
  remote: RemoteSources;
  tools: Tools;
  note(text: string): void;
}

/**
 * Renders what a folder defines: a tree of components, a chart, a kustomization or plain manifests with kustomizations in folders
 * among them, told by the file that is in it.
 *
 * @param folder from the root of the checkout
 * @throws Error with the place of the first thing that cannot be rendered; nothing is left out in silence
 */
export async function renderSource(
  checkout: Checkout,
  folder: string,
  options: RenderOptions,
  remote: RemoteSources,
  tools: Tools,
): Promise<Rendered> {
  const notes = new Set<string>();
  const rendering = { checkout, options, remote, tools, note: (text: string) => notes.add(text) };
  const has = async (name: string) => (await locate(checkout, posix.join(folder, name))) !== undefined;
  const hasOne = async (names: readonly string[]) => (await Promise.all(names.map(has))).includes(true);
  if ((await locate(checkout, folder)) === undefined) {
    throw new Error(`There is no folder ${named(checkout, folder)}. Expected the source to render.`);
  }
  let objects: ManifestObject[];
  if (await hasOne(['component.yaml', 'component.json'])) {
    objects = await renderDefinition(rendering, folder);
  } else if (await has('Chart.yaml')) {
    objects = await renderOneChart(rendering, folder);
  } else if (await hasOne(KUSTOMIZATION_NAMES)) {
    objects = await renderOneKustomization(rendering, folder);
  } else {
    objects = await readStatic(checkout, folder, rendering.note, {
      is: (names) => KUSTOMIZATION_NAMES.some((name) => names.includes(name)),
      render: (inside) => renderOneKustomization(rendering, inside),
    });
  }
  return { objects, notes: [...notes] };
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
    },
    note,
  );
}

async function renderOneChart(
  { checkout, tools, options, remote, note }: Rendering,
  folder: string,
): Promise<ManifestObject[]> {
  await tools.helm();
  const values = await Promise.all(
    options.values.map(async (path) => {
      const text = await readIn(checkout, path);
      if (text === undefined) {
        throw new Error(`There is no ${named(checkout, path)}. Expected a file of values.`);
      }
      return text;
    }),
  );
  const path = await chartWithDependencies(checkout, folder, remote);
  return renderChart(
    {
      ...{ path, from: named(checkout, folder), values },
      name: options.release ?? posix.basename(folder === '' ? checkout.root : folder),
      namespace: options.namespace ?? DEFAULT_NAMESPACE,
      ...{ withDefinitions: options.withDefinitions, withHooks: options.withChartHooks },
    },
    note,
  );
}
