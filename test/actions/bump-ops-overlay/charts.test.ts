import { afterEach, describe, expect, test } from '@jest/globals';
import { appTargets } from '../../../src/actions/bump-ops-overlay/apps.js';
import { readChart } from '../../../src/actions/bump-ops-overlay/chart-input.js';
import { DIGEST, OPS_FILES, opsStage, SOURCE, summaryOf } from './support.js';

const context = { repository: 'acme/ops', sha: SOURCE };
const none = { images: [], releases: [], single: undefined };
const nginx = { name: 'ingress-nginx', version: '4.10.1' };

afterEach(() => {
  Reflect.deleteProperty(process.env, 'INPUT_CHART');
});

function chartOf(text: string) {
  process.env.INPUT_CHART = text;
  return readChart();
}

describe('the input "chart"', () => {
  test.each([
    ['ingress-nginx@4.10.1', nginx],
    ['ingress-nginx:4.10.1', nginx],
    ['ingress-nginx 4.10.1', nginx],
    ['  ingress-nginx@v4.10.1\n', { ...nginx, version: 'v4.10.1' }],
    [
      'name: ingress-nginx\nversion: "4.10.1"\nrepository: https://kubernetes.github.io/ingress-nginx\n',
      { ...nginx, repository: 'https://kubernetes.github.io/ingress-nginx' },
    ],
    ['name=ingress-nginx, version=4.10.1, app=ingress', { ...nginx, app: 'ingress' }],
    ['{"name": "ingress-nginx", "version": "4.10.1", "release": "web"}', { ...nginx, release: 'web' }],
    [
      'oci://ghcr.io/acme/charts/podinfo:6.5.0',
      { name: 'podinfo', version: '6.5.0', repository: 'oci://ghcr.io/acme/charts' },
    ],
    [
      `oci://localhost:5000/podinfo:6.5.0@${DIGEST}`,
      { name: 'podinfo', version: '6.5.0', repository: 'oci://localhost:5000', digest: DIGEST },
    ],
    ['', undefined],
  ])('%j is read', (text, chart) => {
    expect(chartOf(text)).toEqual(chart);
  });

  test.each([
    ['ingress-nginx', /without a version/],
    ['ingress-nginx@4.x', /one version such as 4\.10\.1, no range/],
    ['ingress-nginx@>=4', /no range/],
    ['{"name": "ingress-nginx", "verison": "4.10.1"}', /verison/],
    ['name: ingress-nginx\nversions: 4.10.1', /expected `ingress-nginx@4\.10\.1`/],
    ['../../etc@1.0.0', /expected/],
    ['name: ../etc\nversion: 1.0.0', /cannot be a chart/],
    ['podinfo@6.5.0@sha256:12', /expected "sha256:" and 64 hex digits/],
  ])('%j is refused', (text, message) => {
    expect(() => chartOf(text)).toThrow(message);
  });
});

describe('a chart is of', () => {
  const single = { repository: 'ghcr.io/acme/shop', tag: '1.4.0', digest: undefined, app: undefined };
  const apps = (given: Partial<Parameters<typeof appTargets>[0]>) =>
    appTargets({ ...none, ...given }, context).map(({ app, version, charts = [] }) => [
      app,
      version,
      charts.map(({ name }) => name),
    ]);

  test.each([
    ['the app of its own name', { chart: nginx }, [['ingress-nginx', '4.10.1', ['ingress-nginx']]]],
    ['the app that the input names', { chart: nginx, app: 'ingress' }, [['ingress', '4.10.1', ['ingress-nginx']]]],
    [
      'the app that it names',
      { chart: { ...nginx, app: 'web' }, app: 'ingress' },
      [['web', '4.10.1', ['ingress-nginx']]],
    ],
    ['the app of the one image', { chart: { ...nginx, name: 'common' }, single }, [['shop', '1.4.0', ['common']]]],
  ])('%s', (_, given, expected) => {
    expect(apps(given)).toEqual(expected);
  });
});

test('a chart is brought to its environments, told by name and version in title, text, outputs and history', async () => {
  const release = (version: string) =>
    `kind: HelmRelease\nmetadata: { name: ingress-nginx }\nspec:\n  chart:\n    spec:\n      chart: ingress-nginx # the controller\n      version: ${version}\n      sourceRef: { kind: HelmRepository, name: ingress-nginx }\n`;
  const folder = (environment: string) => `overlays/${environment}/ingress-nginx`;
  await using world = await opsStage({
    ...OPS_FILES,
    'ostack.yaml': 'environments: { staging: {}, production: { after: staging } }\n',
    [`${folder('staging')}/kustomization.yaml`]: 'resources: [release.yaml]\n',
    [`${folder('staging')}/release.yaml`]: release('4.9.0'),
    [`${folder('production')}/kustomization.yaml`]: 'resources: [release.yaml]\n',
    [`${folder('production')}/release.yaml`]: release('4.11.0'),
  });
  const run = await world.bump({
    image: '',
    tag: '',
    digest: '',
    chart: 'ingress-nginx@4.10.1',
    environments: 'staging, production',
  });
  expect(summaryOf(run)).toEqual(['staging: created #1', expect.stringMatching(/^production: skipped/)]);
  expect(run.outputs['pull-requests']).toContain(
    '"version":"4.10.1","charts":["ingress-nginx 4.10.1"],"previous":"4.9.0"',
  );
  expect(await world.ops.read('ostack/staging/ingress-nginx', `${folder('staging')}/release.yaml`)).toBe(
    release('4.10.1'),
  );
  const [pull] = await world.pulls();
  expect(pull?.title).toBe('chart ingress-nginx 4.10.1 -> staging');
  expect(pull?.body).toContain(
    'Sets chart **ingress\\-nginx** of **ingress\\-nginx** in **staging** from `4.9.0` to `4.10.1`.',
  );
  expect(run.stdout).toContain('ingress-nginx 4.10.1 (chart ingress-nginx 4.10.1) -> staging (was 4.9.0)');
  const [commit] = await world.ops.log('ostack/staging/ingress-nginx');
  expect(commit?.message).toContain('Ostack-Version: 4.10.1\nOstack-Chart: ingress-nginx 4.10.1\n');

  const again = await world.bump({
    image: '',
    tag: '',
    digest: '',
    chart: 'ingress-nginx@4.10.1',
    environments: 'staging',
  });
  expect(summaryOf(again)).toEqual(['staging: unchanged #1']);
  const newer = await world.bump({
    image: '',
    tag: '',
    digest: '',
    chart: 'ingress-nginx@4.10.2',
    environments: 'staging',
  });
  expect(summaryOf(newer)).toEqual(['staging: updated #1']);
  expect((await world.pulls())[0]?.title).toBe('chart ingress-nginx 4.10.2 -> staging');
});
