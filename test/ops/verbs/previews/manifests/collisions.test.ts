import { describe, expect, test } from '@jest/globals';
import { readObjects } from '../../../../../src/ops/judgement/preview-objects.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import { type AppToAdapt, adaptApps } from '../../../../../src/ops/verbs/previews/manifests/adapt-apps.js';
import { policyOf } from './support.js';

const map = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${more} }\n`;

/** Apps `one` and `two`, by the files of a repository in which their bases are. */
async function appsIn(files: Record<string, string>): Promise<AppToAdapt[]> {
  const tree = objectTree(files);
  const names = ['one', 'two'].filter((app) => files[`bases/${app}/kustomization.yaml`] !== undefined);
  return Promise.all(
    names.map(async (app) => {
      const { objects } = await readObjects(tree, `previews/pr-7/${app}`, `resources: [../../../bases/${app}]\n`);
      return { app, objects, isOpen: false, isPrepared: false };
    }),
  );
}

const adapt = async (files: Record<string, string>) =>
  adaptApps('pr-7', await appsIn(files), { policy: policyOf(), defined: new Map() });

describe('two objects of one kind and name that would meet in the namespace of a preview', () => {
  test('of two apps are found before anything is written, with what to do', async () => {
    const files = {
      'bases/one/kustomization.yaml': 'resources: [a.yaml]\n',
      'bases/one/a.yaml': map('config'),
      'bases/two/kustomization.yaml': 'resources: [b.yaml]\n',
      'bases/two/b.yaml': `${map('config')}data: { a: b }\n`,
    };
    await expect(adapt(files)).rejects.toThrow(
      'one and two both have ConfigMap config, and a preview has one namespace for all its apps: bases/one/a.yaml and ' +
        'bases/two/b.yaml. Rename one of them, for example with namePrefix in bases/two/preview, or leave an app out with ' +
        'previews.apps in ostack.yaml.',
    );
  });

  test('of one app in two namespaces, too', async () => {
    const files = {
      'bases/one/kustomization.yaml': 'resources: [a.yaml]\n',
      'bases/one/a.yaml': `${map('config', ', namespace: a')}---\n${map('config', ', namespace: b')}`,
    };
    await expect(adapt(files)).rejects.toThrow('one has two objects ConfigMap config in different namespaces');
  });

  test('that kustomizations generate, too', async () => {
    const generated = 'configMapGenerator: [{ name: config, literals: [a=b] }]\n';
    const files = { 'bases/one/kustomization.yaml': generated, 'bases/two/kustomization.yaml': generated };
    await expect(adapt(files)).rejects.toThrow('one and two both have ConfigMap config');
  });

  test.each<[why: string, files: Record<string, string>]>([
    [
      'one has a prefix',
      {
        'bases/one/kustomization.yaml': 'namePrefix: one-\nresources: [a.yaml]\n',
        'bases/one/a.yaml': map('config'),
        'bases/two/kustomization.yaml': 'resources: [a.yaml]\n',
        'bases/two/a.yaml': map('config'),
      },
    ],
    [
      'they are of two kinds',
      {
        'bases/one/kustomization.yaml': 'resources: [a.yaml]\n',
        'bases/one/a.yaml': `${map('config')}---\napiVersion: v1\nkind: Secret\nmetadata: { name: config }\n`,
      },
    ],
    [
      'they belong to the whole cluster, and are left out',
      {
        'bases/one/kustomization.yaml': 'resources: [a.yaml]\n',
        'bases/one/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n',
        'bases/two/kustomization.yaml': 'resources: [a.yaml]\n',
        'bases/two/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { a: b } }\n',
      },
    ],
    [
      'a generator only adds to what is there',
      {
        'bases/one/kustomization.yaml':
          'resources: [a.yaml]\nconfigMapGenerator: [{ name: config, behavior: merge, literals: [a=b] }]\n',
        'bases/one/a.yaml': map('config'),
      },
    ],
  ])('are none where %s', async (_why, files) => {
    await expect(adapt(files)).resolves.toBeDefined();
  });

  test('and are the same, from one folder, are there once', async () => {
    const adapted = await adapt({
      'bases/one/kustomization.yaml': 'resources: [../common]\n',
      'bases/two/kustomization.yaml': 'resources: [../common]\n',
      'bases/common/kustomization.yaml': 'resources: [a.yaml]\n',
      'bases/common/a.yaml': map('config'),
    });
    expect(adapted.get('one')?.leftOut).toEqual([]);
    expect(adapted.get('two')?.leftOut).toEqual([
      { app: 'two', kind: 'ConfigMap', name: 'config', reason: 'it is the same that one has' },
    ]);
  });
});

test('a further host of one app is never the host of another', async () => {
  const ingress = (...hosts: string[]) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${hosts.length} }\nspec: { rules: [${hosts.map((host) => `{ host: ${host} }`).join(', ')}] }\n`;
  const tree = objectTree({ 'b/a.yaml': ingress('a.com', 'api.a.com'), 'b/b.yaml': ingress('b.com') });
  const app = async (name: string, file: string): Promise<AppToAdapt> => ({
    ...{ app: name, isOpen: false, isPrepared: false },
    objects: (await readObjects(tree, 'b', `resources: [${file}]\n`)).objects,
  });
  const apps = [await app('shop', 'a.yaml'), await app('shop-api', 'b.yaml')];
  const adapted = adaptApps('pr-7', apps, { policy: policyOf(), defined: new Map() });
  const hosts = [...adapted.values()].flatMap(({ patches }) =>
    patches.flatMap(({ patch }) => [...patch.matchAll(/value: (\S+)/g)].map(([, host]) => host)),
  );
  expect(hosts).toEqual([
    'shop.pr-7.preview.acme.dev',
    'shop-api-2.pr-7.preview.acme.dev',
    'shop-api.pr-7.preview.acme.dev',
  ]);
});
