import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { renderedDiff } from '../../src/ops/render/rendered-diff.js';
import { resourcesMarkdown } from '../../src/ops/render/resources-markdown.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import { WorkCopy } from './support.js';

const run = promisify(execFile);
const OPS = join(import.meta.dirname, '../fixtures/ops');

/** What a change makes of folders; the test fails where nothing can be said. */
async function rendered(...args: Parameters<typeof renderedDiff>) {
  const diff = await renderedDiff(...args);
  if ('unavailable' in diff) {
    throw new Error(diff.unavailable);
  }
  return diff;
}

function deployment(name: string, replicas: number): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { replicas: ${replicas} }\n`;
}

const SMALL = {
  'base/kustomization.yaml': 'resources: [web.yaml, data.yaml]\n',
  'base/web.yaml': deployment('web', 2),
  'base/data.yaml': 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\n',
  'overlay/kustomization.yaml':
    'namespace: shop\nresources: [../base]\nconfigMapGenerator: [{ name: settings, files: [a.txt] }]\nsecretGenerator: [{ name: keys, literals: [password=one, user=same] }]\n',
  'overlay/a.txt': 'one\n',
};

const GROUPS = {
  'apps/base/shop/kustomization.yaml': 'resources: [web.yaml, ../../lib/cache]\nnamePrefix: shop-\n',
  'apps/base/shop/web.yaml': deployment('web', 2),
  'apps/base/mail/deploy/kustomization.yaml':
    'resources: [mail.yaml]\nconfigMapGenerator: [{ name: settings, literals: [a=b] }]\n',
  'apps/base/mail/deploy/mail.yaml': deployment('mail', 2),
  'apps/lib/cache/kustomization.yaml': 'resources: [cache.yaml]\n',
  'apps/lib/cache/cache.yaml': deployment('cache', 1),
  'apps/components/region/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [region.yaml]\n',
  'apps/components/region/region.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: region }\n',
  'apps/overlays/eu/kustomization.yaml':
    'resources: [../../base/shop, ../../base/mail/deploy, namespace.yaml, mail/quota.yaml]\ncomponents: [../../components/region]\nnamespace: eu\n',
  'apps/overlays/eu/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: eu }\n',
  'apps/overlays/eu/mail/quota.yaml': 'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: mail }\n',
};

describe('the rendered difference of a change', () => {
  test('shows what becomes of the objects, whatever file the change is in', async () => {
    const tree = workTree(OPS);
    const base = (await tree.read('bases/shop/web.yaml')) ?? '';
    const files = new Map([['bases/shop/web.yaml', base.replace(/containerPort: \d+/, 'containerPort: 9999')]]);
    const { folders } = await rendered(tree, { files }, ['overlays/staging/shop', 'overlays/staging/mailer']);
    expect(folders.map(({ folder, changes, problem }) => [folder, changes.length, problem])).toEqual([
      ['overlays/staging/shop', 1, undefined],
      ['overlays/staging/mailer', 0, undefined],
    ]);
    expect(folders[0]?.changes[0]).toMatchObject({ action: 'changed', kind: 'Deployment', name: 'shop-web' });
    expect(folders[0]?.changes[0]?.diff).toContain('containerPort: 9999');
  });

  test('pairs generated names, hides secrets, and says what stands out', async () => {
    const files = new Map([
      ['base/kustomization.yaml', 'resources: [web.yaml]\n'],
      ['base/web.yaml', deployment('web', 0)],
      ['overlay/a.txt', 'two\n'],
      ['overlay/kustomization.yaml', SMALL['overlay/kustomization.yaml'].replace('password=one', 'password=two')],
    ]);
    const { changes } = await rendered(objectTree(SMALL), { files }, ['overlay']);
    expect(changes.map(({ action, kind, flag }) => [action, kind, flag])).toEqual([
      ['changed', 'ConfigMap', undefined],
      ['changed', 'Deployment', 'Deployment web is scaled from 2 to 0: nothing of it runs.'],
      ['removed', 'PersistentVolumeClaim', 'PersistentVolumeClaim data is deleted: its data may go too.'],
      ['changed', 'Secret', undefined],
    ]);
    const markdown = resourcesMarkdown([{ environment: 'production', app: 'shop', changes }], 60_000);
    expect(markdown).toMatchSnapshot();
    expect(markdown).not.toContain(Buffer.from('two').toString('base64'));
  });

  test('of a group is told app by app, and what they share apart', async () => {
    const labelled = Object.entries(GROUPS).map(([path, text]): [string, string] => [
      path,
      text.replace('metadata: { name:', 'metadata: { labels: { a: b }, name:').replace('a=b', 'a=c'),
    ]);
    const layout = { templates: ['apps/overlays/{environment}'] };
    const { folders } = await rendered(
      objectTree(GROUPS),
      { files: new Map(labelled) },
      ['apps/overlays/eu', 'apps/overlays/us'],
      layout,
    );
    expect(
      folders[0]?.groups.map(({ app, changes }) => [app, ...changes.map(({ kind, name }) => `${kind} ${name}`)]),
    ).toEqual([
      ['mail', expect.stringMatching(/^ConfigMap settings-\w+$/), 'Deployment mail', 'ResourceQuota mail'],
      ['shop', 'Deployment shop-cache', 'Deployment shop-web'],
      ['apps (shared)', 'Namespace eu', 'ConfigMap region'],
    ]);
    expect(JSON.stringify(folders)).not.toContain('config.kubernetes.io/origin');
    expect(folders[1]?.groups).toEqual([{ environment: 'us', app: 'apps (shared)', changes: [] }]);
  });

  test('one folder that does not build keeps no other from being shown', async () => {
    const tree = objectTree({ ...SMALL, 'broken/kustomization.yaml': 'resources: [none.yaml]\n' });
    const files = new Map([['overlay/new/kustomization.yaml', 'resources: [../../base]\n']]);
    const { folders } = await rendered(tree, { files }, ['overlay/new', 'broken']);
    expect(folders[0]?.changes.map(({ action }) => action)).toEqual(['added', 'added']);
    expect(folders[1]?.problem).toContain('broken does not build: ');
    expect(folders[1]?.problem).toContain('none.yaml');
  });

  test('nothing outside the repository is opened', async () => {
    const tree = objectTree({ 'a/kustomization.yaml': 'resources:\n  - ../../etc\n' });
    const { folders } = await rendered(tree, { files: new Map() }, ['a']);
    expect(folders[0]?.problem).toBe(
      'a/kustomization.yaml:2: "../../etc" leads out of the repository. Expected a path of a file or folder in it.',
    );
  });

  test('a base on the own machine is not fetched, so no command in its address runs', async () => {
    await using copy = await WorkCopy.of(undefined);
    await run('git', ['init', '--quiet', copy.root]);
    const canary = join(copy.root, 'canary');
    const address = `file://${copy.root}//base?ref=--upload-pack=touch\${IFS}${canary}`;
    const tree = objectTree({ 'a/kustomization.yaml': `resources:\n  - ${JSON.stringify(address)}\n` });
    const { folders } = await rendered(tree, { files: new Map() }, ['a']);
    expect(folders[0]?.problem).toContain("transport 'file' not allowed");
    expect(existsSync(canary)).toBe(false);
  });
});
