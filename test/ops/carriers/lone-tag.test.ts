import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import type { OverlayFile } from '../../../src/ops/carriers/overlay-file.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { APP, NEW, OLD, TAG_ONLY, WORKER } from './support.js';

const OWN = { app: 'my-app', environment: 'staging' };

const file = (text: string, path = 'apps/staging/my-app/values.yaml', more: Partial<OverlayFile> = OWN) => ({
  path,
  text,
  ...more,
});

const set = (files: OverlayFile[], targets = [TAG_ONLY]) =>
  setVersions(files, targets, 'o').files.map(({ text }) => text);

describe('a tag without a repository is set', () => {
  test.each([
    ['in a mapping of an image', 'image:\n  tag: % # ours\n'],
    ['with a pull policy', 'image: {pullPolicy: Always, tag: "%"}\n'],
    ['below a word that says nothing', 'app:\n  replicas: 2\n  image:\n    tag: %\n'],
    ['below the name of the app', 'my-app:\n  image:\n    tag: %\n'],
    ['below the name in another spelling', 'myApp: {image: {imageTag: %}}\n'],
    ['in a key', 'imageTag: %\n'],
    ['in a key with underscores', 'image_tag: %\nreplicas: 2\n'],
    ['in a key in capitals', 'env: {IMAGE_TAG: "%"}\n'],
    ['in a key with the name of the app', 'my_app_image_tag: %\n'],
    ['in a mapping with the name of the app', 'myAppImage: {tag: %}\n'],
    ['beside a registry of all images', 'global: {imageRegistry: ghcr.io/acme}\ntag: %\n'],
    ['with a registry and a tag in global', 'global:\n  imageRegistry: ghcr.io/acme\n  tag: %\n'],
    ['in a parameter', 'kind: Application\nspec: {source: {helm: {parameters: [{name: image.tag, value: %}]}}}\n'],
    [
      'in values inside a text',
      'kind: Application\nspec:\n  source:\n    helm:\n      values: |\n        image:\n          tag: %\n',
    ],
    [
      'in a HelmRelease',
      'kind: HelmRelease\nmetadata: {name: my-app-staging}\nspec:\n  chart: {spec: {chart: service}}\n  values:\n    image:\n      tag: %\n',
    ],
  ])('%s', (_, text) => {
    expect(set([file(text.replace('%', '1.3.0'))])).toEqual([text.replace('%', '1.4.0')]);
    expect(deployedIn([file(text.replace('%', '1.3.0'))], 'my-app').version).toBe('1.3.0');
  });

  test('with its digest', () => {
    const text = (tag: string, digest: string) => `image:\n  tag: ${tag}\n  digest: ${digest}\n`;
    expect(set([file(text('1.3.0', OLD))], [APP])).toEqual([text('1.4.0', NEW)]);
    expect(set([file(`imageTag: 1.3.0@${OLD}\n`)], [APP])).toEqual([`imageTag: 1.4.0@${NEW}\n`]);
  });

  test('where the app is called another name than its image', () => {
    const own = { app: 'frontend', environment: 'staging' };
    const release = 'kind: HelmRelease\nmetadata: {name: frontend}\nspec: {values: {image: {tag: 1.3.0}}}\n';
    expect(set([file(release, 'apps/staging/frontend/release.yaml', own)])).toEqual([
      release.replace('1.3.0', '1.4.0'),
    ]);
  });

  test.each([
    'charts/my-app/values-staging.yaml',
    'staging/my-app.values.yaml',
    'staging/my-app-values.yaml',
    'a/staging.yaml',
  ])('in the file %s', (path) => {
    expect(set([file('image: {tag: 1.3.0}\n', path)])).toEqual(['image: {tag: 1.4.0}\n']);
  });

  test('of two files in that of the environment', () => {
    const files = [
      file('image: {tag: 1.0.0}\n', 'charts/my-app/values.yaml'),
      file('image: {tag: 1.3.0}\n', 'charts/my-app/values-staging.yaml'),
    ];
    expect(setVersions(files, [TAG_ONLY], 'o').files.map(({ path }) => path)).toEqual([
      'charts/my-app/values-staging.yaml',
    ]);
  });

  test('that is called after the image before any other one', () => {
    const text = (tag: string) => `image: {tag: 9.9.9}\nworker: {image: {tag: ${tag}}}\n`;
    expect(set([file(text('1.3.0'))], [{ ...WORKER, digest: undefined }])).toEqual([text('1.4.0')]);
  });

  test('in a file of several apps below the name of each', () => {
    const text = (tag: string) => `my-app: {image: {tag: ${tag}}}\nother: {image: {tag: 2.0.0}}\n`;
    const shared = { shared: true as const, environment: 'staging' };
    const files = [file(text('1.3.0'), 'environments/staging/values.yaml', shared)];
    expect(set(files)).toEqual([text('1.4.0')]);
    expect([deployedIn(files, 'my-app').version, deployedIn(files, 'other').version]).toEqual(['1.3.0', '2.0.0']);
  });
});

describe('a file without an ending that is the overlay', () => {
  const PATH = 'image-tags/staging/my-app';
  const bare = (text: string) => file(text, PATH, { ...OWN, isBare: true });

  test.each([
    ['holds nothing but a tag', '%\n'],
    ['has no last newline', '%'],
    ['has empty lines and Windows ends', '\uFEFF\r\n%\r\n'],
    ['has the tag under a key', '# by hand\nimage_tag: "%"\npromote: true\n'],
    ['has an image under a key', 'image: ghcr.io/acme/my-app:%\n'],
    ['is a whole reference', 'ghcr.io/acme/my-app:%\n'],
    ['has lines of variables', 'IMAGE_TAG=%\nDEBUG=1\n'],
  ])('%s', (_, text) => {
    expect(set([bare(text.replace('%', '1.3.0'))])).toEqual([text.replace('%', '1.4.0')]);
    expect(set([bare(text.replace('%', '1.4.0'))])).toEqual([]);
    expect(deployedIn([bare(text.replace('%', '1.3.0'))], 'my-app').version).toBe('1.3.0');
  });

  test('gets no quotes, because nothing reads it as YAML', () => {
    expect(set([bare('1.3\n')], [{ ...TAG_ONLY, tag: '1.10' }])).toEqual(['1.10\n']);
  });

  test('keeps to a digest', () => {
    expect(set([bare(`1.3.0@${OLD}\n`)], [APP])).toEqual([`1.4.0@${NEW}\n`]);
    expect(set([bare(`${OLD}\n`)], [APP])).toEqual([`${NEW}\n`]);
    expect(() => set([bare(`${OLD}\n`)])).toThrow(
      `${PATH}:1 holds a digest alone, and of ghcr.io/acme/my-app:1.4.0 none`,
    );
  });

  test.each([
    ['an image of another name', 'ghcr.io/acme/other:1.3.0\n'],
    ['several words', 'version 1.3.0\n'],
    ['several lines', '1.3.0\n1.2.0\n'],
    ['nothing', ''],
    ['text that is no YAML', 'a: [\n'],
  ])('is left alone with %s', (_, text) => {
    expect(() => set([bare(text)])).toThrow('Nothing in o carries the version');
  });

  test('is no overlay where a kustomization takes it in: one word is no tag', () => {
    const files = [
      file('configMapGenerator: [{files: [config]}]\n', 'o/kustomization.yaml'),
      file('on-tagged\n', 'o/config'),
    ];
    expect(() => set(files)).toThrow('Nothing in o carries the version');
    expect(deployedIn(files, 'my-app').version).toBeNull();
  });
});

describe('a tag that may be of something else is asked for', () => {
  test.each([
    ['below another name', 'postgresql: {image: {tag: 16.0.0}}\n'],
    ['in a key with another name', 'redis_image_tag: 7.0.0\n'],
    ['twice', 'image: {tag: 1.3.0}\nglobal: {image: {tag: 1.3.0}}\n'],
    ['in a parameter with another name', 'parameters: [{name: db.image.tag, value: 16}]\n'],
    [
      'in the release of another chart',
      'kind: HelmRelease\nmetadata: {name: redis}\nspec: {chart: {spec: {chart: redis}}, values: {image: {tag: 7.0.0}}}\n',
    ],
  ])('%s', (_, text) => {
    expect(() => set([file(text)])).toThrow('There is a tag without a repository, and whose it is is not clear');
    expect(deployedIn([file(text)], 'my-app').version).toBeNull();
  });

  test('that is called a version', () => {
    expect(() => set([file('main_app:\n  version: 2025-11-10-034557-production\n')])).toThrow(
      'There is a version, and whose it is is not clear: apps/staging/my-app/values.yaml:2 (2025-11-10-034557-production). Say ' +
        'it in ostack.yaml, with those of these lines that are meant:\n\ncarriers:\n' +
        '  - file: apps/{environment}/my-app/values.yaml\n    path: main_app.version\n    image: ghcr.io/acme/my-app\n',
    );
  });

  test('in a file with another name', () => {
    expect(() => set([file('image: {tag: 7.0.0}\n', 'apps/staging/my-app/redis-values.yaml')])).toThrow(
      'whose it is is not clear',
    );
  });

  test('for two images of the app', () => {
    expect(() =>
      set([file('image: {tag: 1.3.0}\n')], [TAG_ONLY, { ...WORKER, image: 'jobs', repository: 'acme/jobs' }]),
    ).toThrow('whose it is is not clear');
  });

  test('in a file of several apps', () => {
    expect(() => set([file('image: {tag: 1.3.0}\n', 'environments/staging/values.yaml', { shared: true })])).toThrow(
      'whose it is is not clear',
    );
  });

  test('with lines that work', () => {
    const text = 'kind: X\n---\nweb: {image: {tag: 1.3.0}}\napi: {image: {tag: 1.3.0}}\n';
    const lines =
      'carriers:\n  - file: apps/{environment}/my-app/values.yaml\n    path: web.image.tag\n    image: ghcr.io/acme/my-app\n' +
      '  - file: apps/{environment}/my-app/values.yaml\n    path: api.image.tag\n    image: ghcr.io/acme/my-app\n';
    expect(() => set([file(text)])).toThrow(lines);
    const named = [{ path: ['api', 'image', 'tag'], image: 'ghcr.io/acme/my-app', where: 'ostack.yaml:2' }];
    const [after] = set([{ ...file(text), named }]);
    expect(after).toBe(text.replace('api: {image: {tag: 1.3.0', 'api: {image: {tag: 1.4.0'));
    expect(deployedIn([{ ...file(text), named }], 'my-app')).toMatchObject({
      version: '1.3.0',
      targets: [{ repository: 'ghcr.io/acme/my-app', tag: '1.3.0' }],
    });
  });
});

test.each([
  ['tag: 1.3.0\n'],
  ['git: {tag: 1.3.0}\n'],
  ['image: {repository: acme/other, tag: 1.3.0}\n'],
  ['image: {tag: "{{ .tag }}"}\n'],
  ['imageTag: {{ .tag }}\n'],
  ['imagePullPolicy: Always\n'],
])('no tag without a repository is in %s', (text) => {
  expect(() => set([file(text)])).toThrow(/^Nothing in o carries(?!.*There is a tag)/s);
});

test('what names its repository is taken before a tag that stands alone', () => {
  const text = (tag: string) =>
    `image: {repository: ghcr.io/acme/my-app, tag: ${tag}}\nmigrate: {image: {tag: 1.0.0}}\n`;
  expect(set([file(text('1.3.0'))])).toEqual([text('1.4.0')]);
});

test('a repository whose registry is the default of a chart, or of all images', () => {
  const alone = (tag: string) => `image: {repository: acme/my-app, tag: ${tag}}\n`;
  expect(set([file(alone('1.3.0'))])).toEqual([alone('1.4.0')]);
  const global = (tag: string) =>
    `global: {imageRegistry: ghcr.io}\nimage: {registry: docker.io, repository: acme/my-app, tag: ${tag}}\n`;
  expect(set([file(global('1.3.0'))])).toEqual([global('1.4.0')]);
  expect(() => set([file('global: {imageRegistry: quay.io}\nimage: {repository: acme/my-app, tag: 1.3.0}\n')])).toThrow(
    'Nothing in o carries',
  );
});
