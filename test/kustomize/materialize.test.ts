import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  outputFolders,
  type RenderRequest,
  renderEnvironments,
  writeToFolders,
} from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { Folder, NOTHING_REMOTE, REQUEST } from '../materialize/support.js';

const run = promisify(execFile);

async function materialized(folder: Folder, { output = 'out/{environment}', ...more }: Request = {}) {
  const [request, tools] = [{ ...REQUEST, ...more }, new Tools()];
  const folders = outputFolders(request, output);
  const beside = { ...request, outputs: [...folders.values()] };
  const rendered = await renderEnvironments(folder.checkout, beside, async () => NOTHING_REMOTE, tools);
  return {
    environments: await writeToFolders(folder.checkout, rendered, folders, false),
    tools: await tools.versions(),
  };
}

type Request = Partial<RenderRequest> & { output?: string };

async function filesIn(folder: Folder, path: string): Promise<Record<string, string>> {
  const root = join(folder.checkout.root, path);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'));
  const texts = found.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(root.length + 1), await readFile(file, 'utf8')] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations: { "on": "yes", mode: "0644" }
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers: [{ name: app, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}" }]
`;

/** An application of the handbook: its definition and its chart are in its own folder. */
function application(name: string): Record<string, string> {
  return {
    [`apps/${name}/hld/component.yaml`]: `name: ${name}-application\ngenerator: helm\npath: ./${name}-chart\n`,
    [`apps/${name}/hld/config/common.yaml`]: `config:\n  replicas: 1\n  image: { repository: some-repo/${name}-app, tag: v1.1.0 }\n`,
    [`apps/${name}/hld/config/prod.yaml`]: 'config: { replicas: 3 }\n',
    [`apps/${name}/hld/${name}-chart/Chart.yaml`]: `apiVersion: v2\nname: ${name}-chart\nversion: 0.1.0\n`,
    [`apps/${name}/hld/${name}-chart/templates/deployment.yaml`]: DEPLOYMENT,
  };
}

const CLUSTER = {
  'component.yaml':
    'name: my-cluster\nsubcomponents:\n' +
    '  - { name: cloud-native, type: static, path: ./cloud-native }\n' +
    '  - { name: cat-application, source: ./apps/cat, path: hld }\n' +
    '  - { name: dog-application, source: ./apps/dog, path: hld }\n',
  'config/common.yaml':
    'subcomponents:\n  cat-application: { namespace: cats, injectNamespace: true }\n  dog-application: { namespace: dogs, injectNamespace: true }\n',
  'config/stage.yaml': 'subcomponents: { dog-application: { config: { image: { tag: v2.0.0-rc.1 } } } }\n',
  'cloud-native/namespaces.yaml':
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: cats }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: dogs }\n',
  ...application('cat'),
  ...application('dog'),
};

describe('the cluster of the handbook', () => {
  test('comes to one file for each object and environment, the same bytes each time', async () => {
    await using folder = await Folder.of(CLUSTER);
    const first = await materialized(folder, { environments: ['stage', 'prod'] });
    expect(await filesIn(folder, 'out')).toMatchSnapshot();
    expect(first.tools.helm).toMatch(/^v[34]\./);
    const second = await materialized(folder, { environments: ['stage', 'prod'] });
    expect(second.environments.map(({ change }) => change)).toEqual([
      { added: [], changed: [], removed: [], edited: [] },
      { added: [], changed: [], removed: [], edited: [] },
    ]);
  });

  test('what leaves the definition leaves the folder', async () => {
    await using folder = await Folder.of(CLUSTER);
    await materialized(folder);
    await folder.write({ 'config/prod.yaml': 'subcomponents: { dog-application: { disabled: true } }\n' });
    const { environments } = await materialized(folder);
    expect(environments[0]?.change.removed).toEqual(['dogs/deployment-dog-application.yaml']);
    expect(environments[0]?.notes).toContain('my-cluster/dog-application is disabled.');
  });

  test('a source that cannot be read empties nothing', async () => {
    await using folder = await Folder.of(CLUSTER);
    await materialized(folder);
    const before = await filesIn(folder, 'out');
    await folder.write({ 'apps/dog/hld/dog-chart/templates/deployment.yaml': '{{ .Values.image.tag' });
    await expect(materialized(folder)).rejects.toThrow(/^my-cluster\/dog-application is not rendered: .*parse error/);
    expect(await filesIn(folder, 'out')).toEqual(before);
  });
});

describe('a chart', () => {
  const chart = {
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'charts/web/values.yaml': 'a: default\nb: default\n',
    'charts/web/values-prod.yaml': 'a: prod\n',
    'charts/web/crds/realm.yaml':
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: realms.acme.test }\nspec: { group: acme.test, scope: Cluster, names: { kind: Realm } }\n',
    'charts/web/templates/a.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}" }\ndata: { a: "{{ .Values.a }}", b: "{{ .Values.b }}" }\n',
    'charts/web/templates/test.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: { name: test, annotations: { helm.sh/hook: test } }\n',
  };
  const request = { source: 'charts/web', values: ['charts/web/values-{environment}.yaml'], namespace: 'shop' };

  test('is rendered with the values of the environment, without hooks and definitions, and that is said', async () => {
    await using folder = await Folder.of(chart);
    const { environments } = await materialized(folder, request);
    expect(await filesIn(folder, 'out/prod')).toEqual({
      'shop/configmap-web.yaml': expect.stringMatching(/a: "prod"\n {2}b: "default"/),
    });
    expect(environments[0]?.notes).toEqual([
      'charts/web: the definitions in its folder crds are left out. Say `crds: true` to have them.',
      'charts/web: hooks and tests are left out (Pod test). Say `chart-hooks: true` to have them as plain objects.',
    ]);
  });

  test('has them where that is wanted', async () => {
    await using folder = await Folder.of(chart);
    await materialized(folder, { ...request, withDefinitions: true, withChartHooks: true });
    expect(Object.keys(await filesIn(folder, 'out/prod'))).toEqual([
      'customresourcedefinition-realms.acme.test.yaml',
      'pod-test.yaml',
      'shop/configmap-web.yaml',
    ]);
  });

  test.each([
    [
      'is no map',
      '- a\n',
      /^charts\/web is not rendered: .* charts\/web\/values-prod\.yaml: .*cannot unmarshal array/s,
    ],
    [
      'Git LFS has',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      /^charts\/web\/values-prod\.yaml is a pointer of Git LFS, and not its file\. Check out with `lfs: true`/,
    ],
  ])('with a file of values that %s is refused, by the name of that file', async (_what, text, message) => {
    await using folder = await Folder.of({ ...chart, 'charts/web/values-prod.yaml': text });
    await expect(materialized(folder, request)).rejects.toThrow(message);
  });

  test('what helm warns of is said', async () => {
    await using folder = await Folder.of({ ...chart, 'charts/web/values-prod.yaml': 'a: { b: 1 }\n' });
    const { environments } = await materialized(folder, request);
    expect(environments[0]?.notes.join('\n')).toMatch(/charts\/web: helm says: .*a/);
  });
});

describe('a kustomization', () => {
  test('comes to the objects that kustomize builds', async () => {
    await using folder = await Folder.of({
      'overlays/prod/kustomization.yaml': 'namespace: shop\nresources: [../../base]\n',
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { mode: "0644", on: "yes" }\n',
    });
    const { tools } = await materialized(folder, { source: 'overlays/{environment}' });
    const built = await run('kubectl', ['kustomize', join(folder.checkout.root, 'overlays/prod')]);
    expect((await filesIn(folder, 'out/prod'))['shop/configmap-a.yaml']).toBe(built.stdout);
    // Debian's does not know its version.
    expect(tools).toEqual({ kustomize: expect.stringMatching(/^v?5\.|^\(devel\)$/) });
  });
});

test('a folder of many kustomizations is an environment, as in an ops repository', async () => {
  await using folder = await Folder.of({
    'overlays/prod/cat/kustomization.yaml': 'namespace: cat\nresources: [../../../bases/cat]\n',
    'overlays/prod/dog/kustomization.yaml': 'namespace: dog\nresources: [../../../bases/cat]\n',
    'overlays/prod/plain/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: cat }\n',
    'overlays/prod/.sops.yaml': 'creation_rules: []\n',
    'bases/cat/kustomization.yaml': 'resources: [a.yaml]\n',
    'bases/cat/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  });
  const { environments } = await materialized(folder, { source: 'overlays/{environment}' });
  expect(Object.keys(await filesIn(folder, 'out/prod'))).toEqual([
    'cat/configmap-a.yaml',
    'dog/configmap-a.yaml',
    'namespace-cat.yaml',
  ]);
  expect(environments[0]?.notes).toEqual([expect.stringContaining('overlays/prod/.sops.yaml is left out')]);
});

describe('plain manifests', () => {
  test.each([
    [
      'a secret in plain text',
      { 'm/a.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: hunter2 }\n' },
      /secret-a\.yaml:\d+: the value of "a\/password" is a secret in plain text.* It comes from m\/a\.yaml\. Let the values of a chart/,
    ],
    ['no object', { 'm/a.yaml': '# nothing\n' }, /^m comes to no object for prod/],
    ['no folder', {}, /^There is no folder m/],
    [
      'a chart among them',
      { 'm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n' },
      /^m\/web is a chart among plain manifests.* Expected it as a "source" of its own/,
    ],
    ['a definition among them', { 'm/a/component.json': '{ "name": "a" }' }, /^m\/a is a definition among plain/],
  ])('are refused where there is %s, and nothing is written', async (_what, files, message) => {
    await using folder = await Folder.of({ x: '', ...files });
    await expect(materialized(folder, { source: 'm' })).rejects.toThrow(message);
    expect(await readdir(folder.checkout.root)).not.toContain('out');
  });

  test('what was materialized before is no source', async () => {
    await using folder = await Folder.of({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
    await materialized(folder);
    const { environments } = await materialized(folder);
    expect(environments[0]?.objects).toBe(1);
  });

  test('a kustomization of what was materialized, beside it, is none either', async () => {
    await using folder = await Folder.of({ 'a.yaml': CONFIG });
    await materialized(folder);
    await folder.write({ 'out/prod/kustomization.yaml': 'resources: [configmap-a.yaml]\n' });
    const { environments } = await materialized(folder);
    expect(environments[0]?.objects).toBe(1);
  });

  test('what was materialized can be rendered where it is what is asked for', async () => {
    await using folder = await Folder.of({ 'm/a.yaml': CONFIG });
    await materialized(folder, { source: 'm' });
    const { environments } = await materialized(folder, { source: 'out/{environment}', output: 'again' });
    expect(environments[0]?.objects).toBe(1);
  });

  test.each([
    ['the first time', {}, 'overlays'],
    ['by hand among what was materialized', { 'a.yaml': CONFIG }, 'out'],
  ])(
    'that lie where it is written would be left out next time, so they are an error, %s',
    async (_when, files, output) => {
      await using folder = await Folder.of(files);
      if ('a.yaml' in files) {
        await materialized(folder, { output });
      }
      await folder.write({ [`${output}/prod/b.yaml`]: CONFIG.replace('name: a', 'name: b') });
      const before = await filesIn(folder, '.');
      await expect(materialized(folder, { output })).rejects.toThrow(
        `${output}/prod/b.yaml lies in ${output}, where what is rendered is written, and is none of it.`,
      );
      expect(await filesIn(folder, '.')).toEqual(before);
    },
  );

  test('of several environments none is written where a file is in the way of one', async () => {
    await using folder = await Folder.of({ 'm/a.yaml': CONFIG, 'out/prod/configmap-a.yaml': '{}\n' });
    const request = { source: 'm', environments: ['stage', 'prod'] };
    await expect(materialized(folder, request)).rejects.toThrow('is there already and was not materialized');
    expect(Object.keys(await filesIn(folder, 'out'))).toEqual(['prod/configmap-a.yaml']);
  });

  test.each([
    ['the root', { output: '.' }, 'is the root of the repository'],
    [
      'a folder of git',
      { output: 'm/../.GIT/hooks' },
      'Input "output" is ".GIT/hooks", which is git\'s own, expected a',
    ],
    ['what is rendered', { source: 'm/', output: './m' }, 'Input "output" is "m", which is what is rendered, expected'],
    [
      'what is rendered for another one',
      { environments: ['a', 'b'], source: 'm/{environment}', output: 'm/{environment}' },
      'which is what is rendered',
    ],
    ['a folder outside', { output: '../out' }, 'leads out of the repository'],
    [
      'one environment in another',
      { environments: ['a', 'a/b'].map((name) => name.replace('/', '.')), output: 'x/{environment}/..' },
      'which puts',
    ],
  ])('are never written to %s', async (_what, request, message) => {
    await using folder = await Folder.of({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
    await expect(materialized(folder, request)).rejects.toThrow(message);
  });
});
