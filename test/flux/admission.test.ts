import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { boundsOf } from '../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { previewPolicy } from '../../src/ops/policy/preview-policy.js';
import { flux } from '../../src/ops/reconcilers/flux/flux.js';
import { networkPolicyOf } from '../../src/ops/verbs/previews/manifests/network-policy.js';
import { quotaOf } from '../../src/ops/verbs/previews/manifests/quota.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { until } from './support/kube.js';

/** Any level of Pod Security: what is refused here, no level refuses. */
const POLICY = previewPolicy(
  readPolicy('previews: { host: staging, pod-security: privileged, url: "https://{app}.{name}.preview.acme.dev" }\n'),
);
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: pr-1
  labels: { preview.ostack.dev/name: pr-1, pod-security.kubernetes.io/enforce: privileged }
`;
const ROOT = 'system:serviceaccount:flux-system:ostack-previews';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster(undefined);
  const target = {
    environment: 'staging',
    branch: 'ostack/previews',
    objects: [],
    repositoryUrl: 'https://github.com/acme/ops',
  };
  const bounds = boundsOf(POLICY, { own: undefined, guests: [] });
  await cluster.kube.apply(flux.previews.confinedObject('previews/clusters/staging', target, bounds));
  await cluster.kube.apply(NAMESPACE);
  // A cluster puts policies into force a moment after it has them. Of two that refuse, it names any.
  await until(
    'The policies',
    async () => /ostack-previews-(network|quota)-of-pods/.test(await asked('pods', pod({}))),
    60,
  );
}, 240_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** What the API server says to an object; empty where it takes it. */
async function asked(
  resource: string,
  object: object,
  { namespace = 'pr-1', as, keep = false }: { namespace?: string; as?: string; keep?: boolean } = {},
): Promise<string> {
  const api = resource.includes('/') ? `/apis/${resource.slice(0, resource.lastIndexOf('/'))}` : '/api/v1';
  const path = `${api}/namespaces/${namespace}/${resource.split('/').at(-1)}${keep ? '' : '?dryRun=All'}`;
  const { status, body } = await cluster.kube.call('POST', path, object, 'application/json', as);
  return status < 300 ? '' : JSON.stringify(body);
}

const pod = (spec: object) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web' }], ...spec },
});
const named = (apiVersion: string, kind: string, name: string, spec: object) => ({
  ...{ apiVersion, kind, metadata: { name }, spec },
});
const secured = (securityContext: object) => ({ containers: [{ name: 'web', image: 'web', securityContext }] });

describe('a real API server', () => {
  test('makes no pod of a preview before it has a network policy and a quota, and pods of others at any time', async () => {
    expect(await asked('pods', pod({}), { namespace: 'staging' })).toBe('');
    const network: object = parse(networkPolicyOf(POLICY.network ?? { ingress: [], egress: [] }, 'pr-1'));
    expect(await asked('networking.k8s.io/v1/networkpolicies', network, { keep: true, as: ROOT })).toBe('');
    await until('The quota is missed', async () => (await asked('pods', pod({}))).includes('quota-of-pods'), 30);
    const quota: object = parse(
      quotaOf(POLICY.quota ?? { cpu: '', memory: '', storage: '', pods: '' }, 'pr-1').split('---')[0] ?? '',
    );
    expect(await asked('resourcequotas', quota, { keep: true, as: ROOT })).toBe('');
    // There is nothing here that counts against a quota before it is made.
    await until('A pod', async () => !(await asked('pods', pod({}))).includes('ValidatingAdmissionPolicy'), 30);
  });

  test.each<[what: string, spec: object, isRefused: boolean]>([
    ['nothing', {}, false],
    ['the network', { hostNetwork: true }, true],
    ['a port', { containers: [{ name: 'web', image: 'a', ports: [{ containerPort: 80, hostPort: 80 }] }] }, true],
    ['a path', { volumes: [{ name: 'a', hostPath: { path: '/' } }] }, true],
    ['a share', { volumes: [{ name: 'a', nfs: { server: 'a', path: '/' } }] }, true],
    ['secrets of its own', { volumes: [{ name: 'a', secret: { secretName: 'a' } }, { name: 'b' }] }, false],
    ['all', secured({ privileged: true }), true],
    ['its devices', secured({ capabilities: { add: ['SYS_RAWIO'] } }), true],
    ['its own network', secured({ capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } }), false],
    ['it by name', { nodeName: 'a' }, true],
    ['whatever it is kept free for', { tolerations: [{ operator: 'Exists' }] }, true],
    ['a kind of it', { tolerations: [{ key: 'spot', operator: 'Exists' }] }, false],
    ['the place of others', { priorityClassName: 'system-node-critical' }, true],
  ])('answers to a pod that takes of a machine %s', async (_what, spec, isRefused) => {
    expect((await asked('pods', pod(spec))).includes('ValidatingAdmissionPolicy')).toBe(isRefused);
    expect(await asked('pods', pod(spec), { namespace: 'staging' })).toBe('');
  });

  const selector = { podSelector: {} };
  const both = ['Ingress', 'Egress'];
  const deployment = (template: object) => ({ selector: { matchLabels: { a: 'b' } }, template });
  const labelled = (spec: object) => ({
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'a', image: 'a' }], ...spec },
  });
  test.each<[what: string, resource: string, object: object, refusal: string]>([
    [
      'that opens it',
      'networking.k8s.io/v1/networkpolicies',
      named('networking.k8s.io/v1', 'NetworkPolicy', 'open', { ...selector, ingress: [{}] }),
      'lets through what previews.network says',
    ],
    [
      'that lets it out',
      'networking.k8s.io/v1/networkpolicies',
      named('networking.k8s.io/v1', 'NetworkPolicy', 'open', {
        ...{ ...selector, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
      }),
      'lets through what previews.network says',
    ],
    [
      'that narrows it',
      'networking.k8s.io/v1/networkpolicies',
      named('networking.k8s.io/v1', 'NetworkPolicy', 'narrow', { ...selector, policyTypes: both }),
      '',
    ],
    [
      'that names a class of priority',
      'apps/v1/deployments',
      named('apps/v1', 'Deployment', 'web', deployment(labelled({ priorityClassName: 'high' }))),
      'names no priority class',
    ],
    [
      'of one that does not',
      'apps/v1/deployments',
      named('apps/v1', 'Deployment', 'web', deployment(labelled({}))),
      '',
    ],
    [
      'that takes a volume by name',
      'persistentvolumeclaims',
      named('v1', 'PersistentVolumeClaim', 'data', {
        ...{ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeName: 'disk-1' },
      }),
      'takes no volume by name',
    ],
    [
      'with annotations that reach further',
      'configmaps',
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap' },
        metadata: { name: 'a', annotations: { 'kubed.appscode.com/sync': '' } },
      },
      'reaches past its namespace',
    ],
  ])('answers to an object of a preview %s', async (_what, resource, object, refusal) => {
    const answer = await asked(resource, object);
    expect(refusal === '' ? answer : answer.includes(refusal)).toBe(refusal === '' ? '' : true);
  });

  test('lets nobody take away or open what a preview stands on', async () => {
    const path = '/apis/networking.k8s.io/v1/namespaces/pr-1/networkpolicies/preview';
    for (const as of [ROOT, undefined]) {
      const { status, body } = await cluster.kube.call('DELETE', path, undefined, 'application/json', as);
      expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('goes with its namespace')]);
    }
    const nobody = { spec: { podSelector: { matchLabels: { no: 'pod' } } } };
    const opened = await cluster.kube.call('PATCH', path, nobody, 'application/merge-patch+json', ROOT);
    expect([opened.status, JSON.stringify(opened.body)]).toEqual([422, expect.stringContaining('for all of its pods')]);
    const more = { spec: { hard: { 'requests.cpu': '4001m' } } };
    const quota = '/api/v1/namespaces/pr-1/resourcequotas/preview';
    const widened = await cluster.kube.call('PATCH', quota, more, 'application/merge-patch+json', ROOT);
    expect([widened.status, JSON.stringify(widened.body)]).toEqual([422, expect.stringContaining('or less')]);
    const less = { spec: { hard: { 'requests.cpu': '3999m' } } };
    expect((await cluster.kube.call('PATCH', quota, less, 'application/merge-patch+json', ROOT)).status).toBe(200);
  });

  test('lets whoever writes the branch of previews give a namespace no mark by which others let it in', async () => {
    const path = '/api/v1/namespaces/pr-1?dryRun=All';
    const patched = (metadata: object) =>
      cluster.kube.call('PATCH', path, { metadata }, 'application/merge-patch+json', ROOT);
    expect((await patched({ labels: { 'preview.ostack.dev/run': '1' } })).status).toBe(200);
    expect((await patched({ labels: { team: 'growth' } })).status).toBe(422);
    expect((await patched({ annotations: { 'iam.amazonaws.com/permitted': '.*' } })).status).toBe(422);
    expect((await patched({ labels: { 'preview.ostack.dev/name': 'other' } })).status).toBe(422);
  });
});
