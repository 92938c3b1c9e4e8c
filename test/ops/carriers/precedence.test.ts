import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { overlayCarriers } from '../../../src/ops/carriers/find-carriers.js';
import { goesBackwards } from '../../../src/ops/carriers/never-backwards.js';
import type { OverlayFile } from '../../../src/ops/carriers/overlay-file.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const values = (tag: string) => `image:\n  repository: ghcr.io/acme/web\n  tag: ${tag}\n`;
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

const application = (source: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\nspec:\n  source:\n    path: charts/web\n${indent(source, 4)}`;
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\nspec:\n${indent(spec, 2)}`;
const sourced = (...files: string[]) =>
  `chart:\n  spec:\n    chart: ./charts/web\n    sourceRef: { kind: GitRepository, name: flux-system }\n    valuesFiles: [${files.join(', ')}]\n`;
const flux = (spec: string): OverlayFile => ({
  path: 'clusters/staging/web.yaml',
  text: `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: web\nspec:\n  path: ./overlays/staging/web\n${indent(spec, 2)}`,
  deploys: ['overlays/staging/web'],
});
const argo = (source: string): OverlayFile => ({
  path: 'argocd/web.yaml',
  text: application(source),
  deploys: ['overlays/staging/web', 'charts/web'],
});
const overlay = (text: string, name = 'kustomization.yaml'): OverlayFile => ({
  path: `overlays/staging/web/${name}`,
  text,
});
const entries = (...tags: string[]) =>
  `images:\n${tags.map((tag) => `- name: ghcr.io/acme/web\n  newTag: ${tag}\n`).join('')}`;
const deployment = (tag: string) => `kind: Deployment\nspec:\n  containers:\n  - image: ghcr.io/acme/web:${tag}\n`;
const patch = (tag: string) =>
  `patches:\n- target: { kind: Deployment }\n  patch: |\n    - op: replace\n      path: /spec/template/spec/containers/0/image\n      value: ghcr.io/acme/web:${tag}\n`;
const chart = (path: string, text: string): OverlayFile => ({ path: `charts/web/${path}`, text });

/** What is there as `1.0.1` runs; what is there as `1.0.0` is overridden, and as `0.9.0` by something in between too. */
const CASES: [string, OverlayFile[]][] = [
  ['the last of two entries of a kustomization', [overlay(entries('1.0.0', '1.0.1'))]],
  [
    'an entry that renames, over a later one for the old name',
    [overlay('images:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.1\n- name: web\n  newTag: 0.9.0\n')],
  ],
  [
    'an entry for the name that an earlier one makes',
    [
      overlay(
        'images:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n- name: ghcr.io/acme/web\n  newTag: 1.0.1\n',
      ),
    ],
  ],
  ['an entry over a manifest', [overlay(entries('1.0.1')), overlay(deployment('1.0.0'), 'web.yaml')]],
  ['an entry over a patch', [overlay(`${entries('1.0.1')}${patch('1.0.0')}`)]],
  [
    'an entry over that of a folder inside',
    [overlay(entries('1.0.1')), overlay(entries('1.0.0'), 'inner/kustomization.yaml')],
  ],
  ["an entry of Flux over the folder's", [overlay(entries('1.0.0')), flux(entries('1.0.1'))]],
  [
    'an entry of Flux for the name that the folder makes',
    [overlay('images:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n'), flux(entries('1.0.1'))],
  ],
  ['an entry of Flux over a manifest', [overlay(deployment('1.0.0'), 'web.yaml'), flux(entries('1.0.1'))]],
  ["an entry of Flux over Flux's own patch", [flux(`${entries('1.0.1')}${patch('1.0.0')}`)]],
  ['a patch of Flux over a manifest', [overlay(deployment('1.0.0'), 'web.yaml'), flux(patch('1.0.1'))]],
  ["the folder's entry over a patch of Flux", [overlay(entries('1.0.1')), flux(patch('1.0.0'))]],
  [
    "an image of Argo CD over the folder's entry of the same name",
    [overlay(entries('1.0.0')), argo('kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.1\n')],
  ],
  [
    'an image of Argo CD for the name that the folder makes, which comes later by its name',
    [
      overlay('images:\n- name: acme\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n'),
      argo('kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.1\n'),
    ],
  ],
  [
    'an image of Argo CD that comes from a mirror',
    [overlay(entries('1.0.0')), argo('kustomize:\n  images:\n  - ghcr.io/acme/web=mirror.dev/web:1.0.1\n')],
  ],
  [
    "the folder's entry over a patch of Argo CD",
    [overlay(entries('1.0.1')), argo(`kustomize:\n${indent(patch('1.0.0'), 2)}`)],
  ],
  [
    'a post-renderer over the values of its HelmRelease',
    [
      {
        path: 'web.yaml',
        text: release(
          `values:\n${indent(values('1.0.0'), 2)}postRenderers:\n- kustomize:\n${indent(entries('1.0.1'), 4)}`,
        ),
      },
    ],
  ],
  [
    "the values of a HelmRelease over files of the chart's repository",
    [
      chart('values-staging.yaml', values('1.0.0')),
      {
        path: 'web.yaml',
        text: release(`${sourced('./charts/web/values-staging.yaml')}values: { image: { tag: 1.0.1 } }\n`),
      },
    ],
  ],
  [
    "the later of two files of the chart's repository",
    [
      chart('values.yaml', values('1.0.0')),
      chart('values-staging.yaml', 'image: { tag: 1.0.1 }\n'),
      { path: 'web.yaml', text: release(sourced('charts/web/values.yaml', '/charts/web/values-staging.yaml')) },
    ],
  ],
  [
    'the list of files over the older single one',
    [
      chart('values.yaml', values('1.0.0')),
      chart('values-staging.yaml', values('1.0.1')),
      {
        path: 'web.yaml',
        text: release(
          sourced('charts/web/values-staging.yaml').replace(
            '    valuesFiles',
            '    valuesFile: charts/web/values.yaml\n    valuesFiles',
          ),
        ),
      },
    ],
  ],
  [
    "a ConfigMap over files of the chart's repository",
    [
      chart('values-staging.yaml', values('1.0.0')),
      {
        path: 'web.yaml',
        text: `kind: ConfigMap\nmetadata: { name: v }\ndata:\n  values.yaml: |\n    image: { tag: 1.0.1 }\n---\n${release(
          `${sourced('charts/web/values-staging.yaml')}valuesFrom:\n- { kind: ConfigMap, name: v }\n`,
        )}`,
      },
    ],
  ],
  [
    'the values of a HelmRelease over a ConfigMap',
    [
      {
        path: 'web.yaml',
        text: `kind: ConfigMap\nmetadata: { name: v }\ndata:\n  values.yaml: |\n${indent(values('1.0.0'), 4)}---\n${release(
          `valuesFrom:\n- { kind: ConfigMap, name: v }\nvalues:\n  image: { tag: 1.0.1 }\n`,
        )}`,
      },
    ],
  ],
  [
    'the later of two generated ConfigMaps',
    [
      overlay(
        'resources: [web.yaml]\nconfigMapGenerator:\n- name: a\n  files: [values.yaml=a.yaml]\n- name: b\n  files: [values.yaml=b.yaml]\n',
      ),
      overlay(values('1.0.0'), 'a.yaml'),
      overlay(values('1.0.1'), 'b.yaml'),
      overlay(
        release(
          'valuesFrom:\n- { kind: ConfigMap, name: a }\n- { kind: ConfigMap, name: b }\nvalues: { replicas: 2 }\n',
        ),
        'web.yaml',
      ),
    ],
  ],
  [
    'a single value from a ConfigMap',
    [
      {
        path: 'web.yaml',
        text: `kind: ConfigMap\nmetadata: { name: v }\ndata:\n  values.yaml: |\n${indent(values('1.0.0'), 4)}  tag: 1.0.1\n---\n${release(
          'valuesFrom:\n- { kind: ConfigMap, name: v }\n- { kind: ConfigMap, name: v, valuesKey: tag, targetPath: image.tag }\n',
        )}`,
      },
    ],
  ],
  [
    'parameters over valuesObject',
    [
      argo(
        `helm:\n  valuesObject:\n${indent(values('1.0.0'), 4)}  parameters:\n  - name: image.tag\n    value: 1.0.1\n`,
      ),
    ],
  ],
  [
    'valuesObject over values',
    [argo(`helm:\n  values: |\n${indent(values('1.0.0'), 4)}  valuesObject:\n${indent(values('1.0.1'), 4)}`)],
  ],
  [
    'values over files',
    [
      chart('values-staging.yaml', values('1.0.0')),
      argo('helm:\n  valueFiles: [values-staging.yaml]\n  values: |\n    image:\n      tag: 1.0.1\n'),
    ],
  ],
  [
    'the later of two files',
    [
      chart('values-staging.yaml', values('1.0.0')),
      chart('override.yaml', 'image:\n  tag: 1.0.1\n'),
      argo('helm:\n  valueFiles: [values-staging.yaml, override.yaml]\n'),
    ],
  ],
  [
    'the later of two files that both name the image',
    [
      chart('values-staging.yaml', values('1.0.1')),
      chart('first.yaml', values('1.0.0')),
      argo('helm:\n  valueFiles: [first.yaml, values-staging.yaml]\n'),
    ],
  ],
  [
    'parameters over files of another source',
    [
      { path: 'values/web.yaml', text: values('1.0.0') },
      {
        path: 'argocd/web.yaml',
        text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec:\n  sources:\n  - { repoURL: a, ref: ops }\n  - repoURL: b\n    chart: web\n    helm:\n      valueFiles: [$ops/values/web.yaml]\n      parameters:\n      - { name: image.tag, value: 1.0.1 }\n',
        deploys: ['values/web.yaml'],
      },
    ],
  ],
  [
    'inline values of a chart of kustomize over its file',
    [
      overlay('helmCharts:\n- name: web\n  valuesFile: values.yaml\n  valuesInline: { image: { tag: 1.0.1 } }\n'),
      overlay(values('1.0.0'), 'values.yaml'),
    ],
  ],
  [
    'the file over inline values that are merged into it',
    [
      overlay(
        'helmCharts:\n- name: web\n  valuesFile: values.yaml\n  valuesMerge: merge\n  valuesInline: { image: { repository: ghcr.io/acme/web, tag: 1.0.0 } }\n',
      ),
      overlay('image:\n  tag: 1.0.1\n', 'values.yaml'),
    ],
  ],
  [
    'further files of a chart of kustomize over its inline values',
    [
      overlay(
        'helmCharts:\n- name: web\n  valuesFile: values.yaml\n  additionalValuesFiles: [more.yaml]\n  valuesInline: { image: { tag: 0.9.0 } }\n',
      ),
      overlay(values('1.0.0'), 'values.yaml'),
      overlay('image:\n  tag: 1.0.1\n', 'more.yaml'),
    ],
  ],
  [
    'the later values of a release of helmfile',
    [
      {
        path: 'helmfile.yaml',
        text: `releases:\n- name: web\n  values:\n  - web.yaml\n  - image: { tag: 1.0.1 }\n`,
      },
      { path: 'web.yaml', text: values('1.0.0') },
    ],
  ],
  [
    'what a release of helmfile sets over its values',
    [
      {
        path: 'helmfile.yaml',
        text: `releases:\n- name: web\n  values:\n  - image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n  set:\n  - { name: image.tag, value: 1.0.1 }\n`,
      },
    ],
  ],
];

describe('of places that carry a version of one image, one is obeyed', () => {
  test.each(CASES)('%s', (_, files) => {
    expect(deployedIn(files, 'web').version).toBe('1.0.1');
    const { files: changed, carriers } = setVersions(files, [WEB], 'here');
    const after = files.map((file) => changed.find(({ path }) => path === file.path) ?? file);
    expect(deployedIn(after, 'web').version).toBe('2.0.0');
    // What is overridden goes along, so that it misleads nobody.
    expect(after.map(({ text }) => text).join('')).not.toMatch(/1\.0\.[01]/);
    const obeyed = carriers.filter(({ overriddenBy }) => overriddenBy === undefined);
    expect(new Set(obeyed.map(({ current }) => current.tag))).toEqual(new Set(['1.0.1']));
  });

  test.each(CASES)('%s, and what is overridden is never newer', (_, files) => {
    const newer = files.map((file) => ({ ...file, text: file.text.replaceAll(/1\.0\.0|0\.9\.0/g, '3.0.0') }));
    expect(deployedIn(newer, 'web').version).toBe('1.0.1');
    expect(overlayCarriers(newer, [WEB]).some(goesBackwards)).toBe(false);
    const older = files.map((file) => ({ ...file, text: file.text.replaceAll('1.0.1', '3.0.0') }));
    expect(overlayCarriers(older, [WEB]).some(goesBackwards)).toBe(true);
  });
});

test.each([
  ['{{ .tag }}', 'has "{{ .tag }}" at spec.source.helm.parameters[0].value'],
  ['$(TAG)', 'has "$(TAG)" at spec.source.helm.parameters[0].value'],
])('what overrides with %s is refused by name', (value, said) => {
  const files = [
    chart('values-staging.yaml', values('1.0.0')),
    argo(`helm:\n  valueFiles: [values-staging.yaml]\n  parameters:\n  - name: image.tag\n    value: "${value}"\n`),
  ];
  expect(() => setVersions(files, [WEB], 'here')).toThrow(`argocd/web.yaml:12 ${said}`);
});

test('a digest in a later file goes with the version', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const files = [
    chart('values-staging.yaml', values('1.0.0')),
    chart('pins.yaml', `image:\n  digest: ${digest}\n`),
    argo('helm:\n  valueFiles: [values-staging.yaml, pins.yaml]\n'),
  ];
  const { files: changed } = setVersions(files, [WEB], 'here');
  expect(changed.find(({ path }) => path === 'charts/web/pins.yaml')?.text).toBe('image:\n  digest: ""\n');
});

test('what overrides has room for a tag alone, and of a digest none is known', () => {
  const files = [
    chart('values-staging.yaml', values('1.0.0')),
    argo('helm:\n  valueFiles: [values-staging.yaml]\n  parameters:\n  - { name: image.tag, value: 1.0.1 }\n'),
  ];
  const target = { ...WEB, tag: undefined, digest: `sha256:${'a'.repeat(64)}` };
  expect(() => setVersions(files, [target], 'here')).toThrow('has room for a tag alone');
});

test('what Argo CD does not take is no version, and nothing is set there', () => {
  const files = [argo(`helm:\n  values: |\n${indent(values('1.0.0'), 4)}  valuesObject:\n    replicas: 2\n`)];
  expect(deployedIn(files, 'web').version).toBe(null);
  expect(() => setVersions(files, [WEB], 'here')).toThrow(
    'argocd/web.yaml:12 has the version of ghcr.io/acme/web: Argo CD does not take "values" where there is a "valuesObject".',
  );
});

describe('a tag among the global values', () => {
  const file = (more: string): OverlayFile => ({
    path: 'environments/staging/web/values.yaml',
    text: `${more}${values('1.0.0')}`,
  });

  test.each(['global:\n  image:\n    tag: 1.0.1\n', 'global:\n  imageTag: 1.0.1\n', 'global:\n  tag: 1.0.1\n'])(
    'leaves open which one the chart takes: %j',
    (text) => {
      expect(() => setVersions([file(text)], [WEB], 'here')).toThrow('which of them the chart takes is not clear');
    },
  );

  test.each([
    'global:\n  imageRegistry: ""\n',
    'global:\n  redis:\n    version: 7.0.0\n',
    'global:\n  image:\n    repository: ghcr.io/acme/api\n    tag: 5.0.0\n',
  ])('is not what else is global: %j', (text) => {
    expect(setVersions([file(text)], [WEB], 'here').files).toHaveLength(1);
  });

  test('is told apart by the lines that the question has', () => {
    const text = 'global:\n  image:\n    tag: 1.0.1\n';
    expect(() => setVersions([{ ...file(text), environment: 'staging' }], [WEB], 'here')).toThrow(
      'carriers:\n  - file: environments/{environment}/web/values.yaml\n    path: image.tag\n    image: ghcr.io/acme/web\n' +
        '  - file: environments/{environment}/web/values.yaml\n    path: global.image.tag\n    image: ghcr.io/acme/web\n',
    );
    const named = [{ path: ['global', 'image', 'tag'], image: WEB.repository, where: 'ostack.yaml:2' }];
    expect(setVersions([{ ...file(text), named }], [WEB], 'here').files[0]?.text).toContain('tag: 2.0.0\n');
  });
});

describe('values that a post-renderer overrides', () => {
  const OTHER = `sha256:${'b'.repeat(64)}`;
  const target = { ...WEB, digest: `sha256:${'a'.repeat(64)}` };
  const file = (image: string, entry: string): OverlayFile => ({
    path: 'web.yaml',
    text: release(
      `values:\n  image: { repository: ghcr.io/acme/web, ${image} }\npostRenderers:\n- kustomize:\n    images:\n    - { name: ghcr.io/acme/web, ${entry} }\n`,
    ),
  });

  test.each<[what: string, image: string, entry: string, after: [image: string, entry: string]]>([
    ['no version', 'tag: null', `digest: "${OTHER}"`, ['tag: null', `digest: "${target.digest}"`]],
    ['an empty one', 'tag: ""', 'newTag: 1.0.0', ['tag: ""', `newTag: 2.0.0, digest: ${target.digest}`]],
    ['a version', 'tag: 1.0.0', `digest: "${OTHER}"`, ['tag: 2.0.0', `digest: "${target.digest}"`]],
    [
      'a version while it has the new one already',
      'tag: 1.0.0',
      `newTag: 2.0.0, digest: "${target.digest}"`,
      ['tag: 1.0.0', `newTag: 2.0.0, digest: "${target.digest}"`],
    ],
    [
      'a digest that both share',
      `tag: 1.0.0, digest: &pin "${OTHER}"`,
      'newTag: 1.0.0, digest: *pin ',
      [`tag: 2.0.0, digest: &pin "${target.digest}"`, 'newTag: 2.0.0, digest: *pin '],
    ],
    [
      'a tag that both share',
      `tag: &v 1.0.0, digest: "${OTHER}"`,
      `newTag: *v , digest: "${OTHER}"`,
      [`tag: &v 2.0.0, digest: "${target.digest}"`, `newTag: *v , digest: "${target.digest}"`],
    ],
  ])('with %s', (_, image, entry, [imageAfter, entryAfter]) => {
    const before = file(image, entry);
    const [after = before] = setVersions([before], [target], 'here').files;
    expect(after.text).toBe(file(imageAfter, entryAfter).text);
  });
});
