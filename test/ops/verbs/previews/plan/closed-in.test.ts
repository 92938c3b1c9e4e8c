import { describe, expect, test } from '@jest/globals';
import { boundsOf } from '../../../../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import { flux } from '../../../../../src/ops/reconcilers/flux/flux.js';
import { openWarnings } from '../../../../../src/ops/verbs/previews/run/open-warnings.js';
import { CLUSTER } from '../../../../support/preview-cluster.js';
import { at, committed, type Files, listed, OPS, plan, previewOf, reconcile, sha } from '../support.js';

const ROOT = 'clusters/staging/previews/ostack-previews.yaml';
const OBJECT = 'previews/clusters/staging/pr-7.yaml';
const NAMESPACE = 'previews/pr-7/namespace.yaml';
const LABEL = 'pod-security.kubernetes.io/enforce: restricted';

const BOUNDS = boundsOf(previewPolicy(readPolicy(OPS['ostack.yaml'] ?? '')), { own: undefined, guests: [] });
const CONFINED: Files = {
  ...OPS,
  [ROOT]: flux.previews.confinedObject('previews/clusters/staging', CLUSTER, BOUNDS),
};
const asked = (minute: number, head = sha(1)) => ({
  now: at(minute),
  pullRequests: [listed([[7, head]], at(minute))],
  requested: previewOf(7, head),
});

/** The preview of pull request 7 after a push, where it was opened in one repository and another one is there now. */
async function pushedTo(opened: Files, now: Files) {
  const before = await reconcile(opened, asked(0));
  const planned = await plan({ ...before, [ROOT]: now[ROOT] ?? '' }, asked(5, sha(2)));
  return { planned, files: committed(before, planned.change), preview: planned.decisions[0]?.preview };
}

describe('a preview of a cluster that confines them', () => {
  test('acts as an account that has rights in its namespace alone, and what it stands on is not its own', async () => {
    const planned = await plan(CONFINED, asked(0));
    const object = planned.change.files.get(OBJECT) ?? '';
    expect(object.match(/^kind: .*$/gm)).toEqual([
      ...['kind: Namespace', 'kind: ResourceQuota', 'kind: LimitRange', 'kind: NetworkPolicy', 'kind: ServiceAccount'],
      ...['kind: RoleBinding', 'kind: Kustomization'],
    ]);
    expect(object).toContain('  serviceAccountName: pr-7\n');
    expect(object).toContain(LABEL);
    const folder = [...planned.change.files.keys()].filter((path) => path.startsWith('previews/pr-7/'));
    expect(folder.sort()).toEqual([
      'previews/pr-7/kustomization.yaml',
      'previews/pr-7/mailer/kustomization.yaml',
      'previews/pr-7/shop/kustomization.yaml',
    ]);
    expect(planned.decisions[0]?.preview?.closedIn).toBe('yes');
  });

  test('lacks what its role does not let it have, which is said', async () => {
    const secret = 'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: db }\n';
    const files = {
      ...CONFINED,
      'bases/mailer/kustomization.yaml': 'resources: [deployment.yaml, secret.yaml]\n',
      'bases/mailer/secret.yaml': secret,
    };
    const planned = await plan(files, asked(0));
    expect(planned.decisions[0]?.preview?.leftOut).toEqual([
      expect.objectContaining({
        app: 'mailer',
        kind: 'ExternalSecret',
        reason: expect.stringContaining('ostack-preview'),
      }),
    ]);
  });

  test('that was opened before goes on as it was opened: what changed hands would be pruned', async () => {
    const { files, preview } = await pushedTo(OPS, CONFINED);
    expect(files[OBJECT]).not.toContain('serviceAccountName');
    expect(files[OBJECT]).not.toContain('kind: Namespace');
    expect(files[NAMESPACE]).toContain('kind: Namespace');
    expect(preview?.closedIn).toBe('not this one');
  });

  test('that was opened when it confined them stays confined, whatever comes of the cluster’s objects', async () => {
    const { files, preview } = await pushedTo(CONFINED, OPS);
    expect(files[OBJECT]).toContain('  serviceAccountName: pr-7\n');
    expect(files[NAMESPACE]).toBeUndefined();
    expect(preview?.closedIn).toBe('no');
  });
});

test('a preview that was opened without a Pod Security level goes on without one', async () => {
  const before = await reconcile(OPS, asked(0));
  const old = { ...before, [NAMESPACE]: (before[NAMESPACE] ?? '').replace(/^.*pod-security.*\n/m, '') };
  const planned = await plan(old, asked(5, sha(2)));
  expect(committed(old, planned.change)[NAMESPACE]).not.toContain('pod-security');
  expect(planned.decisions[0]?.preview?.notices.join()).not.toContain('Pod Security');
  expect(before[NAMESPACE]).toContain(LABEL);
});

test('the summary says which previews are not confined', async () => {
  const [open, before, closed] = [
    (await plan(OPS, asked(0))).decisions,
    (await pushedTo(OPS, CONFINED)).planned.decisions,
    (await plan(CONFINED, asked(0))).decisions,
  ];
  expect(openWarnings(open, 'staging', 'acme/ops')).toEqual([
    'The cluster of staging is open to whoever opens a pull request, because nothing confines previews to their namespaces. npx --yes ' +
      'github:ostack/actions#v1 previews setup --ops acme/ops prints what does, for clusters/staging/previews/ostack-previews.yaml.',
  ]);
  expect(openWarnings(before, 'staging', 'acme/ops')).toEqual([
    'pr-7 was opened before previews were confined to their namespaces, and the rest of the cluster stays open to what runs there until that is over.',
  ]);
  expect(openWarnings(closed, 'staging', 'acme/ops')).toEqual([]);
  const other = { ...CONFINED, [ROOT]: (CONFINED[ROOT] ?? '').replace('- Deny', '- Warn') };
  expect(openWarnings((await plan(other, asked(0))).decisions, 'staging', 'acme/ops')).toEqual([
    'The cluster of staging confines previews by other rules than those of ostack.yaml, because ostack-previews is missing there, or not ' +
      'the same. npx --yes github:ostack/actions#v1 previews setup --ops acme/ops prints what does, for ' +
      'clusters/staging/previews/ostack-previews.yaml.',
  ]);
});
