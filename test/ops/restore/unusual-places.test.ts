import { describe, expect, test } from '@jest/globals';
import { deployment } from '../../support/deployment.js';
import { bumped, type Files, promoted, versionAfter, versionIn } from './verbs-on-web.js';

const RUNNING = { staging: '1.0.9', production: '1.0.5' };
const ENVIRONMENTS = ['staging', 'production'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

const base = {
  'bases/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/web/deployment.yaml': deployment('web', '{ name: web, image: ghcr.io/acme/web }'),
};

/** An app whose overlays say their versions in some way, with a base. */
function app(more: (environment: Environment, version: string) => string): Files {
  const overlays = ENVIRONMENTS.map((environment) => [
    `overlays/${environment}/web/kustomization.yaml`,
    `resources:\n- ../../../bases/web\n${more(environment, RUNNING[environment])}`,
  ]);
  return { ...base, ...Object.fromEntries(overlays) };
}

const entry = (name: string, version: string, key = 'images') => `${key}:\n- name: ${name}\n  newTag: ${version}\n`;
const named = (name: string, only?: Environment) =>
  app((environment, version) => entry(only === undefined || only === environment ? name : 'ghcr.io/acme/web', version));
const old = (only?: Environment) =>
  app((environment, version) =>
    entry('ghcr.io/acme/web', version, only === undefined || only === environment ? 'imageTags' : 'images'),
  );

/** Manifests in files, over which the object that deploys their folder sets images. */
function filesOfFlux(): Files {
  const all = ENVIRONMENTS.flatMap((environment) => [
    [`apps/${environment}/web.yaml`, deployment('web', '{ name: web, image: "ghcr.io/acme/web:1.0.0" }')],
    [
      `clusters/${environment}/apps.yaml`,
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\nspec:\n' +
        `  path: ./apps/${environment}\n  sourceRef: { kind: GitRepository, name: flux-system }\n  images:\n` +
        `  - name: ghcr.io/acme/web\n    newTag: ${RUNNING[environment]}\n`,
    ],
  ]);
  return Object.fromEntries(all);
}

describe.each<[what: string, files: Files]>([
  ['a regular expression for the end of the name', named('ghcr.io/acme/.*')],
  ['one in production alone', named('ghcr.io/acme/.*', 'production')],
  ['one in staging alone', named('ghcr.io/acme/.*', 'staging')],
  ['a choice of names', named('ghcr.io/acme/(web|api)')],
  ['some letters', named('ghcr\\.io/acme/[a-z]+')],
  ['files of manifests below an object with images', filesOfFlux()],
])('where the version is said by %s', (_, files) => {
  test('all verbs know it, and set it for one environment', async () => {
    expect(await Promise.all(ENVIRONMENTS.map((each) => versionIn(files, each)))).toEqual(['1.0.9', '1.0.5']);
    for (const [verb, version] of [
      [bumped, '2.0.0'],
      [promoted, '1.0.9'],
    ] as const) {
      const after = await verb(files);
      expect(await versionAfter(after)).toBe(version);
      expect(typeof after === 'string' ? after : await versionIn(after, 'staging')).toBe('1.0.9');
    }
  });
});

describe.each<[what: string, files: Files, line: number]>([
  ['in both', old(), 3],
  ['in production alone', old('production'), 3],
])('the old name of "images" %s', (_, files, line) => {
  test('is named with its line, and what is said works', async () => {
    const said = `overlays/production/web/kustomization.yaml:${line}: "imageTags" is the old name of "images"`;
    expect(await bumped(files)).toContain(said);
    expect(await promoted(files)).toContain(said);
    const path = 'overlays/production/web/kustomization.yaml';
    const mended = { ...files, [path]: files[path]?.replace('imageTags:', 'images:') ?? '' };
    const after = await promoted(mended);
    expect(await versionAfter(after)).toBe('1.0.9');
  });
});

test('a promotion of what "replacements" write says which value counts, and what it says to paste works', async () => {
  const files = {
    ...app(
      () =>
        '- version.yaml\nreplacements:\n- source: { kind: ConfigMap, name: web, fieldPath: data.tag }\n' +
        "  targets:\n  - select: { kind: Deployment }\n    fieldPaths: [spec.template.spec.containers.0.image]\n    options: { delimiter: ':', index: 1 }\n",
    ),
    ...Object.fromEntries(
      ENVIRONMENTS.map((environment) => [
        `overlays/${environment}/web/version.yaml`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { tag: ${RUNNING[environment]} }\n`,
      ]),
    ),
  };
  const message = await promoted(files);
  expect(message).toMatch(/^Which version of web staging has is not known\. .*"replacements" write /);
  const lines = typeof message === 'string' ? message.slice(message.indexOf('carriers:')) : '';
  expect(lines).toContain('  - file: overlays/{environment}/web/version.yaml\n    path: data.tag\n');
  const after = await promoted({ ...files, 'ostack.yaml': lines });
  expect(typeof after === 'string' ? after : after['overlays/production/web/version.yaml']).toContain('tag: 1.0.9');
});

describe('a HelmRelease whose chart is in this repository', () => {
  const SOURCE = 'sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }';
  const released = (spec: (environment: Environment) => string, source = SOURCE): Files => ({
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'charts/web/values.yaml': 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.0.0\n',
    'charts/web/other.yaml': 'image:\n  repository: ghcr.io/acme/web\n  tag: 0.9.0\n',
    ...Object.fromEntries(
      ENVIRONMENTS.flatMap((environment) => [
        [`apps/${environment}/web/kustomization.yaml`, 'resources: [release.yaml]\n'],
        [
          `apps/${environment}/web/release.yaml`,
          `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec:\n  chart:\n    spec:\n      chart: ./charts/web\n      ${source}\n${spec(environment)}`,
        ],
      ]),
    ),
  });
  const tag = (environment: Environment) => `  values: { image: { tag: ${RUNNING[environment]} } }\n`;
  const none = () => '  values: { replicas: 2 }\n';
  const ASKED = /charts\/web\/values\.yaml:3 has the version .* Say the version under "spec\.values" of the release/;

  test.each<[what: string, files: Files, versions: (string | null)[], outcome: RegExp | undefined]>([
    ['says its tag alone', released(tag), ['1.0.9', '1.0.5'], undefined],
    ['says nothing', released(none), ['1.0.0', '1.0.0'], ASKED],
    [
      'says it in production alone',
      released((each) => (each === 'production' ? tag(each) : none())),
      ['1.0.0', '1.0.5'],
      undefined,
    ],
    [
      'names other files, so that those of the chart do not count',
      released(() => `      valuesFiles: [charts/web/other.yaml]\n${none()}`),
      ['0.9.0', '0.9.0'],
      /charts\/web\/other\.yaml:3/,
    ],
    [
      'is of a Helm repository, whatever lies at such a path here',
      released(none, 'sourceRef: { kind: HelmRepository, name: acme }'),
      [null, null],
      /Nothing in apps\/production\/web carries/,
    ],
  ])('%s', async (_, files, versions, outcome) => {
    expect(await Promise.all(ENVIRONMENTS.map((each) => versionIn(files, each)))).toEqual(versions);
    const after = await bumped(files);
    if (outcome === undefined) {
      expect(await versionAfter(after)).toBe('2.0.0');
      expect(typeof after === 'string' ? after : after['charts/web/values.yaml']).toBe(files['charts/web/values.yaml']);
    } else {
      expect(after).toMatch(outcome);
    }
  });
});

test('where a release of a base says nothing of its image, a bump says where to say it, and that works', async () => {
  const path = 'apps/production/kustomization.yaml';
  const files: Files = {
    'apps/base/web/kustomization.yaml': 'resources: [release.yaml]\n',
    'apps/base/web/release.yaml':
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec:\n  chart:\n    spec:\n      chart: web\n' +
      '      sourceRef: { kind: HelmRepository, name: acme }\n  values: { replicas: 1 }\n',
    'apps/staging/kustomization.yaml': 'resources: [../base/web]\npatches: [{ path: web.yaml }]\n',
    'apps/staging/web.yaml':
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec: { values: { image: { repository: ghcr.io/acme/web, tag: 1.0.9 } } }\n',
    [path]: 'resources: [../base/web]\n',
  };
  const message = await bumped(files);
  expect(message).toMatch(/^Nothing in apps\/production carries .*\nHelmRelease web installs a chart/s);
  const idle = { ...files, [path]: `${files[path]}${entry('ghcr.io/acme/web', '1.0.0')}` };
  expect(await bumped(idle)).toMatch(/sets nothing: .* Remove the entry\. HelmRelease web installs a chart/s);
  const lines = typeof message === 'string' ? message.slice(message.indexOf('patches:\n')) : '';
  const followed = { ...files, [path]: `${files[path]}${lines}` };
  expect(await versionIn(followed, 'production')).toBe('2.0.0');
  const after = await promoted(followed);
  expect(await versionAfter(after)).toBe('1.0.9');
});
