import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { UnclearLayout } from '../../src/ops/layouts/unclear-layout.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from '../ops/verbs/check/support.js';
import { deployment } from './files.js';
import { application, kustomization } from './reconciler-objects.js';

const own = (version = '1.0.0') => `images:\n- name: ghcr.io/acme/web\n  newTag: ${version}\n`;
const many = Object.fromEntries(
  Array.from({ length: 405 }, (_, index) => [`app-${index}/overlays/staging/kustomization.yaml`, own()]),
);

/** Trees that do not say where their overlays are, and what the message says of each. */
const QUESTIONS: [string, Record<string, string>, RegExp][] = [
  [
    'names that nothing knows',
    { 'deploy/earth/web/kustomization.yaml': own() },
    /Found at the top: deploy \(with earth\)/,
  ],
  ['such names, with one kustomization each', { 'deploy/earth/kustomization.yaml': own() }, /deploy\/\{environment\}"/],
  [
    'variants of apps, none of which is an environment by its name',
    { 'apps/web/overlays/moc/kustomization.yaml': own(), 'apps/web/overlays/osc/kustomization.yaml': own() },
    /In apps\/web\/overlays there are moc, osc, which no name says to be environments\.\nName the environments/,
  ],
  [
    'values of environments that nothing knows',
    {
      'applications/web/Chart.yaml': 'name: web\n',
      'applications/web/values-idf.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
      'applications/web/values.yaml': '',
    },
    /overlays:\n {2}- "applications\/\{app\}\/values-\{environment\}\.yaml"/,
  ],
  [
    'values of environments below folders that nothing names',
    {
      'config/tenants/earth/staging.values.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.1.0 }\n',
      'config/tenants/earth/support.values.yaml': 'a: 1\n',
      'config/tenants/moon/prod.values.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
      'charts/hub/values.schema.yaml': 'type: object\n',
    },
    /environments:\n {2}staging: \{\}\n {2}prod: \{\}\noverlays:\n {2}- "config\/tenants\/\{app\}\/\{environment\}\.values\.yaml"\n$/,
  ],
  [
    'files of environments in a folder of any name',
    {
      'config/staging.yaml': 'web: { image: { repository: ghcr.io/acme/web, tag: 1.1.0 } }\n',
      'config/prod.yaml': 'web: { image: { repository: ghcr.io/acme/web, tag: 1.0.0 } }\n',
      'config/certificates.yaml': 'a: 1\n',
    },
    /environments:\n {2}staging: \{\}\n {2}prod: \{\}\noverlays:\n {2}- "config\/\{environment\}\.yaml"\n$/,
  ],
  [
    'overlays of apps that are deeper than they are looked for',
    {
      'pipelines/cd/web/overlays/earth/kustomization.yaml': own(),
      'bots/earth/cmd/main.go': '',
      'bots/moon/cmd/a.go': '',
    },
    /overlays:\n {2}- "pipelines\/cd\/\{app\}\/overlays\/\{environment\}"\n$/,
  ],
  [
    'names in doubt, among more folders than are looked into',
    {
      ...many,
      'apps/overlays/staging/kustomization.yaml': `resources: [../../base/web]\n${own()}`,
      'apps/base/web/kustomization.yaml': '',
      'app-0/overlays/odd/kustomization.yaml': own(),
      ...Object.fromEntries(Object.keys(many).map((path) => [path.replace(/\/.*/, '/base/kustomization.yaml'), ''])),
    },
    /and odd, which may be some too\.\nName .*\n\nenvironments:\n {2}staging: \{\}\noverlays:\n/,
  ],
  [
    'an environment of one of several apps that no other app has',
    {
      'web/base/kustomization.yaml': 'resources: [a.yaml]\n',
      'web/overlays/nerc-prod/kustomization.yaml': own(),
      'api/base/kustomization.yaml': 'resources: [a.yaml]\n',
      'api/overlays/hyper/kustomization.yaml': own(),
    },
    /In api\/overlays there are hyper, where other apps have nerc-prod, which are taken for environments\./,
  ],
  [
    'folders of clusters with environments and without',
    {
      'config/prod/web/kustomization.yaml': own(),
      'config/earth/web/kustomization.yaml': own(),
    },
    /In config there are prod, which .*, and earth, which may be some too/,
  ],
  [
    'a folder beside environments that may be one',
    { 'apps/staging/web/kustomization.yaml': own(), 'apps/edge/web/kustomization.yaml': own() },
    /In apps there are staging, which .*, and edge, which may be/,
  ],
  [
    'environments that differ',
    {
      'apps/staging/web/kustomization.yaml': own(),
      'apps/production/kustomization.yaml': `resources: [../base/web]\n${own()}`,
      'apps/base/web/kustomization.yaml': '',
    },
    /The environments in apps differ: apps\/\{environment\}\/\{app\} and apps\/\{environment\} fit/,
  ],
  [
    'environments that differ, beside others that do not',
    {
      'apps/staging/web/kustomization.yaml': own(),
      'apps/production/kustomization.yaml': `resources: [../base/web]\n${own()}`,
      'apps/base/web/kustomization.yaml': '',
      'infra/staging/kustomization.yaml': `resources: [../base/web]\n${own()}`,
      'infra/base/web/kustomization.yaml': '',
    },
    /overlays:\n {2}- "infra\/\{environment\}"\n {2}- "apps\/\{environment\}\/\{app\}"\n\nor\n/,
  ],
  [
    'environments at the top and in a folder',
    { 'staging/web/kustomization.yaml': own(), 'apps/staging/web/kustomization.yaml': own() },
    /Overlays may be at \{environment\}\/\{app\} or at apps\/\{environment\}\/\{app\}/,
  ],
  [
    'Applications that no environment is named for',
    {
      'argocd/web.yaml': application('web', 'services/web'),
      'argocd/api.yaml': application('api', 'services/api'),
      'services/web/kustomization.yaml': own(),
      'services/api/kustomization.yaml': own(),
    },
    /deploy services\/web \(by argocd\/web.yaml\), services\/api \(by argocd\/api.yaml\), and nothing says into which/,
  ],
  [
    'a folder that several clusters deploy',
    {
      'clusters/staging/apps.yaml': kustomization('apps', './deploy'),
      'clusters/production/apps.yaml': kustomization('apps', './deploy'),
      'deploy/web/kustomization.yaml': own(),
      'deploy/api/kustomization.yaml': own(),
    },
    /deploy deploy \(by clusters\/production\/apps\.yaml, clusters\/staging\/apps\.yaml\) into production, staging at once/,
  ],
  [
    'more folders than are looked into, some with several apps',
    {
      ...Object.fromEntries(Object.keys(many).map((path) => [path.replace(/\/.*/, '/base/kustomization.yaml'), ''])),
      ...many,
      'apps/overlays/staging/kustomization.yaml': `resources: [../../base/web]\n${own()}`,
      'apps/base/web/kustomization.yaml': '',
    },
    /There are more than 400 folders at the top/,
  ],
  [
    'more folders of apps without a base than are looked at',
    Object.fromEntries(Object.entries(many).map(([path, text]) => [path.replace('/overlays/', '/envs/'), text])),
    /There are more than 400 folders at the top.*\n.*\n\noverlays:\n {2}- "\{app\}\/envs\/\{environment\}"\n$/,
  ],
  [
    'more folders of teams than are looked at',
    Object.fromEntries(Object.entries(many).map(([path, text]) => [path.replace('/', '/web/'), text])),
    /There are more than 400 folders at the top.*\n.*\n\noverlays:\n {2}- "\*\/\{app\}\/overlays\/\{environment\}"\n$/,
  ],
];

async function questionOf(files: Record<string, string>): Promise<string> {
  return locateOverlays(objectTree(files), readPolicy(files['ostack.yaml'])).then(
    ({ templates }) => `no question, but ${templates.join(', ')}`,
    (error: unknown) => (error instanceof UnclearLayout ? error.message : String(error)),
  );
}

/** The contents for `ostack.yaml` that a message shows: blocks between empty lines, up to the end. */
function pasted(message: string): string[] {
  return [...message.matchAll(/^(?:(?:overlays|environments):\n(?: {2}.*\n)+)+/gm)].map(([block]) => block);
}

describe.each(QUESTIONS)('%s', (_, files, expected) => {
  test('are a question, with lines that answer it', async () => {
    const message = await questionOf(files);
    expect(message).toMatch(expected);
    const answers = pasted(message);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) {
      const policy = readPolicy(answer);
      const tree = objectTree({ ...files, 'ostack.yaml': answer });
      const layout = await locateOverlays(tree, policy);
      const environments = await allEnvironments(tree, layout, policy);
      expect([answer, environments.length]).toEqual([answer, environments.length || 'at least one']);
      const apps = await Promise.all(environments.map((environment) => environmentApps(tree, layout, environment)));
      expect([answer, apps.flat().length]).toEqual([answer, apps.flat().length || 'at least one']);
    }
  });
});

test('a repository without any folder says what to add', async () => {
  expect(await questionOf({ 'README.md': '' })).toMatch(
    /Found at the top: no folder\.\nAdd overlays\/<environment>\/<app>\/kustomization\.yaml\.$/,
  );
});

test.each<[string, Record<string, string>]>([
  ['charts', { 'charts/web/Chart.yaml': 'name: web\n', 'charts/web/values.yaml': 'image: { tag: 1.0.0 }\n' }],
  ['folders that are called as apps', { 'apps/web/deployment.yaml': deployment('web', ':1.0.0') }],
  ['folders without anything that runs', { 'setup/scripts/a.sh': '', 'setup/confs/a.conf': '' }],
])('%s are not said to be environments', async (_, files) => {
  const message = await questionOf(files);
  expect(pasted(message)).toEqual([]);
  expect(message).toMatch(/\nAdd overlays\/<environment>\/<app>\/kustomization\.yaml\.$/);
  const after = objectTree({ ...files, 'overlays/staging/web/kustomization.yaml': own() });
  const layout = await locateOverlays(after, readPolicy(undefined));
  expect(await environmentApps(after, layout, 'staging')).toEqual(['web']);
});

describe('a check', () => {
  const treeOf = (question: string) => QUESTIONS.find(([name]) => name === question)?.[1] ?? {};
  const doubtful = treeOf('a folder beside environments that may be one');

  test('warns where nothing tells, and fails where rules could not be judged', async () => {
    const change = { 'apps/edge/web/kustomization.yaml': own('2.0.0') };
    const without = await inspect(comparisonOf(doubtful, { ...doubtful, ...change }));
    expect(without.problems).toMatchObject([{ level: 'warning', file: 'ostack.yaml' }]);
    const differ = treeOf('environments that differ');
    const ruled = { ...differ, 'ostack.yaml': 'environments: { staging: {}, production: { after: staging } }\n' };
    const refused = await inspect(
      comparisonOf(ruled, { ...ruled, 'apps/staging/web/kustomization.yaml': own('2.0.0') }),
    );
    expect(refused.problems).toMatchObject([{ level: 'error', file: 'ostack.yaml' }]);
  });

  test('fails where nothing is where the policy says', async () => {
    const policy = 'environments: { staging: {} }\noverlays: ["none/*/{environment}"]\n';
    const base = { 'ostack.yaml': policy, 'apps/staging/web/kustomization.yaml': own() };
    const { problems } = await inspect(comparisonOf(base, { ...base, 'apps/staging/web/a.yaml': 'a: 1\n' }));
    expect(problems).toMatchObject([{ level: 'error', message: expect.stringContaining('Correct "overlays"') }]);
  });

  test('lets the change pass that makes it clear', async () => {
    const head = { ...doubtful, 'ostack.yaml': 'overlays: ["apps/{environment}/{app}"]\n' };
    const { problems, layout } = await inspect(comparisonOf(doubtful, head));
    expect([problems, layout.templates]).toEqual([[], ['apps/{environment}/{app}']]);
  });
});
