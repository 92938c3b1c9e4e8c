import { describe, expect, test } from '@jest/globals';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { type AdmissionRequest, policiesIn, refusals } from '../../support/admission.js';
import { CLUSTER } from '../../support/preview-cluster.js';

/** What a cluster refuses by where any Pod Security level may be. */
const POLICIES = policiesIn(
  flux.previews.confinedObject('previews/clusters/staging', CLUSTER, {
    namespaces: previewNamespaces([]),
    podSecurity: ['restricted', 'baseline', 'privileged'],
    network: undefined,
    quota: undefined,
    hosts: undefined,
  }),
);

const answers = (request: AdmissionRequest) => refusals(POLICIES, { namespace: 'pr-35', ...request });

const HOST = 'A pod of a preview has no network, ports, processes or memory of the machine.';
const PRIVILEGED = 'A container of a preview is not privileged, and has no capability that gives it the machine.';
const VOLUMES = 'A pod of a preview has no path of the machine, and no share or disk by its address.';
const PLACE = 'A pod of a preview goes to no machine by name, nor to those of the cluster’s own parts.';
const FIRST = 'A pod of a preview goes before no other: it names no priority class.';

const web = (more: object = {}) => ({ name: 'web', image: 'a', ...more });
const secured = (securityContext: object) => ({ containers: [web(), web({ securityContext })] });

describe('at any level of Pod Security a cluster answers to a pod of a preview', () => {
  test.each<[what: string, spec: object, expected: string[]]>([
    ['that asks for nothing', {}, []],
    ['with the network of the machine', { hostNetwork: true }, [HOST]],
    ['with its processes', { hostPID: true }, [HOST]],
    ['with its memory', { hostIPC: true }, [HOST]],
    ['without all of it', { hostNetwork: false, hostPID: false, hostIPC: false }, []],
    ['with a port', { containers: [web({ ports: [{ containerPort: 80 }] })] }, []],
    ['with a port of the machine', { containers: [web(), web({ ports: [{ hostPort: 80 }] })] }, [HOST]],
    ['that starts with one', { initContainers: [web({ ports: [{ hostPort: 80 }] })] }, [HOST]],
    ['that is privileged', secured({ privileged: true }), [PRIVILEGED]],
    ['that starts so', { initContainers: [web({ securityContext: { privileged: true } })] }, [PRIVILEGED]],
    ['that is not', secured({ privileged: false, capabilities: { drop: ['ALL'] } }), []],
    ['that sets up its own network', secured({ capabilities: { add: ['NET_ADMIN', 'CHOWN'] } }), []],
    ['that mounts what it likes', secured({ capabilities: { add: ['SYS_ADMIN'] } }), [PRIVILEGED]],
    ['with all capabilities', secured({ capabilities: { add: ['ALL'] } }), [PRIVILEGED]],
    ['with settings of the kernel', secured({ procMount: 'Unmasked' }), [PRIVILEGED]],
    ['with a path of the machine', { volumes: [{ name: 'a', hostPath: { path: '/' } }] }, [VOLUMES]],
    ['with a share by its address', { volumes: [{ name: 'a', nfs: { server: '10.0.0.5' } }] }, [VOLUMES]],
    ['with a disk by its address', { volumes: [{ name: 'a', iscsi: {} }] }, [VOLUMES]],
    ['with a share by a driver', { volumes: [{ name: 'a', csi: { driver: 'nfs.csi.k8s.io' } }] }, [VOLUMES]],
    ['with secrets by a driver', { volumes: [{ name: 'a', csi: { driver: 'secrets-store.csi.k8s.io' } }] }, []],
    [
      'with volumes of its own',
      { volumes: [{ emptyDir: {} }, { secret: {} }, { projected: {} }, { persistentVolumeClaim: {} }, { image: {} }] },
      [],
    ],
    ['for a machine by name', { nodeName: 'control-plane-1' }, [PLACE]],
    ['that tolerates everything', { tolerations: [{ operator: 'Exists' }] }, [PLACE]],
    ['for the control plane', { tolerations: [{ key: 'node-role.kubernetes.io/control-plane' }] }, [PLACE]],
    [
      'for machines of a kind',
      { tolerations: [{ key: 'acme.dev/spot' }, { key: 'node.kubernetes.io/not-ready' }] },
      [],
    ],
    ['that is the cluster’s own', { priorityClassName: 'system-node-critical', priority: 2000001000 }, [FIRST]],
    ['that goes before others', { priorityClassName: 'production', priority: 100 }, [FIRST]],
    ['that goes after others', { priorityClassName: 'low', priority: -1 }, []],
  ])('%s', (_what, more, expected) => {
    const request = { resource: 'pods', object: { metadata: {}, spec: { containers: [web()], ...more } } };
    expect(answers(request)).toEqual(expected);
    expect(answers({ ...request, namespace: 'staging' })).toEqual([]);
    // What runs goes on.
    expect(answers({ ...request, operation: 'UPDATE', oldObject: request.object })).toEqual([]);
  });

  test('that has the priority that the cluster gives, where Kubernetes made it', () => {
    const pod = (priorityClassName: string, username: string) =>
      answers({
        ...{ resource: 'pods', username },
        object: { metadata: {}, spec: { containers: [web()], priorityClassName, priority: 100 } },
      });
    const controller = 'system:serviceaccount:kube-system:replicaset-controller';
    expect(pod('default', controller)).toEqual([]);
    expect(pod('default', 'system:kube-controller-manager')).toEqual([]);
    expect(pod('default', 'system:serviceaccount:flux-system:pr-35')).toEqual([FIRST]);
    expect(pod('system-cluster-critical', controller)).toEqual([FIRST]);
  });
});

test.each<[group: string, resource: string, of: (pods: object) => object]>([
  ['apps', 'deployments', (pods) => ({ spec: { template: pods } })],
  ['apps', 'statefulsets', (pods) => ({ spec: { template: pods } })],
  ['apps', 'daemonsets', (pods) => ({ spec: { template: pods } })],
  ['apps', 'replicasets', (pods) => ({ spec: { template: pods } })],
  ['batch', 'jobs', (pods) => ({ spec: { template: pods } })],
  ['batch', 'cronjobs', (pods) => ({ spec: { jobTemplate: { spec: { template: pods } } } })],
  ['', 'replicationcontrollers', (pods) => ({ spec: { template: pods } })],
  ['', 'podtemplates', (pods) => ({ template: pods })],
])('goes before no other by a class that it names in %s %s', (group, resource, of) => {
  const named = of({ spec: { priorityClassName: 'production' } });
  const [plain, other] = [of({ spec: {} }), of({ spec: { priorityClassName: 'other' } })];
  expect(answers({ group, resource, object: named })).toEqual([FIRST]);
  expect(answers({ group, resource, object: plain })).toEqual([]);
  expect(answers({ group, resource, object: named, namespace: 'staging' })).toEqual([]);
  expect(answers({ group, resource, operation: 'UPDATE', object: named, oldObject: named })).toEqual([]);
  expect(answers({ group, resource, operation: 'UPDATE', object: named, oldObject: other })).toEqual([FIRST]);
});

const NAMED = 'A claim of a preview takes no volume by name, which is one claim’s of the whole cluster.';
const MADE =
  'A claim of a preview gets a volume that is made for it, and none that is there: it has no selector, and a class.';
const claim = (spec: object, more: Partial<AdmissionRequest> = {}, annotations: object = {}) =>
  answers({ resource: 'persistentvolumeclaims', object: { metadata: { annotations }, spec }, ...more });

test.each<[what: string, spec: object, annotations: object, expected: string[]]>([
  ['by name', { volumeName: 'disk-1' }, {}, [NAMED]],
  ['by labels', { selector: { matchLabels: { app: 'db' } } }, {}, [MADE]],
  ['of no class', { storageClassName: '' }, {}, [MADE]],
  ['of no class, as it was said once', {}, { 'volume.beta.kubernetes.io/storage-class': '' }, [MADE]],
  ['by no name', { volumeName: '' }, {}, []],
  ['of a class', { storageClassName: 'fast' }, {}, []],
  ['of the default class', {}, { a: '' }, []],
])('takes no volume that is there: %s', (_what, spec, annotations, expected) => {
  expect(claim(spec, {}, annotations)).toEqual(expected);
  expect(claim(spec, { namespace: 'staging' }, annotations)).toEqual([]);
  const old = { metadata: { annotations }, spec };
  expect(claim(spec, { operation: 'UPDATE', oldObject: old }, annotations)).toEqual([]);
});

test.each([
  ['system:serviceaccount:kube-system:persistent-volume-binder', true],
  ['system:kube-controller-manager', true],
  ['system:serviceaccount:flux-system:pr-35', false],
  ['system:serviceaccount:argocd:argocd-application-controller', false],
  ['system:serviceaccount:pr-35:default', false],
])('a claim gets its volume later from Kubernetes alone: %s', (username, isTaken) => {
  const update = { operation: 'UPDATE' as const, oldObject: { metadata: {}, spec: {} }, username };
  expect(claim({ volumeName: 'disk-1' }, update)).toEqual(isTaken ? [] : [NAMED]);
  expect(
    claim({ volumeName: 'disk-2' }, { ...update, oldObject: { metadata: {}, spec: { volumeName: 'disk-1' } } }),
  ).toEqual(isTaken ? [] : [NAMED]);
  expect(claim({ volumeName: 'disk-1' }, { username })).toEqual([NAMED]);
});

test('a pod that waits for a machine comes to tolerate no more than one that is made', () => {
  const pod = (tolerations?: object[]) => ({
    metadata: {},
    spec: { containers: [web()], ...(tolerations === undefined ? {} : { tolerations }) },
  });
  const spot = { key: 'acme.dev/spot' };
  const change = (before: object, object: object) =>
    answers({ resource: 'pods', operation: 'UPDATE', object, oldObject: before });
  expect(change(pod(), pod([{ operator: 'Exists' }]))).toEqual([PLACE]);
  expect(change(pod([spot]), pod([spot, { key: 'node-role.kubernetes.io/control-plane' }]))).toEqual([PLACE]);
  expect(change(pod([spot]), pod([spot, { key: 'acme.dev/gpu' }]))).toEqual([]);
  // The scheduler has named its machine.
  const placed = { metadata: {}, spec: { containers: [web()], nodeName: 'a', tolerations: [spot] } };
  expect(change(placed, placed)).toEqual([]);
});

const ISSUED = 'A volume of a preview has certificates of an issuer of the preview alone.';
test.each<[attributes: object | undefined, expected: string[]]>([
  [{ 'csi.cert-manager.io/issuer-kind': 'ClusterIssuer', 'csi.cert-manager.io/dns-names': 'shop.acme.dev' }, [ISSUED]],
  [{ 'csi.cert-manager.io/issuer-kind': 'AWSPCAClusterIssuer', 'csi.cert-manager.io/is-ca': 'true' }, [ISSUED]],
  [{ 'csi.cert-manager.io/issuer-kind': 'Issuer', 'csi.cert-manager.io/uri-sans': 'spiffe://acme/a' }, []],
  [{ 'csi.cert-manager.io/issuer-name': 'own' }, []],
  [undefined, []],
])('has no certificate of an issuer of the whole cluster by a volume: %j', (volumeAttributes, expected) => {
  const volume = (driver: string) => ({
    ...{ resource: 'pods' },
    object: {
      metadata: {},
      spec: { containers: [web()], volumes: [{ name: 'a', csi: { driver, volumeAttributes } }] },
    },
  });
  expect(answers(volume('csi.cert-manager.io'))).toEqual(expected);
  expect(answers(volume('secrets-store.csi.k8s.io'))).toEqual([]);
  expect(answers({ ...volume('csi.cert-manager.io'), namespace: 'staging' })).toEqual([]);
});
