import { describe, expect, test } from '@jest/globals';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { locateOverlays } from '../../src/ops/overlays/locate-overlays.js';
import { UnclearLayout } from '../../src/ops/overlays/unclear-layout.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from '../ops/verbs/check/support.js';
import { application } from './told-repositories.js';

const own = (version = '1.0.0') => `images:\n- name: ghcr.io/acme/web\n  newTag: ${version}\n`;
const many = Object.fromEntries(
  Array.from({ length: 45 }, (_, index) => [`app-${index}/overlays/staging/kustomization.yaml`, own()]),
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
    'more folders than are looked into, some with several apps',
    {
      ...Object.fromEntries(Object.keys(many).map((path) => [path.replace(/\/.*/, '/base/kustomization.yaml'), ''])),
      ...many,
      'apps/overlays/staging/kustomization.yaml': `resources: [../../base/web]\n${own()}`,
      'apps/base/web/kustomization.yaml': '',
    },
    /There are more than 40 folders at the top/,
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
  return [...message.matchAll(/^(?:overlays|environments):\n(?: {2}.*\n)+/gm)].map(([block]) => block);
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

describe('a check', () => {
  const doubtful = QUESTIONS[2]?.[1] ?? {};

  test('warns where nothing tells, and fails where rules could not be judged', async () => {
    const change = { 'apps/edge/web/kustomization.yaml': own('2.0.0') };
    const without = await inspect(comparisonOf(doubtful, { ...doubtful, ...change }));
    expect(without.problems).toMatchObject([{ level: 'warning', file: 'ostack.yaml' }]);
    const differ = QUESTIONS[3]?.[1] ?? {};
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
