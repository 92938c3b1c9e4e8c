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

test.each([
  [{ volumeName: 'disk-1' }, 1],
  [{ volumeName: '' }, 0],
  [{ storageClassName: 'fast' }, 0],
])('takes no volume by name: %j', (spec, refused) => {
  const claim = { resource: 'persistentvolumeclaims', object: { metadata: {}, spec } };
  expect(answers(claim)).toHaveLength(refused);
  // A claim gets its volume.
  expect(answers({ ...claim, operation: 'UPDATE', oldObject: { metadata: {}, spec: {} } })).toEqual([]);
});
