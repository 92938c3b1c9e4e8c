import { describe, expect, test } from '@jest/globals';
import { deployment } from '../../support/deployment.js';
import { bumped, type Files, promoted, promotion, versionAfter, versionIn } from './verbs-on-web.js';

const ENVIRONMENTS = ['staging', 'production'] as const;
const inBoth = (of: (environment: string) => Files): Files => Object.assign({}, ...ENVIRONMENTS.map(of));

const entry = (name: string, version: string) => `- name: ${name}\n  newTag: ${version}\n`;
const PRODUCTION = 'overlays/production/web/kustomization.yaml';

/** An app whose kustomizations have entries of `images`. */
const entries = (staging: string, production: string): Files => ({
  'bases/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/web/deployment.yaml': deployment('web', '{ name: web, image: ghcr.io/acme/web }'),
  'overlays/staging/web/kustomization.yaml': `resources: [../../../bases/web]\nimages:\n${staging}`,
  [PRODUCTION]: `resources: [../../../bases/web]\nimages:\n${production}`,
});

describe('an entry of images that a regular expression overrides', () => {
  const web = entry('ghcr.io/acme/web', '1.0.9');
  const overridden = `${entry('ghcr.io/acme/web', '1.0.5')}${entry('ghcr.io/acme/.*', '1.0.5')}`;
  test.each([
    ['in production alone', entries(web, overridden)],
    ['in both', entries(`${entry('ghcr.io/acme/web', '1.0.8')}${entry('ghcr.io/acme/.*', '1.0.9')}`, overridden)],
  ])('%s: a promotion names the line, and what it says to do there works', async (_, files) => {
    const message = await promoted(files);
    expect(message).toMatch(
      new RegExp(
        `^production would have web 1\\.0\\.5, .*${PRODUCTION}:5\\).* Set that place to \\S+:1\\.0\\.9, or remove`,
      ),
    );
    const ways = [
      files[PRODUCTION]?.replace(entry('ghcr.io/acme/.*', '1.0.5'), ''),
      files[PRODUCTION]?.replace(entry('ghcr.io/acme/.*', '1.0.5'), entry('ghcr.io/acme/.*', '1.0.9')),
    ];
    for (const text of ways) {
      expect(await versionAfter(await promoted({ ...files, [PRODUCTION]: text ?? '' }))).toBe('1.0.9');
    }
  });
});

const SOURCES = {
  helm: '{ kind: HelmRepository, name: acme }',
  git: '{ kind: GitRepository, name: flux-system, namespace: flux-system }',
};
const release = (source: keyof typeof SOURCES, more = '') =>
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec:\n  chart:\n    spec:\n      chart: ./charts/web\n' +
  `      sourceRef: ${SOURCES[source]}\n${more}`;
const releases = (source: keyof typeof SOURCES, of: (environment: string) => string = () => '') =>
  inBoth((environment) => ({
    [`apps/${environment}/web/kustomization.yaml`]: 'resources: [release.yaml]\n',
    [`apps/${environment}/web/release.yaml`]: release(source, of(environment)),
  }));
const chart = (template: string, values = 'replicas: 1\n'): Files => ({
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
  'charts/web/values.yaml': values,
  'charts/web/templates/deployment.yaml': template,
});
const host = (environment: string) => `  values: { host: web.${environment}.acme.dev }\n`;
const replicas = (environment: string) => `  values: { replicas: ${environment.length} }\n`;

describe('where neither environment says a version in values', () => {
  test.each<[what: string, files: Files]>([
    ['a chart of a Helm repository', releases('helm')],
    ['with hosts of their own', releases('helm', host)],
    ['a chart of this repository', { ...chart('image: x'), ...releases('git') }],
    [
      'a release of a base',
      {
        'apps/base/web/kustomization.yaml': 'resources: [release.yaml]\n',
        'apps/base/web/release.yaml': release('helm'),
        ...inBoth((name) => ({ [`apps/${name}/kustomization.yaml`]: 'resources: [../base/web]\n' })),
      },
    ],
  ])('%s: there is nothing to promote, and it is said why', async (_, files) => {
    const { failed, moved, change } = await promotion(files);
    expect(failed).toEqual([]);
    expect(change.files.size).toBe(0);
    expect(moved[0]).toMatchObject({
      ...{ changed: false, version: null },
      unproved: ['staging says no version of web, and production says the same of it'],
    });
  });

  test('nothing is to be done where both take the version of the chart', async () => {
    const values = 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.0.0\n';
    const { failed, moved } = await promotion({ ...chart('image: x', values), ...releases('git') });
    expect(failed).toEqual([]);
    expect(moved[0]).toMatchObject({ changed: false, version: '1.0.0' });
  });

  test.each<[what: string, files: Files]>([
    ['they say other things', releases('helm', replicas)],
    ['values come from elsewhere', releases('helm', () => '  valuesFrom: [{ kind: ConfigMap, name: web }]\n')],
    ['a variable may be a version', releases('helm', () => '  values: { app: "$' + '{VERSION}" }\n')],
    ['the chart of another repository is not read', releases('git')],
  ])('it is refused where %s', async (_, files) => {
    expect(await promoted(files)).toMatch(/has no version to promote|is not known/);
  });

  test('where a release makes what runs, its values are what is asked for', async () => {
    const files = { ...chart('image: x'), ...releases('git', replicas) };
    expect(await promoted(files)).toMatch(/HelmRelease web installs a chart, .* Say the version in its values there/);
    const said = (version: string) => `  values: { image: { repository: ghcr.io/acme/web, tag: ${version} } }\n`;
    const both = releases('git', (environment) => said(environment === 'staging' ? '1.0.9' : '1.0.5'));
    expect(await versionAfter(await promoted({ ...files, ...both }))).toBe('1.0.9');
  });
});

describe('the lines for a release that says nothing of its image', () => {
  const path = 'apps/production/web/kustomization.yaml';
  const line = (image: string) => `      containers:\n      - name: web\n        image: ${image}\n`;
  const helper =
    '{{- define "web.image" -}}\n{{ .Values.app.image.repository }}:{{ .Values.app.image.tag }}\n{{- end }}\n';

  test.each<[what: string, template: string, says: string]>([
    [
      'as most charts have it',
      line('"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'),
      'image:\n          rep',
    ],
    [
      'with a default',
      line('"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'),
      'image:\n          rep',
    ],
    [
      'deeper, by a helper',
      `${helper}${line('{{ include "web.image" . }}')}`,
      'app:\n          image:\n            rep',
    ],
    ['in one value', line('"{{ .Values.image }}"'), 'image: ghcr.io/acme/web:2.0.0'],
    ['a version alone', line('"ghcr.io/acme/web:{{ .Values.web.version }}"'), 'web:\n          version: 2.0.0'],
  ])('are what the templates of a chart in git read: %s', async (_, template, says) => {
    const files = { ...chart(template), ...releases('git') };
    const message = await bumped(files);
    const text = typeof message === 'string' ? message : '';
    const [, patches = '', carriers = ''] =
      /\n(patches:\n[\s\S]*?)(?:\n\nand to ostack\.yaml:\n\n([\s\S]*))?$/.exec(text) ?? [];
    expect(patches).toContain(says);
    const said = {
      ...files,
      [path]: `${files[path]}${patches.replaceAll('2.0.0', '1.9.0')}`,
      ...(carriers && { 'ostack.yaml': carriers }),
    };
    expect(await versionIn(said, 'production')).toBe('1.9.0');
    expect(await versionAfter(await bumped(said))).toBe('2.0.0');
  });

  test('are none where the templates take the image from no value', async () => {
    const message = await bumped({ ...chart(line('ghcr.io/acme/web:1.0.0')), ...releases('git') });
    expect(message).toMatch(/The templates of charts\/web take no image from a value/);
    expect(message).not.toContain('patches:');
  });

  test('leave it to a person where the chart cannot be read', async () => {
    const message = await bumped(releases('helm'));
    expect(message).toMatch(
      /"helm show values" tells them\. Where these are not "image\.repository" .* Where they are, add to/s,
    );
  });

  test('are not those of a chart here where the release takes that of another repository', async () => {
    const source = (name: string) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name} }\nspec: { url: "https://github.com/acme/${name}" }\n`;
    const files: Files = {
      ...{
        ...chart(line('"{{ .Values.image }}"')),
        'clusters/production/flux-system/gotk-sync.yaml': source('flux-system'),
      },
      ...{ ...releases('git'), 'clusters/production/other.yaml': source('other') },
    };
    const path = 'apps/production/web/release.yaml';
    const message = await bumped({ ...files, [path]: files[path]?.replace('name: flux-system', 'name: other') ?? '' });
    expect(message).toContain('"helm show values" tells them');
  });

  test('come with the next run where an entry of images sets nothing', async () => {
    const files = { ...chart(line('"{{ .Values.image }}"')), ...releases('git') };
    const message = await bumped({ ...files, [path]: `${files[path]}images:\n${entry('ghcr.io/acme/web', '1.0.0')}` });
    expect(message).toMatch(/sets nothing: .* Remove the entry\. HelmRelease web .* Run again then/s);
  });
});

/** What Flux applies, with its own `images` over it. */
const flux = (environment: string, path: string, images: string): Files => ({
  [`clusters/${environment}/apps.yaml`]:
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\nspec:\n' +
    `  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n${images}`,
});
const images = (version: string, app = 'web') => `  images:\n  - name: ghcr.io/acme/${app}\n    newTag: ${version}\n`;
const manifest = deployment('web', '{ name: web, image: "ghcr.io/acme/web:1.0.0" }');

describe('where Flux sets images over staging alone', () => {
  test.each<[what: string, files: Files, over: string]>([
    [
      'kustomizations of environments',
      {
        'apps/base/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
        'apps/base/web/deployment.yaml': manifest,
        ...inBoth((name) => ({ [`apps/${name}/kustomization.yaml`]: 'resources: [../base/web]\n' })),
      },
      '',
    ],
    ['manifests', inBoth((name) => ({ [`apps/${name}/web.yaml`]: manifest })), ''],
    [
      'manifests, and another image in production',
      inBoth((name) => ({ [`apps/${name}/web.yaml`]: manifest })),
      images('7.0.0', 'api'),
    ],
  ])('%s: production gets the version in what it has, and nothing is said to be missing', async (_, files, over) => {
    const all = {
      ...files,
      ...flux('staging', './apps/staging', images('1.0.9')),
      ...flux('production', './apps/production', over),
    };
    const { moved } = await promotion(all);
    expect(moved[0]).toMatchObject({ changed: true, notes: [] });
    expect(await versionAfter(await promoted(all))).toBe('1.0.9');
  });

  const shared: Files = { 'deploy/kustomization.yaml': 'resources: [web.yaml]\n', 'deploy/web.yaml': manifest };

  test.each<[what: string, over: string]>([
    ['no images', ''],
    ['images of others', images('7.0.0', 'api')],
  ])('and both deploy one folder: the lines for %s are said, and work', async (_, over) => {
    const files: Files = {
      ...shared,
      ...flux('staging', './deploy', images('1.0.9')),
      ...flux('production', './deploy', over),
    };
    const message = await promoted(files);
    expect(message).toMatch(/Add to .*"spec" of the Flux Kustomization apps in clusters\/production\/apps\.yaml:/);
    const lines = typeof message === 'string' ? message.slice(message.indexOf(':\n\n') + 3) : '';
    const path = 'clusters/production/apps.yaml';
    const followed = { ...files, [path]: `${files[path]}${lines.replace('1.0.9', '1.0.7')}` };
    expect(await versionIn(followed, 'production')).toBe('1.0.7');
    expect(await versionAfter(await promoted(followed))).toBe('1.0.9');
    expect(await versionAfter(await bumped(followed))).toBe('2.0.0');
  });

  const pathOf = (environment: string, app: string) => `clusters/${environment}/${app}.yaml`;
  const named = (environment: string, app: string, over: string): Files => {
    const text = flux(environment, `./deploy/${app}`, over)[pathOf(environment, 'apps')] ?? '';
    return { [pathOf(environment, app)]: text.replace('name: apps', `name: ${app}`) };
  };
  const each: Files = Object.assign(
    { ...named('staging', 'web', images('1.0.9')), ...named('staging', 'api', images('1.0.9', 'api')) },
    ...['web', 'api'].map((app) => ({
      [`deploy/${app}/kustomization.yaml`]: 'resources: [app.yaml]\n',
      [`deploy/${app}/app.yaml`]: deployment(app, `{ name: ${app}, image: "ghcr.io/acme/${app}:1.0.0" }`),
    })),
  );

  test.each([
    ['all', ''],
    ['one', images('1.0.9', 'api')],
  ])('and each app has an object, of which %s has none in production: a bump says the lines', async (_, over) => {
    const files = { ...each, ...named('production', 'web', ''), ...named('production', 'api', over) };
    const message = await bumped(files);
    const start = `There is no app "web" in production: expected ${pathOf('production', 'web')}. `;
    expect(message).toMatch(new RegExp(`^${start}.* Add to "spec" of the Flux Kustomization web in .*:\n`));
    const lines = typeof message === 'string' ? message.slice(message.indexOf(':\n\n') + 3) : '';
    const path = pathOf('production', 'web');
    expect(await versionIn({ ...files, [path]: `${files[path]}${lines}` }, 'production')).toBe('2.0.0');
  });

  test('and one object deploys several apps: a bump says what to write, and that works', async () => {
    const both = `${images('1.0.9')}${images('1.0.9', 'api').replace('  images:\n', '')}`;
    const files: Files = {
      'deploy/kustomization.yaml': 'resources: [web.yaml, api.yaml]\n',
      'deploy/web.yaml': manifest,
      'deploy/api.yaml': deployment('api', '{ name: api, image: "ghcr.io/acme/api:1.0.0" }'),
      ...flux('staging', './deploy', both),
      ...flux('production', './deploy', images('1.0.9', 'api')),
    };
    const message = await bumped(files);
    expect(message).toMatch(
      /^There is no app "web" in production\. Nothing says where it is\. .* write into ostack\.yaml:/,
    );
    const lines = typeof message === 'string' ? message.slice(message.indexOf(':\n\n') + 3) : '';
    const told = { ...files, 'ostack.yaml': lines };
    expect(await bumped(told)).toMatch(/ Add to the list "images" in "spec" of the Flux Kustomization apps in /);
    expect(await versionAfter(await bumped({ ...told, ...flux('production', './deploy', both) }))).toBe('2.0.0');
  });

  test('and both say the versions of two apps over one folder: a bump says the lines, and they work', async () => {
    const both = `${images('1.0.9')}${images('1.0.9', 'api').replace('  images:\n', '')}`;
    const files: Files = {
      'deploy/kustomization.yaml': 'resources: [web.yaml, api.yaml]\n',
      'deploy/web.yaml': manifest,
      'deploy/api.yaml': deployment('api', '{ name: api, image: "ghcr.io/acme/api:1.0.0" }'),
      ...flux('staging', './deploy', both),
      ...flux('production', './deploy', both),
    };
    const message = await bumped(files);
    expect(message).toMatch(/^There is no app "web" in production/);
    const lines = typeof message === 'string' ? message.slice(message.indexOf(':\n\n') + 3) : '';
    expect(await versionAfter(await bumped({ ...files, 'ostack.yaml': lines }))).toBe('2.0.0');
  });
});
