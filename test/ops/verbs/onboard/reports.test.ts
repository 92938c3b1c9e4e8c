import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { watchedObjects } from '../../../../src/ops/live/watched-objects.js';
import { environmentPolicy, readPolicy } from '../../../../src/ops/policy/policy.js';
import { changedTree } from '../../../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../../src/ops/tree/tree-reader.js';
import { planReports } from '../../../../src/ops/verbs/onboard/reports/plan-reports.js';

const kustomization = (name: string, path: string, more = '', namespace = 'flux-system') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { path: ./${path}${more}, sourceRef: { kind: GitRepository, name: flux-system } }\n`;
const application = (name: string, more = '') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name} # ours\n  namespace: argocd\n${more}spec: { source: { repoURL: https://github.com/acme/ops, path: overlays/staging/web }, destination: { namespace: web } }\n`;
const POLICY = '# Ours.\nenvironments:\n  staging: { cd: true } # first\n  production:\n    after: staging\n';
const OVERLAYS = Object.fromEntries(
  ['staging', 'production'].map((name) => [
    `overlays/${name}/web/kustomization.yaml`,
    'images: [{ name: ghcr.io/acme/web, newTag: 1.0.0 }]\n',
  ]),
);
const BASE = { 'ostack.yaml': POLICY, 'bases/web/a.yaml': '', ...OVERLAYS };
const FLUX = {
  ...BASE,
  'clusters/staging/web.yaml': kustomization('web-staging', 'overlays/staging/web', ', wait: true'),
};
const ARGOCD = { ...BASE, 'argocd/staging.yaml': application('web-staging') };
const CONFIG =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-notifications-cm }\ndata:\n  context: |\n    argocdUrl: https://argocd.acme.dev\n';

async function planOn(tree: TreeReader, login = 'acme-flux[bot]', environment = 'staging') {
  const policy = readPolicy(await tree.read('ostack.yaml'));
  const layout = await locateOverlays(tree, policy);
  const request = { environment, login, address: 'https://github.com/acme/ops' };
  const { planned, written } = await planReports(tree, layout, policy, request);
  const files = planned.state === 'change' ? Object.fromEntries(planned.change.files) : {};
  const error = planned.state === 'refused' ? planned.error.message : planned.state === 'nothing' ? planned.reason : '';
  return { ...written, planned, files, error };
}

const plan = (files: Record<string, string>, login?: string) => planOn(objectTree(files), login);

/** A second run after the first was merged. */
async function again(files: Record<string, string>, login?: string) {
  const { planned } = await plan(files, login);
  expect(planned.state).toBe('change');
  return planOn(planned.state === 'change' ? changedTree(objectTree(files), planned.change) : objectTree(files), login);
}

describe('Flux', () => {
  test('gets a Provider and an Alert beside its Kustomizations, and no secret', async () => {
    const { files, secrets, open, advice } = await plan(FLUX);
    expect(files).toEqual({
      'clusters/staging/ops-status.yaml': [
        'apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider\nmetadata:\n  name: ops-status\n  namespace: flux-system',
        'spec:\n  type: github\n  address: https://github.com/acme/ops\n  secretRef:\n    name: ops-status\n---',
        'apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Alert\nmetadata:\n  name: ops-status\n  namespace: flux-system',
        'spec:\n  providerRef:\n    name: ops-status\n  eventSeverity: info\n  eventSources:\n    - kind: Kustomization\n      name: "*"\n',
      ].join('\n'),
      'ostack.yaml': POLICY.replace('{ cd: true }', '{ cd: true, ready: { creators: ["acme-flux[bot]"] } }'),
    });
    expect([secrets, open, advice]).toEqual([['flux-system/ops-status'], [], []]);
  });

  test('what it reports then is awaited, and counts', async () => {
    const { planned } = await plan(FLUX);
    const tree = planned.state === 'change' ? changedTree(objectTree(FLUX), planned.change) : objectTree({});
    const policy = readPolicy(await tree.read('ostack.yaml'));
    const { ready } = environmentPolicy(policy, 'staging');
    const layout = await locateOverlays(tree, policy);
    expect(ready?.creators).toEqual(['acme-flux[bot]']);
    expect(ready && watchedObjects(layout, 'staging', ready).map(({ name }) => name)).toEqual([
      'kustomization/web-staging',
    ]);
  });

  test.each<[string, Record<string, string>, Record<string, RegExp>]>([
    [
      'is listed where the others are',
      { 'clusters/staging/kustomization.yaml': 'resources:\n- web.yaml # one\n' },
      { 'clusters/staging/kustomization.yaml': /^resources:\n- web\.yaml # one\n- ops-status\.yaml\n$/ },
    ],
    [
      'is told of all namespaces',
      {
        'clusters/staging/web.yaml': `${kustomization('web', 'overlays/staging/web', '', 'a')}---\n${kustomization('web-b', 'overlays/staging/web', '', 'b')}`,
      },
      {
        'clusters/staging/ops-status.yaml':
          /namespace: a[\s\S]*name: "\*"\n {4}- kind: Kustomization\n {6}name: "\*"\n {6}namespace: b\n$/,
      },
    ],
    [
      'says of which environment it is where another one has objects of these names',
      {
        'clusters/staging/web.yaml': kustomization('apps', 'overlays/staging'),
        'clusters/production/web.yaml': kustomization('apps', 'overlays/production'),
      },
      {
        'clusters/staging/ops-status.yaml':
          /commitStatusExpr: "?'kustomization\/' \+ event\.involvedObject\.name \+ '\/staging'"?\n/,
        'ostack.yaml': /contexts: \[kustomization\/apps\/staging\]/,
      },
    ],
    [
      'has an Alert of a Provider that is there',
      { 'clusters/staging/mine.yaml': providerOf('mine') },
      { 'clusters/staging/ops-status.yaml': /^apiVersion[^\n]*\nkind: Alert\n[\s\S]*providerRef:\n {4}name: mine\n/ },
    ],
    [
      'gets a Provider beside one that posts elsewhere',
      { 'clusters/staging/mine.yaml': providerOf('mine', 'https://github.com/acme/ops-2') },
      { 'clusters/staging/ops-status.yaml': /kind: Provider/ },
    ],
  ])('%s', async (_, more, expected) => {
    const { files } = await plan({ ...FLUX, ...more });
    for (const [path, pattern] of Object.entries(expected)) {
      expect(files[path]).toMatch(pattern);
    }
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a file of its name is not overwritten',
      { 'clusters/staging/ops-status.yaml': '# mine\n' },
      /^clusters\/staging\/ops-status\.yaml is there already/,
    ],
    [
      'what lists none of the others is left to a person',
      { 'clusters/staging/kustomization.yaml': 'resources: [../base]\n' },
      /does not list web\.yaml/,
    ],
  ])('%s', async (_, more, expected) => {
    const { files, open } = await plan({ ...FLUX, ...more });
    expect(open.map(({ what }) => what)).toEqual([expect.stringMatching(expected)]);
    expect(Object.keys(files)).not.toContain(Object.keys(more)[0]);
    expect(files['ostack.yaml']).toBeDefined();
  });

  test('what reports before it is healthy is named, with the lines, and stays as it is', async () => {
    const { files, advice } = await plan({
      ...FLUX,
      'clusters/staging/web.yaml': kustomization('web', 'overlays/staging/web'),
    });
    expect(advice).toEqual([
      {
        what: expect.stringMatching(/^web in clusters\/staging\/web\.yaml reports as soon as/),
        lines: 'wait: true\ntimeout: 5m\n',
      },
    ]);
    expect(files['clusters/staging/web.yaml']).toBeUndefined();
  });
});

function providerOf(name: string, address = 'https://github.com/acme/ops.git') {
  return `apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { type: github, address: ${address}, secretRef: { name: x } }\n`;
}

describe('Argo CD', () => {
  test('subscribes each Application, and keeps every other byte', async () => {
    const { files, advice } = await plan(ARGOCD);
    expect(files['argocd/staging.yaml']).toBe(
      application('web-staging', '  annotations: { notifications.argoproj.io/subscribe.ops-status.github: "" }\n'),
    );
    expect(advice.map(({ lines }) => lines)).toEqual([
      expect.stringMatching(/^service\.github: \|\n {2}appID: <[\s\S]*template\.ops-live: \|/),
    ]);
  });

  test.each<[string, string, string | undefined]>([
    [
      'annotations that are there stay',
      '  annotations:\n    a: b\n',
      '  annotations:\n    a: b\n    notifications.argoproj.io/subscribe.ops-status.github: ""\n',
    ],
    [
      'who has subscribed it is enough',
      '  annotations: { notifications.argoproj.io/subscribe.mine.github: "" }\n',
      undefined,
    ],
  ])('%s', async (_, more, expected) => {
    const { files } = await plan({ ...ARGOCD, 'argocd/staging.yaml': application('web-staging', more) });
    expect(files['argocd/staging.yaml']).toBe(
      expected === undefined ? undefined : application('web-staging', expected),
    );
  });

  test('gets templates and a trigger where its settings are, and the App is for a person', async () => {
    const { files, open } = await plan({ ...ARGOCD, 'argocd/notifications.yaml': CONFIG });
    expect(files['argocd/notifications.yaml']).toMatch(
      /^apiVersion: v1[\s\S]*argocdUrl: https:\/\/argocd\.acme\.dev\n {2}template\.ops-live: \|\n {4}message: Healthy\n/,
    );
    expect(files['argocd/notifications.yaml']).toMatch(/trigger\.ops-status: \|\n {4}- when: app\.status/);
    expect(open.map(({ lines }) => lines)).toEqual([expect.stringMatching(/^service\.github: \|\n {2}appID: <id/)]);
  });

  test('what people have of that stays', async () => {
    const own = `${CONFIG}  service.github: mine\n  template.ops-live: mine\n`;
    const { files, open } = await plan({ ...ARGOCD, 'argocd/notifications.yaml': own });
    expect(files['argocd/notifications.yaml']?.startsWith(own)).toBe(true);
    expect(open).toEqual([]);
  });

  test('the Applications that a set makes are subscribed by its template', async () => {
    const set = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: web }\nspec:\n  generators: [{ list: { elements: [{ env: staging }, { env: production }] } }]\n  template:\n    metadata: { name: 'web-{{env}}' }\n    spec: { source: { repoURL: https://github.com/acme/ops, path: 'overlays/{{env}}/web' }, destination: { namespace: web } }\n`;
    const { files } = await plan({ ...BASE, 'argocd/web.yaml': set });
    expect(files['argocd/web.yaml']).toBe(
      set.replace(
        "'web-{{env}}' }",
        '\'web-{{env}}\', annotations: { notifications.argoproj.io/subscribe.ops-status.github: "" } }',
      ),
    );
  });
});

describe('ready in ostack.yaml', () => {
  const withPolicy = (text: string) => ({ ...FLUX, 'ostack.yaml': text });
  test.each<[string, string, string]>([
    [
      'in block style',
      'environments:\n  staging:\n    cd: true # yes\n',
      'environments:\n  staging:\n    cd: true # yes\n    ready: { creators: ["acme-flux[bot]"] }\n',
    ],
    [
      'where the environment says nothing',
      'environments:\n  staging:\n  production: {}\n',
      'environments:\n  staging: { ready: { creators: ["acme-flux[bot]"] } }\n  production: {}\n',
    ],
    [
      'where it is empty',
      'environments:\n  staging: {}\n',
      'environments:\n  staging: {ready: { creators: ["acme-flux[bot]"] }}\n',
    ],
  ])('is added %s', async (_, before, after) => {
    expect((await plan(withPolicy(before))).files['ostack.yaml']).toBe(after);
  });

  test.each<[string, string, RegExp]>([
    ['no environment is added, for those that are named would be all', 'workspace: growth\n', /does not name staging/],
    [
      'who counts is not changed',
      'environments: { staging: { ready: { creators: [other] } } }\n',
      /counts what other posts/,
    ],
  ])('%s', async (_, text, expected) => {
    const { files, open } = await plan(withPolicy(text));
    expect(files['ostack.yaml']).toBeUndefined();
    expect(open.map(({ what, lines }) => [what, lines])).toEqual([
      [expect.stringMatching(expected), expect.stringMatching(/creators:/)],
    ]);
  });
});

describe('once it is merged', () => {
  test.each([
    ['Flux', FLUX],
    [
      'a Flux whose names are not its own',
      {
        ...FLUX,
        'clusters/staging/web.yaml': kustomization('apps', 'overlays/staging', ', wait: true'),
        'clusters/production/web.yaml': kustomization('apps', 'overlays/production'),
      },
    ],
    ['Argo CD', { ...ARGOCD, 'argocd/notifications.yaml': `${CONFIG}  service.github: mine\n` }],
  ])('nothing is left to do for %s', async (_, files) => {
    expect((await again(files)).error).toBe('staging has all that it needs to report');
  });

  test('what is left to a person is told again, with the lines', async () => {
    const { error } = await again({ ...ARGOCD, 'argocd/notifications.yaml': CONFIG });
    expect(error).toMatch(
      /^What staging needs to report is for a person to add\. Add the App that posts[\s\S]*\n\nservice\.github: \|\n/,
    );
  });
});

test.each<[string, Record<string, string>, string, RegExp]>([
  ['an environment that is not there', FLUX, 'stagin', /^There is no environment "stagin"\. Did you mean "staging"\?/],
  [
    'one of which no object tells',
    BASE,
    'staging',
    /^No object of Flux or Argo CD in this repository tells what deploys staging/,
  ],
])('%s is refused', async (_, files, environment, expected) => {
  expect((await planOn(objectTree(files), 'flux', environment)).error).toMatch(expected);
});
