import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { flux } from '../../src/ops/reconcilers/flux/flux.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import type { CommandVerb } from '../../src/ops/verbs/previews/plan/command.js';
import { planReconcile } from '../../src/ops/verbs/previews/plan/plan.js';
import type { RequestedPreview } from '../../src/ops/verbs/previews/plan/request.js';
import { CLUSTER } from '../support/preview-cluster.js';
import { WorkCopy } from './support.js';

const OPS = join(import.meta.dirname, '../fixtures/ops');

/** The sample, in whose cluster nothing confines previews: those of one that does are in `previews-closed-in.test.ts`. */
async function openOps(): Promise<WorkCopy> {
  const copy = await WorkCopy.of(OPS);
  const root = flux.previews.object('previews/clusters/staging', CLUSTER);
  await copy.write([['clusters/staging/previews/ostack-previews.yaml', root]]);
  return copy;
}
const HEAD = 'a'.repeat(40);
const DIGEST = `sha256:${'b'.repeat(64)}`;
const NOW = new Date('2026-11-21T09:00:00Z');
const URL_POLICY = 'previews: { host: staging, reconciler: flux, url: "https://{app}.{name}.preview.acme.dev" }\n';

function previewOf(app: string, ...images: string[]): RequestedPreview {
  return {
    repository: 'acme/apps',
    subject: { pullRequest: 35 },
    head: HEAD,
    apps: [
      {
        app,
        images: images.map((image) => ({ image, repository: `ghcr.io/acme/${image}`, tag: 'pr-35', digest: DIGEST })),
      },
    ],
  };
}

async function open(copy: WorkCopy, policy: string, preview: RequestedPreview) {
  const planned = await planReconcile({
    tree: workTree(copy.root),
    policy: readPolicy(policy),
    now: NOW,
    pullRequests: [{ repository: 'acme/apps', listedAt: NOW, open: [{ number: 35, head: HEAD }] }],
    requested: preview,
  });
  await copy.apply(planned.change);
  expect(planned.decisions[0]).toMatchObject({ action: 'opened' });
  return planned.decisions[0]?.preview;
}

/** Has the preview obey a command that was given a minute later. */
async function obey(copy: WorkCopy, verb: CommandVerb): Promise<void> {
  const at = new Date(NOW.getTime() + 60_000);
  const planned = await planReconcile({
    tree: workTree(copy.root),
    policy: readPolicy(URL_POLICY),
    now: at,
    pullRequests: [{ repository: 'acme/apps', listedAt: at, open: [{ number: 35, head: HEAD }] }],
    command: { name: 'pr-35', repository: 'acme/apps', verb, forMs: undefined, at, by: 'mona', fork: false },
  });
  expect(planned.answer).toMatchObject({ obeyed: true });
  await copy.apply(planned.change);
}

/** Every value of a key anywhere in the objects. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : valuesOf(inner, key)));
}

describe('a preview as kustomize builds it', () => {
  test('runs the pull request’s images beside what the host runs, all in its namespace', async () => {
    await using copy = await openOps();
    await open(copy, URL_POLICY, previewOf('shop', 'shop-web', 'shop-api'));
    const objects = await copy.build('previews/pr-35');
    expect(valuesOf(objects, 'image')).toEqual([
      `ghcr.io/acme/mailer:0.4.0@sha256:2920291a23650d32de0e79b721f55c174c1539203faf903aa54d78a5c905c212`,
      `ghcr.io/acme/shop-api:pr-35@${DIGEST}`,
      `ghcr.io/acme/shop-web:pr-35@${DIGEST}`,
    ]);
    expect(valuesOf(objects, 'host')).toEqual(['shop.pr-35.preview.acme.dev']);
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'Deployment',
      'Deployment',
      'Ingress',
      'LimitRange',
      'Namespace',
      'NetworkPolicy',
      'ResourceQuota',
      'Service',
      'Service',
    ]);
    const spaces = new Set(
      objects.flatMap(({ kind, metadata }) => valuesOf({ metadata }, kind === 'Namespace' ? 'name' : 'namespace')),
    );
    expect([...spaces]).toEqual(['pr-35']);
  });

  test('without an address claims no host', async () => {
    await using copy = await openOps();
    const preview = await open(
      copy,
      'previews: { host: staging, reconciler: flux }\n',
      previewOf('shop', 'shop-web', 'shop-api'),
    );
    expect(preview?.leftOut).toMatchObject([{ app: 'shop', kind: 'Ingress', name: 'shop' }]);
    const objects = await copy.build('previews/pr-35');
    expect(objects.map(({ kind }) => kind)).not.toContain('Ingress');
  });

  test('takes the base’s own preview, its routes, and nothing that is the cluster’s', async () => {
    await using copy = await openOps();
    await copy.write([
      [
        'bases/shop/preview/kustomization.yaml',
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [route.yaml, cluster.yaml]\nnamePrefix: x-\npatches: [{ path: ingress.yaml }]\n',
      ],
      [
        'bases/shop/preview/ingress.yaml',
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec:\n  rules: [{ host: a.example.com }, { host: b.example.com }]\n',
      ],
      [
        'bases/shop/preview/route.yaml',
        'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: shop }\nspec: { hostnames: [b.example.com] }\n',
      ],
      [
        'bases/shop/preview/cluster.yaml',
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: shop }\n',
      ],
    ]);
    const preview = await open(copy, URL_POLICY, previewOf('shop', 'shop-web', 'shop-api'));
    expect(preview?.leftOut).toContainEqual({
      ...{ app: 'shop', kind: 'ClusterRole', name: 'x-shop' },
      reason: 'it belongs to the whole cluster',
    });
    const objects = await copy.build('previews/pr-35');
    const route = objects.find(({ kind }) => kind === 'HTTPRoute');
    expect(valuesOf(route, 'hostnames')).toEqual([['shop-b.pr-35.preview.acme.dev']]);
    const ingress = objects.find(({ kind }) => kind === 'Ingress');
    expect(valuesOf(ingress, 'host')).toEqual(['shop.pr-35.preview.acme.dev', 'shop-b.pr-35.preview.acme.dev']);
    expect(objects.filter(({ kind }) => kind === 'Namespace' || kind === 'ClusterRole')).toHaveLength(1);
  });

  test('that sleeps has nothing that runs or scales it up, and deployed again has new pods', async () => {
    await using copy = await openOps();
    const pods = 'template: { spec: { containers: [{ name: web, image: ghcr.io/acme/shop-web }] } }';
    const named = (name: string) => `metadata: { name: ${name} }`;
    const scaled = [
      `apiVersion: apps/v1\nkind: Deployment\n${named('web')}\nspec: { ${pods} }\n`,
      `apiVersion: apps/v1\nkind: StatefulSet\n${named('db')}\nspec: { replicas: 3, ${pods} }\n`,
      `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n${named('web')}\nspec: { ${pods} }\n`,
      `apiVersion: apps/v1\nkind: DaemonSet\n${named('agent')}\nspec: { ${pods} }\n`,
      `apiVersion: batch/v1\nkind: Job\n${named('once')}\nspec: { ${pods} }\n`,
      `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n${named('db')}\nspec: { minReplicas: 2 }\n`,
      `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n${named('web')}\nspec: { minReplicas: 2 }\n`,
      `apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n${named('web')}\nspec: { scaleTargetRef: { name: web } }\n`,
      `apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\n${named('queue')}\nspec: { jobTargetRef: { ${pods} } }\n`,
      `apiVersion: http.keda.sh/v1alpha1\nkind: HTTPScaledObject\n${named('web')}\nspec: { replicas: { min: 1 } }\n`,
      `apiVersion: batch/v1\nkind: CronJob\n${named('nightly')}\nspec: { schedule: "0 0 * * *", jobTemplate: { spec: { ${pods} } } }\n`,
    ];
    await copy.write([
      ['bases/shop/preview/kustomization.yaml', 'resources: [scaled.yaml]\n'],
      ['bases/shop/preview/scaled.yaml', scaled.join('---\n')],
    ]);
    await open(copy, URL_POLICY, previewOf('shop', 'shop-web'));
    const kinds = (objects: { kind?: unknown }[]) => objects.map(({ kind }) => String(kind)).sort();
    const awake = await copy.build('previews/pr-35');
    await obey(copy, 'sleep');
    const asleep = await copy.build('previews/pr-35');
    const gone = ['HorizontalPodAutoscaler', 'DaemonSet', 'HTTPScaledObject'];
    expect(kinds(asleep)).toEqual(kinds(awake).filter((kind) => !gone.includes(kind)));
    const running = asleep.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Rollout'].includes(String(kind)));
    expect(new Set(valuesOf(running, 'replicas'))).toEqual(new Set([0]));
    expect(valuesOf(running, 'replicas')).toHaveLength(running.length);
    expect(valuesOf(asleep, 'autoscaling.keda.sh/paused-replicas')).toEqual(['0']);
    expect(valuesOf(asleep, 'autoscaling.keda.sh/paused')).toEqual(['true']);
    expect(valuesOf(asleep, 'suspend')).toEqual([true]);
    await obey(copy, 'wake');
    const unstamped = (objects: object[]) => objects.filter((object) => valuesOf(object, 'kind')[0] !== 'Namespace');
    expect(unstamped(await copy.build('previews/pr-35'))).toEqual(unstamped(awake));
    await obey(copy, 'redeploy');
    const again = await copy.build('previews/pr-35');
    expect(kinds(again)).toEqual(kinds(awake));
    const restarted = again.flatMap((object) =>
      valuesOf(object, 'preview.ostack.dev/restarted')
        .concat(valuesOf(object, 'restartAt'))
        .map(() => object.kind),
    );
    // A Job cannot be changed once it is there.
    expect(new Set(restarted)).toEqual(new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout']));
  });

  test('with a component for previews', async () => {
    await using copy = await openOps();
    await copy.write([
      [
        'bases/shop/preview/kustomization.yaml',
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: { kind: Deployment, name: shop-web }\n    patch: |-\n      - { op: replace, path: /spec/replicas, value: 2 }\n',
      ],
    ]);
    await open(copy, URL_POLICY, previewOf('shop', 'shop-web', 'shop-api'));
    expect(valuesOf(await copy.build('previews/pr-35'), 'replicas')).toContain(2);
  });

  test('of a repository of groups', async () => {
    await using copy = await WorkCopy.of(undefined);
    const deployment = (app: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${app} }\nspec: { template: { spec: { containers: [{ name: ${app}, image: ${app} }] } } }\n`;
    await copy.write([
      ['apps/base/shop/kustomization.yaml', 'resources: [deployment.yaml]\n'],
      ['apps/base/shop/deployment.yaml', deployment('shop')],
      ['apps/base/mailer/kustomization.yaml', 'resources: [deployment.yaml]\n'],
      ['apps/base/mailer/deployment.yaml', deployment('mailer')],
      ['apps/base/unused/kustomization.yaml', 'resources: [deployment.yaml]\n'],
      ['apps/base/unused/deployment.yaml', deployment('unused')],
      [
        'apps/overlays/staging/kustomization.yaml',
        'resources: [../../base/shop, ../../base/mailer]\nimages:\n  - { name: mailer, newName: ghcr.io/acme/mailer, newTag: 1.0.0 }\n  - { name: shop, newName: ghcr.io/acme/shop, newTag: 1.0.0 }\n',
      ],
      ['infra/base/redis/kustomization.yaml', 'resources: [deployment.yaml]\n'],
      ['infra/base/redis/deployment.yaml', deployment('redis')],
      ['infra/overlays/staging/kustomization.yaml', 'resources: [../../base/redis]\n'],
    ]);
    await open(copy, URL_POLICY, previewOf('shop', 'shop'));
    expect(valuesOf(await copy.build('previews/pr-35'), 'image')).toEqual([
      'ghcr.io/acme/mailer:1.0.0',
      `ghcr.io/acme/shop:pr-35@${DIGEST}`,
    ]);
  });

  test('and the objects that make the cluster take it, also when there is none', async () => {
    await using copy = await openOps();
    const folder = 'previews/clusters/staging';
    // Flux makes the kustomization of a folder that has none.
    const listed = async (names: readonly string[]) => {
      await copy.write([[`${folder}/kustomization.yaml`, `resources: [${names.join(', ')}]\n`]]);
      return (await copy.build(folder)).map(({ kind }) => kind);
    };
    await open(copy, URL_POLICY, previewOf('shop', 'shop-web'));
    expect(await listed(['ostack-previews.yaml', 'pr-35.yaml'])).toEqual(['ConfigMap', 'Kustomization']);
    const planned = await planReconcile({
      tree: workTree(copy.root),
      policy: readPolicy(URL_POLICY),
      now: NOW,
      pullRequests: [{ repository: 'acme/apps', listedAt: NOW, open: [] }],
    });
    await copy.apply(planned.change);
    expect(await listed(['ostack-previews.yaml'])).toEqual(['ConfigMap']);
  });
});
