import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { changedTree } from '../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../src/ops/tree/tree-reader.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import { type LiftRequest, planLift } from '../../src/ops/verbs/lift/plan.js';
import { CLUSTER_PATTERNS, filesInClusters } from '../shapes/files-in-clusters.js';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const FLEET = workTree(join(FIXTURES, 'ops-groups'));
const OPS = workTree(join(FIXTURES, 'ops'));
const ENVIRONMENTS = ['dev', 'production-eu', 'production-us', 'staging-eu', 'staging-us', 'test'];

async function lift(tree: TreeReader, app: string, ...intents: string[]) {
  const request: LiftRequest = { app, intents };
  return planLift(tree, await locateApps(tree, NO_POLICY), request);
}

async function refusal(tree: TreeReader, app: string, ...intents: string[]): Promise<string> {
  const planned = await lift(tree, app, ...intents);
  return planned.state === 'refused' ? planned.error.message : planned.state;
}

/** The fleet with some files changed. */
async function fleetWith(edit: (path: string, text: string) => string, ...paths: string[]): Promise<TreeReader> {
  const texts = await Promise.all(
    paths.map(async (path) => [path, edit(path, (await FLEET.read(path)) ?? '')] as const),
  );
  return changedTree(FLEET, { files: new Map(texts) });
}

describe('a lift', () => {
  test('moves what every environment shares into the base, and is then done', async () => {
    const planned = await lift(FLEET, 'tracking');
    expect(planned).toMatchObject({ state: 'change', lifted: ['shutdown'], environments: ENVIRONMENTS });
    const change = planned.state === 'change' ? planned.change : { files: new Map<string, string>() };
    expect([...change.files.keys()].sort()).toEqual([
      'apps/base/tracking/kustomization.yaml',
      'apps/base/tracking/shutdown.yaml',
      ...ENVIRONMENTS.map((environment) => `apps/overlays/${environment}/kustomization.yaml`),
    ]);
    expect(change.deletions).toEqual(ENVIRONMENTS.map((each) => `apps/overlays/${each}/tracking/shutdown.yaml`));
    expect(change.files.get('apps/base/tracking/kustomization.yaml')).toContain('patches:\n  - path: shutdown.yaml\n');
    expect(change.files.get('apps/overlays/dev/kustomization.yaml')).not.toContain('shutdown');
    const after = changedTree(FLEET, change);
    expect(await lift(after, 'tracking')).toMatchObject({
      state: 'nothing',
      reason: 'no patch of tracking is the same in every environment',
    });
    expect(await lift(after, 'tracking', 'shutdown')).toMatchObject({
      state: 'nothing',
      reason: 'apps/base/tracking already has it',
    });
  });

  test('of an app with folders of its own', async () => {
    const files = new Map<string, string>();
    for (const environment of ['staging', 'production']) {
      const path = `overlays/${environment}/mailer/kustomization.yaml`;
      files.set(
        path,
        `${(await OPS.read(path)) ?? ''}`
          .replace(/patches:\n(?: {2,}.*\n)+/, '')
          .replace('resources:', 'patches:\n  - path: grace.yaml\nresources:'),
      );
      files.set(
        `overlays/${environment}/mailer/grace.yaml`,
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: mailer }\nspec: { minReadySeconds: 5 }\n',
      );
    }
    const planned = await lift(changedTree(OPS, { files }), 'mailer', 'grace');
    expect(planned).toMatchObject({ state: 'change', lifted: ['grace'] });
    expect(planned.state === 'change' ? planned.change.files.get('bases/mailer/kustomization.yaml') : '').toContain(
      'grace.yaml',
    );
  });

  test('that would change an environment is refused with the difference', async () => {
    // The component of the region comes between the base and the environment's patches.
    const tree = await fleetWith(
      () =>
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n' +
        '  - target: { kind: Deployment, name: tracking-worker }\n    patch: |-\n' +
        '      - { op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 45 }\n',
      'apps/components/region-us/kustomization.yaml',
    );
    const message = await refusal(tree, 'tracking', 'shutdown');
    expect(message).toContain(
      'Moving it into the base would change what apps/overlays/production-us, apps/overlays/staging-us render to, so it stays:\n' +
        'apps/overlays/production-us: Deployment tracking-worker changed\n',
    );
    expect(message).toContain('-      terminationGracePeriodSeconds: 90\n+      terminationGracePeriodSeconds: 45\n');
  });

  test.each<[string, string[], string]>([
    [
      'of a patch that one environment lacks',
      ['billing', 'settings'],
      'The patch "settings" of billing stays in its environments: it is not in production-eu, production-us.',
    ],
    [
      'of a patch that belongs to its environment',
      ['tracking', '_host'],
      'The patch "_host" of tracking stays in its environments: its name starts with "_", so it belongs to its environment.',
    ],
    [
      'of a patch that nobody has',
      ['tracking', 'shutdwn'],
      'There is no patch "shutdwn" of tracking in any environment. Did you mean "shutdown"? It has: shutdown, _host, logging, version, _replicas.',
    ],
    [
      'of versions',
      ['tracking', 'version.yaml'],
      'The patch "version" of tracking stays in its environments: it carries a version, and each environment has its own.',
    ],
    [
      'of an app that is nowhere',
      ['nothing'],
      'No environment has a kustomization with nothing. Looked in: dev, production-eu, production-us, staging-eu, staging-us, test.',
    ],
  ])('%s is refused', async (_name, [app = '', ...intents], message) => {
    expect(await refusal(FLEET, app, ...intents)).toBe(message);
  });

  test('of patches that differ is refused', async () => {
    const tree = await fleetWith((_, text) => text.replace('90', '60'), 'apps/overlays/test/tracking/shutdown.yaml');
    expect(await refusal(tree, 'tracking', 'shutdown')).toBe(
      'The patch "shutdown" of tracking stays in its environments: apps/overlays/test/tracking/shutdown.yaml differs from apps/overlays/dev/tracking/shutdown.yaml.',
    );
  });
  test('without its proof is refused', async () => {
    const tree = await fleetWith((_, text) => `${text}crds: [gone.yaml]\n`, 'apps/base/notify/kustomization.yaml');
    expect(await refusal(tree, 'tracking')).toMatch(
      /^Cannot prove that every environment stays as it is: apps\/overlays\/\S+ does not build\. .*gone\.yaml/s,
    );
  });
});

describe.each(CLUSTER_PATTERNS)('in %s, a lift', (pattern, bases) => {
  const files = filesInClusters(pattern, bases);

  test('takes a patch out of every cluster', async () => {
    const planned = await lift(objectTree(files), 'web');
    expect(planned.state === 'refused' ? planned.error.message : planned.state).toBe('change');
    expect(planned).toMatchObject({ lifted: ['replicas'], environments: ['production', 'staging'] });
    expect(planned.state === 'change' ? planned.change.deletions : []).toHaveLength(4);
  });

  test('leaves one that a cluster of an environment does not have, and says which', async () => {
    const path = Object.keys(files).find((each) => each.includes('staging') && each.endsWith('replicas.yaml')) ?? '';
    const at = path.replace('/replicas.yaml', '');
    const text = files[`${at}/kustomization.yaml`]?.replace(/patches.*\n/, '') ?? '';
    const fewer = objectTree({ ...files, [`${at}/kustomization.yaml`]: text });
    expect(await refusal(fewer, 'web', 'replicas')).toBe(
      `The patch "replicas" of web stays in its environments: it is not in ${at}.`,
    );
  });
});
