import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { changedTree } from '../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOnboard } from '../../src/ops/verbs/onboard/plan.js';
import { at, listed, plan, previewOf } from '../ops/verbs/previews/support.js';
import { deployment } from '../support/deployment.js';
import { CLUSTER_PATTERNS, filesInClusters } from './files-in-clusters.js';

describe.each(CLUSTER_PATTERNS)('%s', (pattern, bases) => {
  const tree = objectTree(filesInClusters(pattern, bases));

  test('has previews of its apps', async () => {
    const image = { image: 'web', repository: 'ghcr.io/acme/web', tag: 'pr-7', digest: `sha256:${'a'.repeat(64)}` };
    const requested = { ...previewOf(7), apps: [{ app: 'web', images: [image] }] };
    const policy = { 'ostack.yaml': 'previews: { host: staging, reconciler: flux }\n' };
    const { decisions, change } = await plan(
      { ...filesInClusters(pattern, bases), ...policy },
      { now: at(0), pullRequests: [listed([7], at(0))], requested },
    );
    expect(decisions[0]?.action).toBe('opened');
    const paths = [...change.files.keys()].filter((path) => path.endsWith('kustomization.yaml'));
    expect(paths).toEqual(expect.arrayContaining(['previews/pr-7/web/kustomization.yaml']));
    expect(paths.join(' ')).not.toMatch(/alpha|blue-whale/);
  });

  test('takes a new app in once its cluster is said, as it is asked for, and has it there', async () => {
    const policy = readPolicy(undefined);
    const onboard = async (group: string | undefined) =>
      planOnboard(tree, await locateApps(tree, policy), policy, {
        ...{ app: 'jobs', environment: 'staging', images: [], version: '9.0.0', from: undefined, group },
        manifests: new Map([
          ['kustomization.yaml', 'resources: [deployment.yaml]\n'],
          ['deployment.yaml', deployment('jobs', '{ name: jobs, image: ghcr.io/acme/jobs }')],
        ]),
      });
    const asked = await onboard(undefined);
    expect(asked.state === 'refused' ? asked.error.message : asked.state).toMatch(
      /^Expected one place for jobs in staging, found .* Name one with the input "group"/,
    );
    const planned = await onboard('alpha');
    const after = changedTree(tree, planned.state === 'change' ? planned.change : { files: new Map() });
    const layout = await locateApps(after, policy);
    expect(await environmentApps(after, layout, 'staging')).toEqual(['api', 'jobs', 'web']);
    const overlay = await readOverlay(after, layout, 'staging', 'jobs');
    expect([overlay?.folder.includes('alpha'), deployedIn(overlay?.files ?? [], 'jobs').version]).toEqual([
      true,
      '9.0.0',
    ]);
  });
});
