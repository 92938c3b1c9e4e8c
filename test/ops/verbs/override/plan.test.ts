import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../../../src/ops/policy/policy.js';
import { changedTree } from '../../../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../../src/ops/tree/tree-reader.js';
import { workTree } from '../../../../src/ops/tree/work-tree.js';
import { type OverrideRequest, planOverride } from '../../../../src/ops/verbs/override/plan.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const FLEET = workTree(join(FIXTURES, 'ops-groups'));
const OPS = workTree(join(FIXTURES, 'ops'));

function patchOf(kind: string, name: string, spec = 'replicas: 3'): string {
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n  ${spec}\n`;
}

const REPLICAS: OverrideRequest = {
  app: 'tracking',
  environment: 'staging-eu',
  intent: 'replicas',
  patch: patchOf('Deployment', 'tracking-api'),
};

async function plan(tree: TreeReader, request: Partial<OverrideRequest>) {
  return planOverride(tree, await locateOverlays(tree, NO_POLICY), { ...REPLICAS, ...request });
}

async function refusal(tree: TreeReader, request: Partial<OverrideRequest>): Promise<string> {
  const planned = await plan(tree, request);
  return planned.state === 'refused' ? planned.error.message : planned.state;
}

describe('a persistent override', () => {
  test('of a group is a file of the app with a leading underscore, and a reference to it', async () => {
    const planned = await plan(FLEET, { patch: `${REPLICAS.patch.replaceAll('\n', '\r\n')}\r\n` });
    expect(planned).toMatchObject({ state: 'change' });
    const files = planned.state === 'change' ? planned.change.files : new Map<string, string>();
    expect(files.get('apps/overlays/staging-eu/tracking/_replicas.yaml')).toBe(REPLICAS.patch);
    expect([...files.keys()]).toEqual([
      'apps/overlays/staging-eu/tracking/_replicas.yaml',
      'apps/overlays/staging-eu/kustomization.yaml',
    ]);
    expect(files.get('apps/overlays/staging-eu/kustomization.yaml')).toContain(
      '  - path: tracking/_host.yaml\n  - path: tracking/_replicas.yaml\n  - path: tracking/shutdown.yaml\n',
    );
  });

  test('of an app with a folder of its own lies in that folder', async () => {
    const planned = await plan(OPS, {
      app: 'mailer',
      environment: 'production',
      patch: patchOf('Deployment', 'mailer'),
    });
    const files = planned.state === 'change' ? planned.change.files : new Map<string, string>();
    expect(files.get('overlays/production/mailer/_replicas.yaml')).toBe(patchOf('Deployment', 'mailer'));
    expect(files.get('overlays/production/mailer/kustomization.yaml')).toContain(
      '\npatches:\n  - path: _replicas.yaml\n',
    );
  });

  test('comes after the patches that set the same, for the later one wins', async () => {
    const planned = await plan(FLEET, {
      intent: 'grace',
      patch: patchOf('Deployment', 'tracking-worker', 'template: { spec: { terminationGracePeriodSeconds: 5 } }'),
    });
    const files = planned.state === 'change' ? planned.change.files : new Map<string, string>();
    expect(files.get('apps/overlays/staging-eu/kustomization.yaml')).toContain(
      '  - path: tracking/shutdown.yaml\n  - path: tracking/_grace.yaml\n  - path: tracking/version.yaml\n',
    );
  });

  test('that is there already is nothing to do', async () => {
    const planned = await plan(FLEET, {});
    const after = changedTree(FLEET, planned.state === 'change' ? planned.change : { files: new Map() });
    expect(await plan(after, {})).toEqual({
      state: 'nothing',
      reason: 'apps/overlays/staging-eu/tracking/_replicas.yaml already has it',
    });
  });

  test('that is there with another value changes, and shows what it was', async () => {
    const path = 'apps/overlays/staging-eu/tracking/_replicas.yaml';
    const first = await plan(FLEET, {});
    const after = changedTree(FLEET, first.state === 'change' ? first.change : { files: new Map() });
    const second = await plan(after, { patch: patchOf('Deployment', 'tracking-api', 'replicas: 5') });
    expect(second).toMatchObject({ state: 'change' });
    expect(second.state === 'change' ? [...second.change.files.keys()] : []).toEqual([path]);
    expect(second.state === 'change' ? second.before.get(path) : '').toBe(REPLICAS.patch);
  });

  test('of an app whose manifests are elsewhere is taken as it is', async () => {
    const tree = objectTree({
      'overlays/production/web/kustomization.yaml':
        'resources:\n- https://github.com/acme/apps//apps/web/deploy?ref=web-v1.0.0\n',
    });
    const planned = await plan(tree, { app: 'web', environment: 'production', patch: patchOf('Deployment', 'web') });
    expect(planned).toMatchObject({ state: 'change' });
  });

  test.each<[string, Partial<OverrideRequest>, string]>([
    [
      'an app that is not there',
      { app: 'notify' },
      'notify is not in staging-eu, or has no kustomization there that could refer to a patch. Add it to the environment first, with the action "onboard".',
    ],
    [
      'an object that the app does not have',
      { patch: patchOf('Deployment', 'tracking') },
      'Input "patch":1: tracking has no Deployment tracking in staging-eu. It has: Deployment tracking-api, Deployment tracking-worker, Ingress tracking, Service tracking-api.',
    ],
    [
      'an object of another app of the group',
      { patch: patchOf('Deployment', 'billing') },
      'Input "patch":1: tracking has no Deployment billing in staging-eu. It has: Deployment tracking-api, Deployment tracking-worker, Ingress tracking, Service tracking-api.',
    ],
    [
      'a JSON patch',
      { patch: '- { op: replace, path: /spec/replicas, value: 3 }\n' },
      'Input "patch":1: expected a strategic merge patch with apiVersion, kind and metadata.name, found a list (a JSON patch?).',
    ],
    [
      'a part of a patch',
      { patch: 'spec:\n  replicas: 3\n' },
      'Input "patch":1: expected a strategic merge patch with apiVersion, kind and metadata.name, found no apiVersion and no kind and no metadata.name.',
    ],
    [
      'nothing',
      { patch: '# later\n' },
      'Input "patch": expected a strategic merge patch with apiVersion, kind and metadata.name, found nothing.',
    ],
  ])('of %s is refused', async (_name, request, message) => {
    expect(await refusal(FLEET, request)).toBe(message);
  });
});
