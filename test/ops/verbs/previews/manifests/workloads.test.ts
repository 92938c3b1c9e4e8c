import { describe, expect, test } from '@jest/globals';
import { refusalNotices } from '../../../../../src/ops/verbs/previews/manifests/pod-refusals.js';
import { adapted, policyOf } from './support.js';

const workload = (pod: string, kind = 'Deployment') =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web }\nspec: { template: { spec: ${pod} } }\n`;

const SAFE =
  'securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }, containers: [{ name: web, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }]';

describe('of the machine that it runs on a preview has', () => {
  test.each<[what: string, pod: string, sentence: string, patch: string]>([
    ['no network', '{ hostNetwork: true }', 'the host network', 'hostNetwork: null'],
    ['no processes', '{ hostPID: true }', 'the host’s processes', 'hostPID: null'],
    ['no memory', '{ hostIPC: true }', 'the host’s memory', 'hostIPC: null'],
    [
      'no port',
      '{ containers: [{ name: a }, { name: web, ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }] }] }',
      'the host port 8080',
      '- name: web\n          ports:\n            - containerPort: 80\n              hostPort: null',
    ],
    [
      'no path',
      '{ volumes: [{ name: a, emptyDir: {} }, { name: run, hostPath: { path: /var/run } }] }',
      'the host path /var/run',
      '- name: run\n          hostPath: null\n          emptyDir: {}',
    ],
  ])('%s', async (_what, pod, part, patch) => {
    const { text, sentences } = await adapted(workload(pod));
    expect(sentences).toEqual([
      `Deployment web of shop is without ${part}: a preview takes nothing of the machine that it runs on.`,
    ]);
    expect(text).toContain(patch);
  });

  test('nothing of all of that, in one patch', async () => {
    const pod =
      '{ hostNetwork: true, containers: [{ name: web, ports: [{ containerPort: 80, hostPort: 80 }] }], initContainers: [{ name: up, ports: [{ containerPort: 1, hostPort: 1 }] }], volumes: [{ name: x, hostPath: { path: /x } }, { name: y, hostPath: { path: /y } }] }';
    const { patches, leftOut } = await adapted(workload(pod, 'DaemonSet'));
    expect(patches).toHaveLength(1);
    expect(leftOut.map(({ part }) => part)).toEqual([
      'the host network',
      'the host port 80',
      'the host port 1',
      'the host path /x',
      'the host path /y',
    ]);
    expect(patches[0]?.patch).toMatch(/name: x[\s\S]*name: "y"/);
  });
});

const PLACE = 'a preview goes where others go, and before none of them';

describe('a pod of a preview has no place before others', () => {
  test.each<[pod: string, part: string, patch: string]>([
    ['{ nodeName: node-1 }', 'the machine node-1', 'nodeName: null'],
    ['{ priorityClassName: production }', 'the priority class production', 'priorityClassName: null'],
    ['{ priority: 100 }', 'the priority 100', 'priority: null'],
    ['{ tolerations: [{ operator: Exists }] }', 'the toleration of every taint', 'tolerations: []'],
    [
      '{ tolerations: [{ key: node-role.kubernetes.io/master }, { key: spot, operator: Equal, value: "true", tolerationSeconds: 5 }] }',
      'the toleration of node-role.kubernetes.io/master',
      'tolerations:\n        - key: spot\n          operator: Equal\n          value: "true"\n          tolerationSeconds: 5',
    ],
  ])('%s', async (pod, part, patch) => {
    const { text, sentences } = await adapted(workload(pod));
    expect(sentences).toEqual([`Deployment web of shop is without ${part}: ${PLACE}.`]);
    expect(text).toContain(patch);
    const rollout = await adapted(workload(pod, 'Rollout').replace('apps/v1', 'argoproj.io/v1alpha1'), {
      policy: policyOf('kinds: { Rollout.argoproj.io: namespace }'),
    });
    expect(rollout.sentences).toEqual([`Rollout web of shop is without ${part}: ${PLACE}.`]);
  });

  test('and tolerates what keeps machines for apps', async () => {
    expect((await adapted(workload('{ tolerations: [{ key: spot }] }'))).patches).toEqual([]);
  });
});

test('a Rollout has nothing of it either, and keeps the rest of its lists, which kustomize does not know', async () => {
  const pod =
    '{ hostNetwork: true, containers: [{ name: a }, { name: web, ports: [{ containerPort: 1 }, { containerPort: 80, hostPort: 80 }] }], volumes: [{ name: a, emptyDir: {} }, { name: x, hostPath: { path: /x } }] }';
  const rollout = workload(pod, 'Rollout').replace('apps/v1', 'argoproj.io/v1alpha1');
  const { patches, leftOut } = await adapted(rollout, { policy: policyOf('pod-security: baseline') });
  expect(patches.map(({ patch }) => patch)).toEqual([
    [
      '- op: remove\n  path: /spec/template/spec/hostNetwork',
      '- op: remove\n  path: /spec/template/spec/containers/1/ports/1/hostPort',
      '- op: remove\n  path: /spec/template/spec/volumes/1/hostPath',
      '- op: add\n  path: /spec/template/spec/volumes/1/emptyDir\n  value: {}\n',
    ].join('\n'),
  ]);
  expect(leftOut.map(({ part }) => part)).toEqual(['the host network', 'the host port 80', 'the host path /x']);
  expect((await adapted(rollout)).refused).toHaveLength(1);
});

test.each([
  ['argoproj.io/v1alpha1', 'CronWorkflow'],
  ['postgresql.cnpg.io/v1', 'ScheduledBackup'],
])('so is what runs by a schedule otherwise: %s %s', async (apiVersion, kind) => {
  const { text, sentences } = await adapted(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: nightly }\n`);
  expect(text).toContain('spec:\n  suspend: true\n');
  expect(sentences).toEqual([
    `${kind} nightly of shop is without its schedule: nothing runs by a schedule in a preview.`,
  ]);
});

test('a CronJob is suspended, with what it takes of the machine gone', async () => {
  const job =
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly }\nspec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: { hostNetwork: true } } } } }\n';
  const { text, sentences } = await adapted(job);
  expect(text).toContain('  suspend: true\n');
  expect(text).toContain('hostNetwork: null');
  expect(sentences.at(-1)).toBe(
    'CronJob nightly of shop is without its schedule: nothing runs by a schedule in a preview.',
  );
});

describe('what the Pod Security level of previews will refuse is said', () => {
  test.each<[what: string, level: string, pod: string, lacks: string[]]>([
    ['nothing of a pod that says all', 'restricted', `{ ${SAFE} }`, []],
    [
      'of one that says nothing',
      'restricted',
      '{ containers: [{ name: web }] }',
      [
        'runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault }',
      ],
    ],
    [
      'one container of two',
      'restricted',
      `{ ${SAFE.replace('containers: [', 'containers: [{ name: a, securityContext: { capabilities: { drop: [ALL] } } }, ')} }`,
      ['allowPrivilegeEscalation: false'],
    ],
    [
      'root, further rights, and volumes of machines and others',
      'restricted',
      `{ ${SAFE.replace('drop: [ALL]', 'drop: [ALL], add: [NET_BIND_SERVICE, NET_ADMIN]').replace('runAsNonRoot: true', 'runAsNonRoot: true, runAsUser: 0')}, volumes: [{ name: a, nfs: { server: a } }, { name: b, secret: {} }] }`,
      ['another user than 0 (runAsUser), no capabilities NET_ADMIN, no volume nfs'],
    ],
    [
      'further rights at baseline',
      'baseline',
      '{ containers: [{ name: web, securityContext: { capabilities: { add: [CHOWN, SYS_ADMIN] } } }] }',
      ['no capabilities SYS_ADMIN'],
    ],
    ['nothing at baseline', 'baseline', '{ containers: [{ name: web }] }', []],
    [
      'a privileged container at baseline',
      'baseline',
      '{ containers: [{ name: web, securityContext: { privileged: true } }] }',
      ['no privileged container'],
    ],
    [
      'settings of the kernel at baseline',
      'baseline',
      '{ containers: [{ name: web, securityContext: { procMount: Unmasked } }] }',
      ['procMount: Default'],
    ],
    [
      'nothing where everything may be',
      'privileged',
      '{ containers: [{ name: web, securityContext: { privileged: true } }] }',
      [],
    ],
  ])('%s', async (_what, level, pod, lacks) => {
    const { refused } = await adapted(workload(pod), { policy: policyOf(`pod-security: ${level}`) });
    expect(refused.map((each) => each.lacks)).toEqual(lacks);
  });

  test.each<[level: string, pod: string, lacks: string[]]>([
    ['privileged', '{ containers: [{ securityContext: { privileged: true } }] }', ['no privileged container']],
    ['privileged', '{ containers: [{ securityContext: { capabilities: { add: [NET_ADMIN] } } }] }', []],
    ['privileged', '{ containers: [{ securityContext: { capabilities: { add: [BPF] } } }] }', ['no capabilities BPF']],
    ['privileged', '{ volumes: [{ nfs: {} }, { emptyDir: {} }] }', ['no volume nfs']],
    ['baseline', '{ volumes: [{ csi: { driver: nfs.csi.k8s.io } }] }', ['no volume of the driver nfs.csi.k8s.io']],
    ['baseline', '{ volumes: [{ csi: { driver: csi.spiffe.io } }] }', []],
    [
      'baseline',
      '{ volumes: [{ csi: { driver: csi.cert-manager.io, volumeAttributes: { csi.cert-manager.io/issuer-kind: ClusterIssuer } } }] }',
      ['no volume with certificates of a ClusterIssuer'],
    ],
    [
      'baseline',
      '{ volumes: [{ csi: { driver: csi.cert-manager.io, volumeAttributes: { csi.cert-manager.io/issuer-name: own } } }] }',
      [],
    ],
  ])('and what the cluster refuses at every level where it confines previews: %s %s', async (level, pod, lacks) => {
    const policy = policyOf(`pod-security: ${level}`);
    const closed = await adapted(workload(pod), { policy, isClosedIn: true });
    expect(closed.refused.map((each) => each.lacks)).toEqual(lacks);
    const open = await adapted(workload(pod), { policy });
    expect(open.refused).toEqual([]);
  });

  test('once for all that lack the same', () => {
    const refused = ['a', 'b'].map((workload) => ({ workload, lacks: 'runAsNonRoot: true' }));
    expect(refusalNotices(refused, 'restricted')).toEqual([
      'No pods in the preview, whose Pod Security level is restricted, for a, b: missing are runAsNonRoot: true. Set that in their bases, or lower previews.pod-security in ostack.yaml; what reaches the machine is refused at any level.',
    ]);
  });
});

describe('what one object of a cluster alone can have', () => {
  test.each<[what: string, yaml: string, part: string, patch: string]>([
    [
      'a port of all machines',
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: NodePort, ports: [{ port: 80, nodePort: 30080 }] }\n',
      'the node port 30080',
      'type: ClusterIP\n  ports:\n    - port: 80\n      nodePort: null',
    ],
    [
      'any port of all machines',
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: NodePort, ports: [{ port: 80 }] }\n',
      'node ports',
      'type: ClusterIP',
    ],
    [
      'a load balancer, which takes ports of all machines',
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: LoadBalancer, ports: [{ port: 80 }], loadBalancerIP: 10.0.0.9, loadBalancerClass: a, allocateLoadBalancerNodePorts: true }\n',
      'node ports',
      'type: ClusterIP\n  loadBalancerIP: null\n  loadBalancerClass: null\n  allocateLoadBalancerNodePorts: null\n',
    ],
    [
      'a port of all machines, with what only such a Service may say',
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: NodePort, externalTrafficPolicy: Local, ports: [{ port: 53, protocol: UDP, nodePort: 30053 }] }\n',
      'the node port 30053',
      'type: ClusterIP\n  externalTrafficPolicy: null\n  ports:\n    - port: 53\n      protocol: UDP\n      nodePort: null',
    ],
    [
      'addresses of others, whose traffic the cluster would send it',
      'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { externalIPs: [10.0.0.5], ports: [{ port: 443 }] }\n',
      'its external addresses',
      'externalIPs: null',
    ],
    [
      'a volume by name',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: web }\nspec: { volumeName: disk-1 }\n',
      'the volume disk-1',
      'volumeName: null',
    ],
    [
      'a volume by labels',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: web }\nspec: { selector: { matchLabels: { app: db } } }\n',
      'its selector of volumes',
      'selector: null',
    ],
    [
      'a volume of no class',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: web }\nspec: { storageClassName: "" }\n',
      'its empty class',
      'storageClassName: null',
    ],
    [
      'a volume of no class in a template',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec: { volumeClaimTemplates: [{ spec: { storageClassName: "" } }] }\n',
      'its empty class',
      'op: remove\n  path: /spec/volumeClaimTemplates/0/spec/storageClassName',
    ],
    [
      'a volume by name in a template',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec: { volumeClaimTemplates: [{ spec: {} }, { spec: { volumeName: disk-1 } }] }\n',
      'the volume disk-1',
      'op: remove\n  path: /spec/volumeClaimTemplates/1/spec/volumeName',
    ],
  ])('is taken away: %s', async (_what, yaml, part, patch) => {
    const { text, leftOut } = await adapted(yaml);
    expect(leftOut.map((each) => each.part)).toEqual([part]);
    expect(text).toContain(patch);
  });

  test.each([
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80 }] }\n',
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: web }\nspec: { storageClassName: fast }\n',
  ])('and else nothing changes: %#', async (yaml) => {
    expect((await adapted(yaml)).patches).toEqual([]);
  });
});
