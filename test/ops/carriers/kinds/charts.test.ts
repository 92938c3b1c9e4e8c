import { describe, expect, test } from '@jest/globals';
import type { ChartTarget } from '../../../../src/ops/carriers/carrier.js';
import { chartReference, chartTargetOf, normalRepository } from '../../../../src/ops/carriers/chart-reference.js';
import { deployedIn } from '../../../../src/ops/carriers/deployed.js';
import { setVersion, setVersions } from '../../../../src/ops/carriers/set-version.js';
import { NEW, OLD, set } from '../support.js';

const PODINFO: ChartTarget = { kind: 'chart', name: 'podinfo', version: '6.6.0' };
const FROM = 'oci://ghcr.io/stefanprodan/charts';

/** A place with its version in it; the second file is the first with the version set. */
function places(version: string): Record<string, string> {
  return {
    'a HelmRelease': `kind: HelmRelease\nmetadata: {name: podinfo}\nspec:\n  chart:\n    spec:\n      chart: podinfo\n      version: ${version} # pinned\n      sourceRef: {kind: HelmRepository, name: podinfo}\n`,
    'a HelmRelease of another name': `kind: HelmRelease\nmetadata: {name: web}\nspec:\n  chart: {spec: {chart: podinfo, version: "${version}", sourceRef: {kind: HelmRepository, name: podinfo}}}\n`,
    'a patch of a HelmRelease, which names no chart': `kind: HelmRelease\nmetadata:\n  name: podinfo\nspec:\n  chart:\n    spec:\n      version: ${version}\n`,
    'a patch inside a kustomization': `patches:\n- patch: |-\n    kind: HelmRelease\n    metadata: {name: podinfo}\n    spec:\n      chart:\n        spec:\n          version: ${version}\n`,
    'a JSON patch': `patches:\n- target: {kind: HelmRelease, name: podinfo}\n  patch: |-\n    - op: replace\n      path: /spec/chart/spec/version\n      value: ${version}\n`,
    'a JSON patch of an OCIRepository': `patches:\n- target: {kind: OCIRepository, name: podinfo}\n  patch: |-\n    - op: replace\n      path: /spec/ref/tag\n      value: ${version}\n`,
    "Flux's HelmChart": `kind: HelmChart\nmetadata: {name: podinfo}\nspec:\n  chart: podinfo\n  version: ${version}\n  sourceRef: {kind: HelmRepository, name: podinfo}\n`,
    'a HelmChart of k3s': `kind: HelmChart\nmetadata: {name: podinfo}\nspec:\n  repo: https://stefanprodan.github.io/podinfo\n  chart: podinfo\n  version: ${version}\n`,
    'a tag of an OCIRepository': `kind: OCIRepository\nmetadata: {name: podinfo}\nspec:\n  url: ${FROM}/podinfo\n  ref:\n    tag: ${version}\n`,
    'a version as semver of an OCIRepository': `kind: OCIRepository\nmetadata: {name: podinfo}\nspec:\n  url: ${FROM}/podinfo\n  ref: {semver: ${version}}\n`,
    'helmCharts of a kustomization': `helmCharts:\n- name: podinfo\n  repo: ${FROM}\n  version: ${version}\n  releaseName: web\n`,
    'a generator of its own': `kind: HelmChartInflationGenerator\nname: podinfo\nrepo: ${FROM}\nversion: ${version}\n`,
    'an Argo CD Application': `kind: Application\nmetadata: {name: podinfo}\nspec:\n  source:\n    repoURL: ghcr.io/stefanprodan/charts\n    chart: podinfo\n    targetRevision: ${version}\n`,
    'one of several sources': `kind: Application\nspec:\n  sources:\n  - repoURL: https://github.com/acme/ops\n    targetRevision: main\n    ref: values\n  - chart: podinfo\n    repoURL: https://stefanprodan.github.io/podinfo\n    targetRevision: ${version}\n`,
    'an OCI address as source': `kind: Application\nspec:\n  source:\n    repoURL: ${FROM}/podinfo\n    targetRevision: ${version}\n    path: .\n`,
    'the template of an ApplicationSet': `kind: ApplicationSet\nspec:\n  generators: [{clusters: {}}]\n  template:\n    metadata: {name: '{{name}}-podinfo'}\n    spec:\n      source:\n        repoURL: https://stefanprodan.github.io/podinfo\n        chart: podinfo\n        targetRevision: ${version}\n`,
    'an element of an ApplicationSet': `kind: ApplicationSet\nspec:\n  generators:\n  - list:\n      elements:\n      - cluster: one\n        chartVersion: ${version}\n  template:\n    metadata: {name: 'podinfo'}\n    spec:\n      source:\n        repoURL: https://stefanprodan.github.io/podinfo\n        chart: podinfo\n        targetRevision: '{{ .chartVersion }}'\n`,
    'an element that names the chart, in a matrix': `kind: ApplicationSet\nspec:\n  generators:\n  - matrix:\n      generators:\n      - clusters: {}\n      - list:\n          elements:\n          - chart: podinfo\n            version: ${version}\n          - chart: redis\n            version: 1.0.0\n  template:\n    spec:\n      source:\n        repoURL: https://charts.example.com\n        chart: '{{chart}}'\n        targetRevision: '{{version}}'\n`,
    'a dependency of a wrapper chart': `apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies:\n- name: podinfo\n  version: ${version}\n  repository: ${FROM}\n`,
    'a release of a helmfile': `repositories:\n- name: pod\n  url: https://stefanprodan.github.io/podinfo\nreleases:\n- name: web\n  chart: pod/podinfo\n  version: ${version}\n- name: db\n  chart: pod/redis\n  version: 1.0.0\n`,
    'a release of a helmfile from a registry': `releases:\n- name: web\n  chart: ${FROM}/podinfo\n  version: ${version}\n`,
    'an input of a ResourceSet': `kind: ResourceSet\nspec:\n  inputs:\n  - tenant: one\n    version: "${version}"\n  resources:\n  - kind: OCIRepository\n    metadata: {name: podinfo}\n    spec:\n      url: ${FROM}/podinfo\n      ref: {semver: << inputs.version | quote >>}\n`,
    'a deep input of a ResourceSet for a HelmRelease in a text': `kind: ResourceSet\nspec:\n  inputs:\n  - app: podinfo\n    chart: {version: "${version}"}\n  resourcesTemplate: |\n    kind: HelmRelease\n    metadata: {name: << inputs.app >>}\n    spec:\n      chart:\n        spec:\n          chart: << inputs.app >>\n          version: << inputs.chart.version >>\n          sourceRef: {kind: HelmRepository, name: x}\n`,
  };
}

/** The chart that a file holds, as it is read there. */
function heldChart(text: string): ChartTarget {
  const [held] = deployedIn([{ path: 'x.yaml', text }], 'podinfo').targets.filter(({ kind }) => kind === 'chart');
  return held?.kind === 'chart' ? held : PODINFO;
}

const BEFORE = Object.entries(places('6.5.0'));
const AFTER = places('6.6.0');

describe('a chart is set and read in', () => {
  test.each(BEFORE)('%s', (name, before) => {
    expect(set(before, PODINFO)).toBe(AFTER[name]);
    expect(deployedIn([{ path: 'a/podinfo/x.yaml', text: before }], 'podinfo')).toMatchObject({
      version: '6.5.0',
      chart: 'podinfo',
      targets: expect.arrayContaining([expect.objectContaining({ kind: 'chart', name: 'podinfo', version: '6.5.0' })]),
    });
  });

  test.each(BEFORE)('%s with what was read there, elsewhere and back', (_, before) => {
    const held = heldChart(before);
    const there = set(before, { ...held, version: '6.6.0' });
    expect(set(there, held)).toBe(before);
  });
});

describe('nothing is set, and the way to set it is told, for', () => {
  test.each([
    [
      'a range',
      `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: '6.x'}}}\n`,
      /"6.x" of chart podinfo is a range/,
    ],
    [
      'an open range',
      `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: '>=1.0.0-alpha'}}}\n`,
      /is a range/,
    ],
    ['part of a version', `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: '6.5'}}}\n`, /is a range/],
    ['no version', 'kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo}}}\n', /follows the newest/],
    ['a range as semver', `kind: OCIRepository\nspec: {url: ${FROM}/podinfo, ref: {semver: ">= 6"}}\n`, /is a range/],
    ['a tag that moves', `kind: OCIRepository\nspec: {url: ${FROM}/podinfo, ref: {tag: latest}}\n`, /is a range/],
    ['no ref', `kind: OCIRepository\nspec: {url: ${FROM}/podinfo}\n`, /follows the newest/],
    [
      'a range of Argo CD',
      'kind: Application\nspec: {source: {repoURL: https://x.dev/c, chart: podinfo, targetRevision: 6.*}}\n',
      /targetRevision "6\.\*"/,
    ],
    [
      'a variable of Flux',
      `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: '\${podinfo}'}}}\n`,
      /filled in by something else/,
    ],
    [
      'a range among inputs',
      `kind: ResourceSet\nspec:\n  inputs: [{v: 6.x}]\n  resources: [{kind: OCIRepository, spec: {url: ${FROM}/podinfo, ref: {semver: << inputs.v >>}}}]\n`,
      /"6\.x" of chart podinfo is a range/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => setVersion(text, 'x.yaml', PODINFO)).toThrow(message);
    expect(() => setVersion(text, 'x.yaml', PODINFO)).toThrow(/^x\.yaml:\d+: /);
    expect(deployedIn([{ path: 'x.yaml', text }], 'podinfo')).toMatchObject({ targets: [], version: null });
  });

  test.each([
    [
      'of a HelmRelease',
      `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: '6.x'}}}\n`,
      /'6\.x'/,
      '6.5.0',
    ],
    [
      'of an OCIRepository',
      `kind: OCIRepository\nspec: {url: ${FROM}/podinfo, ref: {semver: '6.x'}}\n`,
      /'6\.x'/,
      '6.5.0',
    ],
    [
      'that is missing',
      'kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo}}}\n',
      /podinfo\}/,
      'podinfo, version: 6.5.0}',
    ],
  ])('a version %s, and following it works', (_, text, what, pinned) => {
    const followed = text.replace(what, pinned);
    expect(setVersion(followed, 'x.yaml', PODINFO).text).toBe(followed.replace('6.5.0', '6.6.0'));
  });
});

describe('a chart stays as it is', () => {
  test.each([
    ['of another name', `kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo-extra, version: 6.5.0}}}\n`],
    ['from another address', `kind: OCIRepository\nspec: {url: oci://evil.example/podinfo, ref: {tag: 6.5.0}}\n`],
    [
      'from a git repository, which has its own version',
      `kind: HelmRelease\nspec: {chart: {spec: {chart: ./charts/podinfo, version: 6.5.0, sourceRef: {kind: GitRepository, name: ops}}}}\n`,
    ],
    ['in the repository', 'helmCharts:\n- name: podinfo\n  version: 6.5.0\n'],
    ['in a folder of a helmfile', 'releases:\n- name: podinfo\n  chart: ./charts/podinfo\n  version: 6.5.0\n'],
    ['beside a wrapper chart', 'dependencies:\n- name: podinfo\n  version: 6.5.0\n  repository: file://../podinfo\n'],
    [
      'in a lock file',
      `dependencies:\n- name: podinfo\n  version: 6.5.0\n  repository: ${FROM}\ndigest: sha256:1\ngenerated: "2026-01-01"\n`,
    ],
    [
      'where git is the source',
      'kind: Application\nspec: {source: {repoURL: https://github.com/acme/podinfo, path: deploy, targetRevision: 6.5.0}}\n',
    ],
  ])('%s', (_, text) => {
    const target = { ...PODINFO, repository: FROM };
    expect(() => setVersion(text, 'x.yaml', target)).toThrow(/Nothing in x\.yaml carries the version of chart podinfo/);
  });
});

describe('the digest of an OCIRepository', () => {
  const repository = (ref: string) =>
    `kind: OCIRepository\nmetadata: {name: podinfo}\nspec:\n  url: ${FROM}/podinfo\n  ref:\n${ref}`;
  const pinned: ChartTarget = { ...PODINFO, digest: NEW };

  test.each([
    ['is set with the tag', `    tag: 6.5.0\n    digest: ${OLD}\n`, pinned, `    tag: 6.6.0\n    digest: ${NEW}\n`],
    ['is added to a tag', '    tag: 6.5.0\n', pinned, `    tag: 6.6.0\n    digest: ${NEW}\n`],
    ['goes where the target has none', `    tag: 6.5.0\n    digest: ${OLD}\n`, PODINFO, '    tag: 6.6.0\n'],
    ['alone stays alone', `    digest: ${OLD}\n`, pinned, `    digest: ${NEW}\n`],
    [
      'over a range leaves the range',
      `    semver: 6.x\n    digest: ${OLD}\n`,
      pinned,
      `    semver: 6.x\n    digest: ${NEW}\n`,
    ],
    [
      'with build metadata has "_" in the tag',
      '    tag: 6.5.0_1\n',
      { ...PODINFO, version: '6.6.0+2' },
      '    tag: 6.6.0_2\n',
    ],
  ])('%s', (_, before, target, after) => {
    expect(set(repository(before), target)).toBe(repository(after));
  });

  test.each([
    [
      'over a range',
      `    semver: 6.x\n    digest: ${OLD}\n`,
      /next to "6\.x".*`semver: 6\.6\.0`/,
      '    semver: 6.5.0\n',
    ],
    [
      'over a tag that moves',
      `    tag: latest\n    digest: ${OLD}\n`,
      /next to "latest".*`tag: 6\.6\.0`/,
      '    tag: 6.5.0\n',
    ],
    ['alone', `    digest: ${OLD}\n`, /pinned by its digest alone.*`tag: 6\.6\.0`/, '    tag: 6.5.0\n'],
  ])('%s is not taken away, and following the advice works', (_, ref, message, followed) => {
    expect(() => set(repository(ref), PODINFO)).toThrow(message);
    expect(set(repository(followed), PODINFO)).toBe(repository(followed.replace('6.5.0', '6.6.0')));
  });

  test('alone is what is deployed, and is promoted as it is', () => {
    const {
      targets,
      version,
      pinned: images,
    } = deployedIn([{ path: 'x.yaml', text: repository(`    digest: ${OLD}\n`) }], 'podinfo');
    expect({ targets, version, images }).toEqual({
      targets: [
        {
          kind: 'chart',
          name: 'podinfo',
          repository: FROM,
          release: 'podinfo',
          version: undefined,
          digest: OLD,
          app: 'podinfo',
        },
      ],
      version: OLD.slice(0, 19),
      images: [],
    });
    expect(
      setVersions([{ path: 'x.yaml', text: repository(`    digest: ${NEW}\n`) }], targets, 'x').files[0]?.text,
    ).toBe(repository(`    digest: ${OLD}\n`));
  });
});

describe('which place is meant', () => {
  const release = (name: string, version: string, source = 'pod') =>
    `kind: HelmRelease\nmetadata: {name: ${name}}\nspec: {chart: {spec: {chart: podinfo, version: ${version}, sourceRef: {kind: HelmRepository, name: ${source}}}}}\n`;

  test('is asked where releases of one chart are at different versions', () => {
    const text = `${release('web', '6.5.0')}---\n${release('worker', '6.4.0')}`;
    expect(() => setVersion(text, 'x.yaml', PODINFO)).toThrow(
      /Several places fit chart podinfo.*release web from pod at 6\.5\.0 \(x\.yaml:3\), release worker from pod at 6\.4\.0 \(x\.yaml:7\).*"release"/,
    );
    expect(setVersion(text, 'x.yaml', { ...PODINFO, release: 'worker' }).text).toBe(text.replace('6.4.0', '6.6.0'));
  });

  test('is asked where two sources have a chart of this name', () => {
    const text = `${release('web', '6.5.0', 'one')}---\n${release('worker', '6.5.0', 'two')}`;
    expect(() => setVersion(text, 'x.yaml', PODINFO)).toThrow(/from one.*from two.*"repository"/);
    expect(() => setVersion(text, 'x.yaml', { ...PODINFO, repository: FROM })).toThrow(/Several places fit/);
    expect(setVersion(text, 'x.yaml', { ...PODINFO, repository: 'two' }).text).toBe(
      `${release('web', '6.5.0', 'one')}---\n${release('worker', '6.6.0', 'two')}`,
    );
  });

  test('is all releases of one version', () => {
    const text = `${release('web', '6.5.0')}---\n${release('worker', '6.5.0')}`;
    expect(set(text, PODINFO)).toBe(text.replaceAll('6.5.0', '6.6.0'));
  });

  test('is only its own in a file that several apps share', () => {
    const text = `${release('web', '6.5.0')}---\n${release('worker', '6.5.0')}`;
    const files = [{ path: 'apps.yaml', text, shared: true as const }];
    const { files: changed } = setVersions(files, [{ ...PODINFO, app: 'worker' }], 'apps.yaml');
    expect(changed[0]?.text).toBe(`${release('web', '6.5.0')}---\n${release('worker', '6.6.0')}`);
    expect(deployedIn(files, 'web').targets).toHaveLength(1);
    expect(deployedIn(files, 'other').targets).toEqual([]);
  });

  test('is a release of another name where it is the only one', () => {
    const target = { ...PODINFO, release: 'web-staging' };
    expect(set(release('web-production', '6.5.0'), target)).toBe(release('web-production', '6.6.0'));
    const both = `${release('web', '6.5.0')}---\n${release('worker', '6.5.0')}`;
    expect(() => setVersion(both, 'x.yaml', target)).toThrow(/Several places fit/);
  });

  test('is a patch together with what it overrides', () => {
    const patch = 'kind: HelmRelease\nmetadata: {name: web}\nspec: {chart: {spec: {version: 6.4.0}}}\n';
    const text = `${release('web', '6.5.0')}---\n${patch}`;
    expect(set(text, PODINFO)).toBe(text.replace('6.5.0', '6.6.0').replace('6.4.0', '6.6.0'));
    const { targets } = deployedIn([{ path: 'x.yaml', text }], 'web');
    expect(targets).toEqual([
      { kind: 'chart', name: 'podinfo', repository: 'pod', release: 'web', version: '6.4.0', app: 'web' },
    ]);
  });
});

describe("an app's version", () => {
  const chart = (name: string) =>
    `kind: HelmRelease\nmetadata: {name: shop}\nspec:\n  chart: {spec: {chart: ${name}, version: 2.0.0}}\n`;
  const values = (image: string) => `  values: {image: {repository: ghcr.io/acme/${image}, tag: 1.4.0}}\n`;

  test.each([
    ['its own image, beside a chart of its name', `${chart('shop')}${values('shop')}`, '1.4.0', undefined],
    [
      'an image of another name, beside a chart of no name of its own',
      `${chart('common').replace('name: shop', 'name: x')}${values('front')}`,
      '1.4.0',
      undefined,
    ],
    ['its chart, beside an image that is not its own', `${chart('shop')}${values('envoy')}`, '2.0.0', 'shop'],
    ['its chart alone', chart('common'), '2.0.0', 'common'],
  ])('is that of %s', (_, text, version, name) => {
    const held = deployedIn([{ path: 'x.yaml', text }], 'shop');
    expect({ version: held.version, chart: held.chart }).toEqual({ version, chart: name });
    expect(held.targets.some(({ kind }) => kind === 'chart')).toBe(true);
  });

  test('is none where its chart follows a range, which is named', () => {
    const text = 'kind: HelmRelease\nmetadata: {name: shop}\nspec: {chart: {spec: {chart: shop, version: 1.x}}}\n';
    expect(deployedIn([{ path: 'x.yaml', text }], 'shop')).toEqual({
      ...{ targets: [], pinned: [], version: null },
      following: [{ name: 'shop', range: '1.x' }],
    });
  });
});

test.each(['1.x', '6.5', 'latest', '>=1', '', '6.6.0 || 7'])('"%s" is refused as a version to set', (version) => {
  const text = 'kind: HelmRelease\nspec: {chart: {spec: {chart: podinfo, version: 6.5.0}}}\n';
  expect(() => setVersion(text, 'x.yaml', { ...PODINFO, version })).toThrow(/is no version of chart podinfo/);
});

describe('where a chart comes from is one spelling of', () => {
  test.each([
    ['https://Charts.Example.com/stable/', 'podinfo', 'https://charts.example.com/stable'],
    ['oci://ghcr.io/acme/charts/podinfo', 'podinfo', 'oci://ghcr.io/acme/charts'],
    ['OCI://GHCR.io/acme/charts', 'podinfo', 'oci://ghcr.io/acme/charts'],
    ['registry-1.docker.io/bitnamicharts', 'redis', 'oci://registry-1.docker.io/bitnamicharts'],
    ['https://charts.example.com/podinfo', 'podinfo', 'https://charts.example.com/podinfo'],
    ['bitnami', 'redis', 'bitnami'],
    ['', 'redis', undefined],
  ])('%s', (text, chart, normal) => {
    expect(normalRepository(text, chart)).toBe(normal);
  });
});

test.each<ChartTarget>([
  { ...PODINFO, repository: FROM, release: 'web', digest: NEW },
  { ...PODINFO, repository: undefined, release: undefined, digest: undefined },
  { ...PODINFO, version: undefined, digest: OLD, repository: 'bitnami', release: undefined },
])('a chart is read back from the line of a commit: %j', (chart) => {
  expect(chartTargetOf(chartReference(chart))).toEqual(chart);
});

test.each(['ghcr.io/acme/web:1.0.0', 'podinfo', 'podinfo from x', '', 'podinfo 1.0.0 more'])(
  'a line that names no chart is none: %j',
  (text) => {
    expect(chartTargetOf(text)).toBeUndefined();
  },
);
