/**
 * What Fabrikate documents of itself, rebuilt: its examples of components and configuration come to what its documentation says;
 * and each row of the table in docs/materialize.md of what is otherwise here on purpose.
 *
 * @see https://github.com/microsoft/fabrikate/tree/master/docs
 */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type RenderRequest, renderEnvironments } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { configMap, Folder, NOTHING_REMOTE, REQUEST } from '../materialize/support.js';

type Files = Record<string, string>;

/** A chart that shows the values that it is given, and in which namespace. */
const chart = (path: string, namespace = 'namespace: {{ .Release.Namespace }}'): Files => ({
  [`${path}/Chart.yaml`]: `apiVersion: v2\nname: ${path.split('/').at(-1)}\nversion: 0.1.0\n`,
  [`${path}/templates/shown.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  ${namespace}\ndata:\n  values: {{ .Values | toJson | quote }}\n`,
});

/** Renders a definition. @param elsewhere the files of the one repository that it names */
async function rendered(files: Files, request: Partial<RenderRequest> = {}, elsewhere: Files = {}) {
  await using folder = await Folder.of(files);
  await using other = await Folder.of(elsewhere);
  const remote = { ...NOTHING_REMOTE, git: async ({ url }: { url: string }) => ({ ...other.checkout, label: url }) };
  const [one] = await renderEnvironments(folder.checkout, { ...REQUEST, ...request }, async () => remote, new Tools());
  const made = one?.files ?? new Map<string, string>();
  const values = [...made].map(([path, text]) => {
    const shown = /values: (["'])(.*)\1$/m.exec(text)?.[2]?.replaceAll('\\"', '"');
    return [path, shown === undefined ? null : JSON.parse(shown)] as const;
  });
  return { files: Object.fromEntries(values), texts: [...made.values()].join('---\n'), notes: one?.notes ?? [] };
}

describe('What Fabrikate documents', () => {
  const CHARTS = { ...chart('stable/grafana'), ...chart('stable/prometheus') };
  const namespace = (name: string) => `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name} } }\n`;

  test('manifests of a component, and two charts of one git repository below it', async () => {
    const part = (name: string) =>
      `  - { name: ${name}, generator: helm, source: "https://git.test/charts", method: git, path: stable/${name} }\n`;
    const { files, notes } = await rendered(
      {
        'component.yaml': `name: monitoring\ngenerator: static\npath: ./manifests\nsubcomponents:\n${part('grafana')}${part('prometheus')}`,
        'config/common.yaml':
          'subcomponents:\n  grafana: { namespace: grafana, config: { replicas: 2 } }\n  prometheus: { namespace: prometheus }\n',
        'config/prod.yaml': 'subcomponents: { grafana: { config: { replicas: 3 } } }\n',
        'manifests/grafana.yaml': namespace('grafana'),
        'manifests/prometheus.yaml': namespace('prometheus'),
      },
      {},
      CHARTS,
    );
    expect(files).toEqual({
      'grafana/configmap-grafana.yaml': { replicas: 3 },
      'namespace-grafana.yaml': null,
      'namespace-prometheus.yaml': null,
      'prometheus/configmap-prometheus.yaml': {},
    });
    expect(notes).toEqual([]);
  });

  test('a component in JSON with repositories of helm, a namespace that is injected, and a key with dots', async () => {
    const part = {
      name: 'jaeger',
      generator: 'helm',
      source: 'https://git.test/charts',
      method: 'git',
      path: 'jaeger',
    };
    const repositories = { incubator: 'https://charts.test/incubator' };
    const { files, texts, notes } = await rendered(
      {
        'component.json': JSON.stringify({ name: 'tracing', subcomponents: [{ ...part, repositories }] }),
        'config/common.yaml':
          'config:\nsubcomponents:\n    jaeger:\n        namespace: "jaeger"\n        injectNamespace: true\n        config:\n            collector:\n                annotations:\n                    sidecar.istio.io/inject: "false"\n',
        'config/prod.yaml': 'config:\n',
      },
      {},
      chart('jaeger', 'labels: {}'),
    );
    expect(files).toEqual({
      'jaeger/configmap-jaeger.yaml': { collector: { annotations: { 'sidecar.istio.io/inject': 'false' } } },
    });
    expect(texts).toContain('namespace: jaeger');
    expect(notes).toEqual(['jaeger: its repositories are not added to helm (incubator).']);
  });

  test('a chart with a namespace of its own, and parts in place that have theirs and no values of it', async () => {
    const { files } = await rendered(
      {
        'component.yaml':
          'name: mesh\ngenerator: helm\npath: ./charts/mesh\nhooks:\n  before-install:\n    - curl -Lv https://mesh.test/release.tgz\n' +
          'subcomponents:\n  - { name: mesh-namespace, generator: static, path: ./manifests }\n  - { name: mesh-crd, generator: helm, path: ./charts/mesh-init }\n',
        'config/common.yaml':
          'namespace: mesh-system\nconfig: { name: mesh, global: { ingress: { enabled: true } } }\nsubcomponents: { mesh-crd: { namespace: mesh-system } }\n',
        'manifests/namespace.yaml': namespace('mesh-system'),
        ...chart('charts/mesh'),
        ...chart('charts/mesh-init'),
      },
      { ignoresHooks: true },
    );
    expect(files).toEqual({
      'mesh-system/configmap-mesh-crd.yaml': {},
      'mesh-system/configmap-mesh.yaml': { name: 'mesh', global: { ingress: { enabled: true } } },
      'namespace-mesh-system.yaml': null,
    });
  });

  test('configuration by its concerns: what is higher wins, and of one level what is named earlier', async () => {
    const files = {
      'component.yaml': 'name: cluster\nsubcomponents: [{ name: web, source: ./web }]\n',
      'config/azure.yaml': 'subcomponents: { web: { config: { disk: premium } } }\n',
      'web/component.yaml': 'name: web\ngenerator: helm\npath: chart\n',
      'web/config/prod.yaml': 'config: { replicas: 5, region: none }\n',
      'web/config/east.yaml': 'config: { region: east, replicas: 4 }\n',
      'web/config/west.yaml': 'config: { region: west }\n',
      'web/config/azure.yaml': 'config: { disk: standard, region: any }\n',
      'web/config/common.yaml': 'config: { disk: local, port: 80 }\n',
      ...chart('web/chart'),
    };
    const path = 'default/configmap-web.yaml';
    const of = async (...configurations: string[]) => (await rendered(files, { configurations })).files;
    expect(await of('east', 'prod', 'azure')).toEqual({
      [path]: { disk: 'premium', port: 80, region: 'east', replicas: 4 },
    });
    expect(await of('west', 'prod', 'azure')).toEqual({
      [path]: { disk: 'premium', port: 80, region: 'west', replicas: 5 },
    });
    expect(await of('prod')).toEqual({ [path]: { disk: 'local', port: 80, region: 'none', replicas: 5 } });
  });
});

describe('On purpose it is not as in Fabrikate that', () => {
  const STATIC = 'name: a\ntype: static\npath: m\n';
  const PART = 'name: a\nsubcomponents: [{ name: b, type: static, path: m }]\n';
  const M = { 'm/a.yaml': configMap('a') };

  test('lists of two levels are joined', async () => {
    const { files, notes } = await rendered({
      'component.yaml': 'name: a\ntype: helm\npath: c\n',
      'config/prod.yaml': 'config: { hosts: [one] }\n',
      'config/common.yaml': 'config: { hosts: [two] }\n',
      ...chart('c'),
    });
    expect(files).toEqual({ 'default/configmap-a.yaml': { hosts: ['one'] } });
    expect(notes).toEqual([expect.stringContaining('the list hosts replaces the one of config/common.yaml:1')]);
  });

  test('what a weaker level disables comes back where a stronger one mentions it', async () => {
    const files = {
      'component.yaml':
        'name: a\nsubcomponents: [{ name: b, type: static, path: m }, { name: c, type: static, path: n }]\n',
      'config/prod.yaml': 'subcomponents: { b: { config: { x: 1 } } }\n',
      'config/common.yaml': 'subcomponents: { b: { disabled: true } }\n',
      ...M,
      'n/c.yaml': configMap('c'),
    };
    expect(Object.keys((await rendered(files)).files)).toEqual(['configmap-c.yaml']);
  });

  test('a namespace is injected into kinds of the whole cluster, and breaks keys such as "on"', async () => {
    const role = '{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: r } }\n';
    const data = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { on: "1", y: no }\n';
    const { files, texts } = await rendered({
      'component.yaml': PART,
      'config/prod.yaml': 'subcomponents: { b: { namespace: web, injectNamespace: true } }\n',
      ...{ 'm/a.yaml': data, 'm/r.yaml': role },
    });
    expect(Object.keys(files)).toEqual(['clusterrole-r.yaml', 'web/configmap-a.yaml']);
    expect(texts).toMatch(/^ {2}on: "1"\n {2}y: no$/m);
  });

  test('a part that only holds others, and one that comes to nothing, give empty files', async () => {
    const { files, notes } = await rendered({
      'component.yaml': 'name: a\nsubcomponents: [{ name: b, path: b }]\n',
      'b/component.yaml':
        'name: b\nsubcomponents: [{ name: c, type: static, path: c }, { name: d, type: static, path: d }]\n',
      'b/c/c.yaml': configMap('c'),
      'b/d/d.yaml': '# nothing\n',
    });
    expect(Object.keys(files)).toEqual(['configmap-c.yaml']);
    expect(notes).toContain('a/b/d comes to no object.');
  });

  test('static reads the wrong folder of a git repository, and no folders in the folder', async () => {
    const component =
      'name: a\nsubcomponents: [{ name: b, type: static, method: git, source: "https://git.test/b", path: m }]\n';
    const files = { 'component.yaml': component, 'm/wrong.yaml': configMap('wrong') };
    const { files: made } = await rendered(files, {}, { ...M, 'm/deep/b.yaml': configMap('b') });
    expect(Object.keys(made)).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
  });

  test.each<[what: string, files: Files, message: RegExp]>([
    [
      'unknown types are ignored',
      { 'component.yaml': 'name: a\ntype: statik\n' },
      /^component\.yaml:2:7: type: expected/,
    ],
    ['unknown keys are ignored', { 'component.yaml': `${STATIC}pth: m\n`, ...M }, /^component\.yaml:4:1: .*"pth"/],
    [
      'unknown keys of a configuration are ignored',
      { 'component.yaml': STATIC, 'config/prod.yaml': 'conf: {}\n', ...M },
      /^config\/prod\.yaml:1:1: .*"conf"/,
    ],
    [
      'of two parts of one name one wins by chance',
      { 'component.yaml': 'name: a\nsubcomponents:\n  - { name: b, type: static }\n  - { name: b, type: helm }\n' },
      /^component\.yaml:4:\d+: .*there is a part b already/,
    ],
    [
      'cycles are followed',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: b, path: . }]\n' },
      /contains itself/,
    ],
    [
      'paths lead out of the repository',
      { 'component.yaml': 'name: a\ntype: static\npath: ../m\n' },
      /leads out of the repository/,
    ],
    [
      'names lead out of the output',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: ../b, type: static, path: m }]\n', ...M },
      /expected letters, digits/,
    ],
    [
      'hooks are run',
      { 'component.yaml': `${STATIC}hooks: { before-generate: [make] }\n`, ...M },
      /has the hook before-generate, commands that are not run here/,
    ],
  ])('%s', async (_what, files, message) => {
    await expect(rendered(files)).rejects.toThrow(message);
  });

  test('a configuration that nothing has gives common alone', async () => {
    const files = { 'component.yaml': STATIC, 'config/common.yaml': 'config: {}\n', ...M };
    await expect(rendered(files, { configurations: ['prdo'] })).rejects.toThrow(
      /^No component has a configuration prdo: expected config\/prdo\.yaml/,
    );
  });

  test('links are followed', async () => {
    await using folder = await Folder.of({ 'component.yaml': STATIC, 'other/a.yaml': configMap('a') });
    await symlink(join(folder.checkout.root, 'other'), join(folder.checkout.root, 'm'));
    const rendering = renderEnvironments(folder.checkout, REQUEST, async () => NOTHING_REMOTE, new Tools());
    await expect(rendering).rejects.toThrow('m is a symbolic link');
  });
});
