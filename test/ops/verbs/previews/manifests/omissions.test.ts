import { describe, expect, test } from '@jest/globals';
import { leftOutSentence } from '../../../../../src/ops/judgement/left-out.js';
import { adaptApps } from '../../../../../src/ops/verbs/previews/manifests/adapt-apps.js';
import { definedScopes } from '../../../../../src/ops/verbs/previews/manifests/omissions.js';
import { adapted, appOf, CLOSED, policyOf } from './support.js';

const object = (apiVersion: string, kind: string, name = 'web') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\n`;

const CLUSTER = 'it belongs to the whole cluster';
const DEPLOYS = 'what it deploys would be outside of the preview';

const PAST = 'it leads past what previews.network lets a preview reach';
const NETWORK = 'a preview has the one of previews.network, beside which another would open it';

describe('is in no preview', () => {
  test.each<[apiVersion: string, kind: string, reason: string]>([
    ['v1', 'Namespace', CLUSTER],
    ['v1', 'PersistentVolume', CLUSTER],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', CLUSTER],
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', CLUSTER],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', CLUSTER],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', CLUSTER],
    ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', CLUSTER],
    ['cert-manager.io/v1', 'ClusterIssuer', CLUSTER],
    ['cilium.io/v2', 'CiliumEgressGatewayPolicy', CLUSTER],
    ['postgresql.cnpg.io/v1', 'ClusterImageCatalog', CLUSTER],
    ['kyverno.io/v2', 'GlobalContextEntry', CLUSTER],
    ['groupsnapshot.storage.k8s.io/v1', 'VolumeGroupSnapshotClass', CLUSTER],
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', DEPLOYS],
    ['argoproj.io/v1alpha1', 'Application', DEPLOYS],
    ['argoproj.io/v1alpha1', 'ApplicationSet', DEPLOYS],
    ['argoproj.io/v1alpha1', 'AppProject', DEPLOYS],
    ['networking.k8s.io/v1', 'NetworkPolicy', NETWORK],
    ['cilium.io/v2', 'CiliumNetworkPolicy', NETWORK],
    ['projectcalico.org/v3', 'NetworkPolicy', NETWORK],
    ['v1', 'Endpoints', PAST],
    ['discovery.k8s.io/v1', 'EndpointSlice', PAST],
    ['gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', PAST],
    ['networking.istio.io/v1', 'WorkloadEntry', PAST],
    ['cilium.io/v2', 'CiliumLocalRedirectPolicy', PAST],
    ['cilium.io/v2', 'CiliumEnvoyConfig', PAST],
    ['k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', PAST],
    ['helm.cattle.io/v1', 'HelmChart', DEPLOYS],
    ['fleet.cattle.io/v1alpha1', 'GitRepo', DEPLOYS],
    ['fluxcd.controlplane.io/v1', 'ResourceSet', DEPLOYS],
    ['infra.contrib.fluxcd.io/v1alpha2', 'Terraform', DEPLOYS],
    ['notification.toolkit.fluxcd.io/v1', 'Receiver', DEPLOYS],
    ['image.toolkit.fluxcd.io/v1', 'ImageUpdateAutomation', DEPLOYS],
    ['v1', 'ResourceQuota', 'a preview has the one of previews.quota, beside which another would open it'],
    [
      'acme.dev/v1',
      'Tenant',
      'nothing tells whether it belongs to the whole cluster. Say it in ostack.yaml: previews: { kinds: { Tenant.acme.dev: namespace } }, or cluster',
    ],
    [
      'metacontroller.k8s.io/v1alpha1',
      'CompositeController',
      'nothing tells whether it belongs to the whole cluster. Say it in ostack.yaml: previews: { kinds: { CompositeController.metacontroller.k8s.io: namespace } }, or cluster',
    ],
  ])('%s %s', async (apiVersion, kind, reason) => {
    const { leftOut, text } = await adapted(object(apiVersion, kind));
    expect(leftOut).toEqual([{ app: 'shop', kind, name: 'web', reason }]);
    expect(text).toContain('$patch: delete');
  });
});

describe('is in a preview', () => {
  test.each<[apiVersion: string, kind: string, lines: string]>([
    ['v1', 'ConfigMap', 'limit: 2'],
    ['apps/v1', 'Deployment', 'limit: 2'],
    ['argoproj.io/v1alpha1', 'Rollout', 'kinds: { Rollout.argoproj.io: namespace }'],
    ['cert-manager.io/v1', 'Issuer', 'limit: 2'],
    ['external-secrets.io/v1', 'ExternalSecret', 'limit: 2'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'network: false'],
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'network: false'],
    ['v1', 'Endpoints', 'network: false'],
    ['gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'network: false'],
    ['v1', 'LimitRange', 'quota: false'],
    ['coordination.k8s.io/v1', 'Lease', 'limit: 2'],
    ['snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'limit: 2'],
    ['postgresql.cnpg.io/v1', 'Cluster', 'limit: 2'],
    ['acme.dev/v1', 'Tenant', 'kinds: { Tenant.acme.dev: namespace }'],
    ['monitoring.coreos.com/v1', 'ServiceMonitor', 'limit: 2'],
    ['source.toolkit.fluxcd.io/v1', 'HelmRepository', 'limit: 2'],
  ])('%s %s', async (apiVersion, kind, lines) => {
    expect((await adapted(object(apiVersion, kind), { policy: policyOf(lines) })).leftOut).toEqual([]);
  });
});

test.each([
  ['Cluster', 1],
  ['Namespaced', 0],
])('a kind that the app itself defines is where its definition says: %s', async (scope, omitted) => {
  const definition = `${object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'tenants.acme.dev')}spec: { group: acme.dev, scope: ${scope}, names: { kind: Tenant } }\n`;
  const { leftOut } = await adapted(`${definition}---\n${object('acme.dev/v1', 'Tenant')}`);
  expect(leftOut.filter(({ kind }) => kind === 'Tenant')).toHaveLength(omitted);
  const { objects } = await appOf('shop', definition);
  expect(definedScopes(objects).get('Tenant.acme.dev')).toBe(scope === 'Cluster' ? 'cluster' : 'namespace');
});

test.each([
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
  ['source.toolkit.fluxcd.io/v1', 'HelmRepository'],
])('a chart is in no preview that is confined: %s %s', async (apiVersion, kind) => {
  const { leftOut } = await adapted(object(apiVersion, kind), { isClosedIn: true });
  expect(leftOut).toMatchObject([{ kind, reason: 'Flux would deploy it with rights that a preview does not have' }]);
});

test.each([
  ['{ targetNamespace: production }', 'targetNamespace: pr-7'],
  ['{ storageNamespace: production }', 'storageNamespace: pr-7'],
  ['{ kubeConfig: { secretRef: { name: production } } }', 'kubeConfig: null'],
  ['{ targetNamespace: pr-7 }', ''],
  ['{}', ''],
])('a release goes to the namespace of the preview, in its cluster: %s', async (spec, patch) => {
  const { text, sentences } = await adapted(`${object('helm.toolkit.fluxcd.io/v2', 'HelmRelease')}spec: ${spec}\n`);
  expect(sentences).toEqual([
    'HelmRelease web of shop is without what adapts its objects to the preview: nothing here renders its chart, whose hosts, ports of ' +
      'machines and objects of the whole cluster come as it makes them. Set them by its values in bases/shop/preview; once "ostack ' +
      'previews setup" confines previews, it is left out.',
  ]);
  expect(text).toContain(patch);
  expect(text === '').toBe(patch === '');
});

test.each<[what: string, spec: string, lines: string, omitted: boolean]>([
  ['another host', '{ type: ExternalName, externalName: db.production.svc }', 'limit: 2', true],
  [
    'another host, where pods may talk to anybody',
    '{ type: ExternalName, externalName: db.acme.dev }',
    'network: false',
    false,
  ],
  ['pods', '{ selector: { app: web } }', 'limit: 2', false],
  ['pods, with a name that does nothing', '{ type: ClusterIP, externalName: db.acme.dev }', 'limit: 2', false],
])('a Service of %s', async (_what, spec, lines, omitted) => {
  const { leftOut, text } = await adapted(`${object('v1', 'Service')}spec: ${spec}\n`, { policy: policyOf(lines) });
  expect(leftOut).toEqual(omitted ? [{ app: 'shop', kind: 'Service', name: 'web', reason: PAST }] : []);
  expect(text.includes('$patch: delete')).toBe(omitted);
});

test.each<[key: string, isTaken: boolean]>([
  ['nginx.ingress.kubernetes.io/configuration-snippet', true],
  ['nginx.ingress.kubernetes.io/mirror-target', true],
  ['nginx.org/server-snippets', true],
  ['haproxy.org/backend-config-snippet', true],
  ['replicator.v1.mittwald.de/replicate-to', true],
  ['nginx.ingress.kubernetes.io/auth-url', false],
  ['replicator.v1.mittwald.de/replicate-from', false],
  ['acme.dev/code-snippet', false],
])('an annotation by which a controller reaches past the preview is taken away: %s', async (key, isTaken) => {
  const yaml = `apiVersion: v1\nkind: Secret\nmetadata: { name: web, annotations: { ${key}: a, b: c } }\n`;
  const { sentences, text } = await adapted(yaml);
  expect(sentences).toEqual(
    isTaken
      ? [`Secret web of shop is without the annotation ${key}: it reaches past the namespace of the preview.`]
      : [],
  );
  expect(text).toBe(isTaken ? `- op: remove\n  path: /metadata/annotations/${key.replace('/', '~1')}\n` : '');
});

test.each([
  ['Deployment', '{ template: { metadata: { annotations: { iam.amazonaws.com/role: a } } } }', 'template/'],
  [
    'CronJob',
    '{ jobTemplate: { spec: { template: { metadata: { annotations: { iam.amazonaws.com/role: a } } } } } }',
    'jobTemplate/spec/template/',
  ],
])('so is one of the pods of a %s', async (kind, spec, path) => {
  const apiVersion = kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  const { leftOut, text } = await adapted(`${object(apiVersion, kind)}spec: ${spec}\n`);
  expect(leftOut.map(({ part }) => part)).toContain('the annotation iam.amazonaws.com/role');
  expect(text).toContain(`path: /spec/${path}metadata/annotations/iam.amazonaws.com~1role\n`);
});

test('the policy says it of a kind against what is known otherwise', async () => {
  const policy = policyOf('kinds: { Issuer.cert-manager.io: cluster }');
  expect((await adapted(object('cert-manager.io/v1', 'Issuer'), { policy })).leftOut).toHaveLength(1);
});

test('what an app calls like that by which its preview is confined is left out', async () => {
  const own = [{ kind: 'RoleBinding', name: 'ostack-preview' }];
  const names = ['ostack-preview', 'web'].map((name) => object('rbac.authorization.k8s.io/v1', 'RoleBinding', name));
  const context = { policy: policyOf(), defined: new Map(), confinement: { ...CLOSED, own } };
  const { leftOut = [] } = adaptApps('pr-7', [await appOf('shop', names.join('---\n'))], context).get('shop') ?? {};
  expect(leftOut.map(leftOutSentence)).toEqual([
    'RoleBinding ostack-preview of shop is left out: by the one of that name a preview has its rights.',
  ]);
});

test('what is in another repository is left out by its kind, and that is said', async () => {
  const { patches, sentences } = await adapted(object('v1', 'ConfigMap'), { isOpen: true });
  const targets = patches.map(({ target }) => `${target.group ?? ''} ${target.kind ?? ''}`);
  expect(targets.join('\n')).toMatch(/ClusterRoleBinding\|.*NetworkPolicy/);
  expect(targets.join('\n')).toMatch(/\(toolkit\|contrib\)\\.fluxcd/);
  expect(targets.join('\n')).toMatch(/Ingress\|/);
  expect(sentences).toEqual([
    'Every object of the whole cluster of shop is left out: its files are in another repository or made by a chart, and not read.',
    'Every NetworkPolicy, quota or limit of shop is left out: its files are in another repository or made by a chart, and not read.',
    'Every address of something else of shop is left out: its files are in another repository or made by a chart, and not read.',
    'Every object of Flux or Argo CD of shop is left out: its files are in another repository or made by a chart, and not read.',
    'Every Ingress or route of shop is left out: its files are in another repository or made by a chart, and not read. Set its hosts in bases/shop/preview.',
    'Every Service of shop is without ports of all machines, external addresses and names of other hosts: its files are in another ' +
      'repository or made by a chart, and not read. One that says the number of a node port is refused by the cluster, and all of shop with it: take ' +
      'that away in bases/shop/preview.',
    'Every workload of shop is without network, processes and memory of the machine, and its priority: its files are in another ' +
      'repository or made by a chart, and not read. Pods with host ports, host paths and privileged containers, and shares by their ' +
      'address are refused by the cluster: take that away in bases/shop/preview.',
  ]);
});

test('in another repository nothing that a confined preview may not have keeps the rest from being deployed', async () => {
  const app = await appOf('shop', object('v1', 'ConfigMap'), { isOpen: true });
  const forbidden = (_group: string, kind: string) =>
    ['RoleBinding', 'ServiceMonitor'].includes(kind) ? 'no' : undefined;
  const own = [{ kind: 'RoleBinding', name: 'ostack-preview' }];
  const context = { policy: policyOf(), defined: new Map(), confinement: { ...CLOSED, own, forbidden } };
  const { patches = [], leftOut = [] } = adaptApps('pr-7', [app], context).get('shop') ?? {};
  expect(patches.map(({ target }) => target)).toEqual(
    expect.arrayContaining([
      { group: 'monitoring\\.coreos\\.com', kind: 'ServiceMonitor' },
      { group: 'rbac\\.authorization\\.k8s\\.io', kind: 'RoleBinding' },
      { kind: 'RoleBinding', name: 'ostack-preview' },
    ]),
  );
  expect(leftOut.map(leftOutSentence)).toEqual(
    expect.arrayContaining(['Every ServiceMonitor of shop is left out: a confined preview may not have it.']),
  );
});

test('in another repository a Service has no addresses of others, and claims no name in DNS', async () => {
  const { text } = await adapted(object('v1', 'ConfigMap'), { isOpen: true });
  expect(text).toContain('type: ClusterIP\n  externalIPs: null\n  externalName: null\n');
  expect(text).toContain('external-dns.alpha.kubernetes.io/controller: none\n');
  expect(text).toContain('external-dns.kubernetes.io/controller: none\n');
  const prepared = await adapted(object('v1', 'ConfigMap'), { isOpen: true, isPrepared: true });
  expect(prepared.text).not.toContain('external-dns');
});

test.each(['network: false', 'limit: 2'])(
  'in another repository no Service has ports of all machines: %s',
  async (lines) => {
    const own = `${object('v1', 'Service', 'db')}spec: { type: ExternalName, externalName: db.acme.dev }\n`;
    const { patches } = await adapted(own, { isOpen: true, policy: policyOf(lines) });
    const services = patches.filter(({ target, patch }) => target.kind === 'Service' && !patch.startsWith('$patch'));
    expect(services[0]).toMatchObject({ target: { group: '()' }, patch: expect.stringContaining('type: ClusterIP') });
    // What is another host by a file that is read stays one, where the policy lets it.
    const last = lines === 'network: false' ? 'type: ExternalName\n  externalName: db.acme.dev\n' : 'type: ClusterIP';
    expect(services.at(-1)?.patch).toContain(last);
  },
);

test.each([
  ['privileged', false, 'Nothing keeps the cluster from host ports, host paths'],
  ['privileged', true, 'are refused by the cluster'],
  ['baseline', false, 'are refused by the cluster'],
])('of pods in another repository is said what refuses them: %s, confined: %s', async (level, isClosedIn, expected) => {
  const policy = policyOf(`pod-security: ${level}`);
  const { sentences } = await adapted(object('v1', 'ConfigMap'), { isOpen: true, policy, isClosedIn });
  expect(sentences.join('\n')).toContain(expected);
});

test('routes in another repository stay where the base has a folder for previews', async () => {
  const { patches, sentences } = await adapted(object('v1', 'ConfigMap'), { isOpen: true, isPrepared: true });
  expect(patches.map(({ target }) => target.kind).join()).not.toContain('Ingress|');
  expect(sentences).toContain(
    'Every Ingress or route of shop is without the hosts of the preview: its files are in another repository or made by a chart, and not read. It has ' +
      'those that bases/shop/preview says, which two previews must not share.',
  );
});
