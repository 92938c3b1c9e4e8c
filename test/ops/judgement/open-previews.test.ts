import { describe, expect, test } from '@jest/globals';
import { openPreviews, openPreviewsText } from '../../../src/ops/judgement/open-previews.js';
import { boundsOf } from '../../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../src/ops/policy/preview-policy.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { sharingOf } from '../../../src/ops/repository/workspaces.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const REPOSITORY = { owner: 'acme', name: 'ops' };
const CLUSTER = {
  ...{ environment: 'staging', branch: 'ostack/previews', objects: [] },
  repositoryUrl: 'https://github.com/acme/ops',
};
const FOLDER = 'previews/clusters/staging';

const policyOf = (previews: string, above = '') =>
  readPolicy(`${above}environments: { staging: {} }\npreviews: { host: staging${previews} }\n`);

/** What `previews setup` prints for a policy. */
function printed(policy = policyOf(''), reconciler: typeof flux | typeof argocd = flux): string {
  const bounds = boundsOf(previewPolicy(policy), sharingOf(policy, REPOSITORY));
  return reconciler.previews.confinedObject(FOLDER, CLUSTER, bounds);
}

function found(root: string | undefined, policy = policyOf('')) {
  const tree = objectTree({
    'clusters/staging/shop.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    ...(root === undefined ? {} : { 'clusters/staging/previews/ostack-previews.yaml': root }),
  });
  return openPreviews(tree, policy, REPOSITORY);
}

test.each<[what: string, root: string | undefined, expected: object | undefined]>([
  ['takes previews with all rights', flux.previews.object(FOLDER, CLUSTER), { host: 'staging', differing: [] }],
  ['confines them', printed(), undefined],
  ['confines them with Argo CD', printed(policyOf(''), argocd), undefined],
  ['takes none', undefined, undefined],
])('a cluster that %s', async (_what, root, expected) => {
  expect(await found(root)).toEqual(expected);
});

describe('a cluster confines previews by other rules than the policy says where', () => {
  const ALL = [
    'spaces',
    'marks',
    'balancers',
    'services',
    'namespaces',
    'routes',
    'annotations',
    'pods',
    'places',
    'priority',
    'claims',
    'network',
    'network-of-pods',
    'quota',
    'quota-of-pods',
  ].map((name) => `ostack-previews-${name}`);
  test.each<[what: string, previews: string, above: string, differing: string[]]>([
    ['another Pod Security level is said since', ', pod-security: baseline', '', ['ostack-previews-namespaces']],
    [
      'pods may talk to anybody since',
      ', network: false',
      '',
      ['ostack-previews-services', 'ostack-previews-network', 'ostack-previews-network-of-pods'],
    ],
    ['previews have no bounds since', ', quota: false', '', ['ostack-previews-quota', 'ostack-previews-quota-of-pods']],
    [
      'previews have other bounds since',
      ', quota: { cpu: "8" }',
      '',
      ['ostack-previews-quota', 'ostack-previews-quota-of-pods'],
    ],
    ['previews have other addresses since', ', url: "https://{app}.{name}.acme.dev"', '', ['ostack-previews-routes']],
    ['others have previews since', '', 'guests: [growth]\n', ['ostack-previews', ...ALL]],
    ['only what is not enforced there is said since', ', limit: 3, ttl: 4h', '', []],
  ])('%s', async (_what, previews, above, differing) => {
    const policy = policyOf(previews, above);
    for (const reconciler of [flux, argocd]) {
      // The namespaces that Argo CD makes.
      const named = differing.filter((each) => reconciler === argocd || each !== 'ostack-previews-spaces');
      const expected = differing.length === 0 ? undefined : { host: 'staging', differing: named };
      expect(await found(printed(policyOf(''), reconciler), policy)).toEqual(expected);
      expect(await found(printed(policy, reconciler), policy)).toBeUndefined();
    }
  });

  test.each<[what: string, edit: (text: string) => string, differing: string[]]>([
    ['one of them only warns', (text) => text.replace('- Deny', '- Warn'), ['ostack-previews']],
    [
      'one lets more in',
      (text) => text.replaceAll("'NodePort', ", ''),
      ['ostack-previews-balancers', 'ostack-previews-services'],
    ],
    [
      'one is missing',
      (text) => text.replaceAll('name: ostack-previews-routes\n', 'name: other\n'),
      ['ostack-previews-routes'],
    ],
    [
      'the role of previews has more, which is the team’s to say',
      (text) => text.replace('- configmaps', '- pods/exec'),
      [],
    ],
    ['its lines are in another order', (text) => text.split('---\n').reverse().join('---\n'), []],
  ])('%s', async (_what, edit, differing) => {
    const text = printed();
    expect(edit(text)).not.toBe(text);
    expect((await found(edit(text)))?.differing ?? []).toEqual(differing);
  });
});

test('what is said of that names what differs, and how to mend it', () => {
  const { text, mend } = openPreviewsText(
    { host: 'staging', differing: ['ostack-previews-routes'] },
    'acme/ops',
    'ostack',
  );
  expect(text).toBe(
    'The cluster of staging confines previews by other rules than those of ostack.yaml, because ostack-previews-routes is ' +
      'missing there, or not the same.',
  );
  expect(mend).toBe(
    'ostack previews setup --ops acme/ops prints what does, for clusters/staging/previews/ostack-previews.yaml.',
  );
});
