import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLayers } from '../../src/ops/kustomize/layers/read-layers.js';
import { layeredImages } from '../../src/ops/kustomize/layers/running-containers.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { WorkCopy } from './support.js';

/** A container in an object, as the build shows it: `Deployment/p-web/web=ghcr.io/acme/web:1.0.0`. */
type Line = string;

const NAMES = ['web', 'ghcr.io/acme/web', 'ghcr.io/acme/web-admin', 'mirror.acme.dev:5000/web'] as const;
const DIGEST = `sha256:${'a'.repeat(64)}`;
const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) => fc.array(arbitrary, { maxLength });

const image = fc
  .record({ name: pick(...NAMES), tag: pick('', ':1.0.0', ':0.9.0'), digest: pick('', '', '', `@${DIGEST}`) })
  .map(({ name, tag, digest }) => `${name}${tag}${digest}`);

const containers = fc
  .uniqueArray(fc.record({ name: pick('web', 'side', 'job'), image }), { selector: ({ name }) => name, maxLength: 2 })
  .filter(({ length }) => length > 0);

const KINDS = {
  Deployment: { apiVersion: 'apps/v1', around: (spec: object) => ({ template: { spec } }) },
  CronJob: { apiVersion: 'batch/v1', around: (spec: object) => ({ jobTemplate: { spec: { template: { spec } } } }) },
  Rollout: { apiVersion: 'argoproj.io/v1alpha1', around: (spec: object) => ({ template: { spec } }) },
} as const;
type Kind = keyof typeof KINDS;
const kind = pick<Kind>('Deployment', 'Deployment', 'CronJob', 'Rollout');

const PATHS: Record<Kind, string> = {
  Deployment: '/spec/template/spec/containers',
  CronJob: '/spec/jobTemplate/spec/template/spec/containers',
  Rollout: '/spec/template/spec/containers',
};

const object = (of: Kind, name: string, spec: object, more: object = {}) => ({
  ...{ apiVersion: KINDS[of].apiVersion, kind: of, metadata: { name, ...more }, spec: KINDS[of].around(spec) },
});

const manifest = fc
  .record({ of: kind, containers, init: some(fc.record({ name: pick('init'), image }), 1) })
  .map(({ of, containers: all, init }) =>
    object(
      of,
      'web',
      { containers: all, ...(init.length === 0 ? {} : { initContainers: init }) },
      { labels: { app: 'web' } },
    ),
  );

const entry = fc.record({
  name: pick(...NAMES, 'ghcr.io/acme/web:1.0.0'),
  newName: pick<string | undefined>(undefined, undefined, ...NAMES),
  newTag: pick<string | undefined>(undefined, '1.1.0', '2.0.0'),
  digest: pick<string | undefined>(undefined, undefined, undefined, DIGEST),
});

const item = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: pick('web', 'side', 'job', 'new'), image }) },
  fc.record({ name: pick('web', 'side'), $patch: fc.constant('delete') }),
  fc.record({ name: pick('web', 'side'), args: fc.constant(['--a']) }),
);

/** A patch of any object that may be there: what fits none is left out when the tree is made. */
const patch = fc.record({
  of: kind,
  items: fc.uniqueArray(item, { selector: ({ name }) => name, minLength: 1, maxLength: 2 }),
  json: pick<undefined | 'add' | 'replace' | 'remove' | 'whole'>(
    undefined,
    undefined,
    'add',
    'replace',
    'remove',
    'whole',
  ),
  image,
  how: pick<'named' | 'target' | 'labels'>('named', 'target', 'labels'),
  place: pick<'inline' | 'file' | 'old'>('inline', 'file', 'old'),
});
type Patch = typeof patch extends fc.Arbitrary<infer T> ? T : never;

const layer = fc.record({
  prefix: pick('', '', 'p-'),
  namespace: pick('', '', 'shop'),
  images: some(entry, 3),
  patches: some(patch, 2),
  transformer: some(entry, 1),
  inline: fc.boolean(),
});
type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

const tree = fc.record({
  manifest,
  base: layer,
  middle: fc.option(layer),
  components: some(layer, 2),
  where: pick<'middle' | 'top'>('middle', 'top'),
  top: layer,
});

function textOf({ of, items, json, image: text, how, place }: Patch, index: number, name: string) {
  const operations = {
    add: [{ op: 'add', path: `${PATHS[of]}/-`, value: { name: 'added', image: text } }],
    replace: [{ op: 'replace', path: `${PATHS[of]}/0/image`, value: text }],
    remove: [{ op: 'remove', path: `${PATHS[of]}/0/image` }],
    whole: [{ op: 'replace', path: PATHS[of], value: [{ name: 'web', image: text }] }],
  };
  const isJson = json !== undefined;
  const body = JSON.stringify(isJson ? operations[json] : object(of, name, { containers: items }));
  const target =
    how === 'labels'
      ? { target: { labelSelector: 'app=web', kind: of } }
      : how === 'target' || isJson
        ? { target: { kind: of, name: 'web|.*-web' } }
        : {};
  return { body, target, path: `patch-${index}.json`, place: isJson && place === 'old' ? ('file' as const) : place };
}

/** A layer as a kustomization with its files. */
function write(
  folder: string,
  { prefix, namespace, images, patches, transformer, inline }: Layer,
  more: object,
  name: string,
) {
  const all = patches.map((each, index) => textOf(each, index, name));
  const transformers = transformer.map((each) =>
    JSON.stringify({ apiVersion: 'builtin', kind: 'ImageTagTransformer', metadata: { name: 'x' }, imageTag: each }),
  );
  const kustomization = {
    ...more,
    ...(prefix === '' ? {} : { namePrefix: prefix }),
    ...(namespace === '' ? {} : { namespace }),
    images,
    patches: all
      .filter(({ place }) => place !== 'old')
      .map(({ place, body, path, target }) => ({ ...(place === 'file' ? { path } : { patch: body }), ...target })),
    patchesStrategicMerge: all
      .filter(({ place, target }) => place === 'old' && Object.keys(target).length === 0)
      .map(({ path }) => path),
    transformers: inline ? transformers : transformers.map((_, index) => `images-${index}.yaml`),
  };
  return Object.fromEntries([
    [`${folder}/kustomization.yaml`, JSON.stringify(kustomization)],
    ...all.map(({ path, body }) => [`${folder}/${path}`, body]),
    ...transformers.map((text, index) => [`${folder}/images-${index}.yaml`, text]),
  ]);
}

function filesOf({
  manifest: made,
  base,
  middle,
  components,
  where,
  top,
}: typeof tree extends fc.Arbitrary<infer T> ? T : never) {
  const names = components.map((_, index) => `../component-${index}`);
  const inMiddle = middle !== null && where === 'middle';
  const below = middle === null ? '../base' : '../middle';
  return {
    ...write('base', base, { resources: ['web.yaml'] }, 'web'),
    'base/web.yaml': JSON.stringify(made),
    ...(middle === null
      ? {}
      : write('middle', middle, { resources: ['../base'], components: inMiddle ? names : [] }, 'web')),
    ...Object.assign(
      {},
      ...components.map((each, index) =>
        write(`component-${index}`, each, { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' }, 'web'),
      ),
    ),
    ...write('top', top, { resources: [below], components: inMiddle ? [] : names }, 'web'),
  };
}

function linesOf(objects: readonly Record<string, unknown>[]): Line[] {
  const lines: Line[] = [];
  for (const each of objects) {
    const metadata = each.metadata;
    const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : '';
    walk(each, '', (container) => lines.push(`${each.kind}/${name}/${container}`));
  }
  return lines.sort();
}

function walk(value: unknown, key: string, found: (line: string) => void): void {
  if (Array.isArray(value)) {
    for (const inner of value) {
      if ((key === 'containers' || key === 'initContainers') && typeof inner === 'object' && inner?.image) {
        found(`${inner.name}=${inner.image}`);
      }
      walk(inner, '', found);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      walk(inner, name, found);
    }
  }
}

test('what the layers of a kustomization come to is what kustomize builds of them', async () => {
  let built = 0;
  await fc.assert(
    fc.asyncProperty(tree, async (each) => {
      const files = filesOf(each);
      await using copy = await WorkCopy.of(undefined);
      await copy.write(Object.entries(files));
      const real = await copy.build('top').catch(() => undefined);
      if (real === undefined) {
        return;
      }
      built += 1;
      const layers = await readLayers(objectTree(files), 'top');
      const { containers: all, unseen } = layeredImages(
        layers ?? { folder: '', texts: new Map(), kustomizations: new Map() },
      );
      expect(unseen).toEqual([]);
      expect(all.filter(({ doubt }) => doubt !== undefined)).toEqual([]);
      expect(all.map((one) => `${one.kind}/${one.object}/${one.name}=${one.image}`).sort()).toEqual(linesOf(real));
    }),
    { numRuns: Number(process.env.LAYERS_RUNS ?? 50) },
  );
  expect(built).toBeGreaterThan(5);
}, 120_000);
