import { describe, expect, test } from '@jest/globals';
import { boundsOf } from '../../src/ops/judgement/preview-bounds.js';
import { readObjects } from '../../src/ops/judgement/preview-objects.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { previewPolicy } from '../../src/ops/policy/preview-policy.js';
import { flux } from '../../src/ops/reconcilers/flux/flux.js';
import { resourceOf } from '../../src/ops/reconcilers/preview-kinds.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import { adaptApps } from '../../src/ops/verbs/previews/manifests/adapt-apps.js';
import { planReconcile } from '../../src/ops/verbs/previews/plan/plan.js';
import { toYaml } from '../../src/ops/yaml/to-yaml.js';
import { policiesIn, refusals } from '../support/admission.js';
import { CLUSTER } from '../support/preview-cluster.js';
import { WorkCopy } from './support.js';

const HEAD = 'a'.repeat(40);
const DIGEST = `sha256:${'b'.repeat(64)}`;
const NOW = new Date('2026-11-21T09:00:00Z');
const POLICY = 'previews: { host: staging, reconciler: flux, url: "https://{app}.{name}.preview.acme.dev" }\n';

/** An app that takes all that a preview does not give. */
const GREEDY = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: web, namespace: kube-system }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostNetwork: true
      hostPID: true
      nodeName: node-1
      priorityClassName: system-node-critical
      tolerations: [{ operator: Exists }, { key: spot, operator: Exists }]
      containers:
        - { name: side, image: side }
        - name: web
          image: ghcr.io/acme/shop-web
          ports: [{ containerPort: 80, hostPort: 80, name: http }, { containerPort: 81, name: other }]
          volumeMounts: [{ name: socket, mountPath: /run/x }]
      volumes: [{ name: tmp, emptyDir: {} }, { name: socket, hostPath: { path: /var/run } }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: a }] } } } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, annotations: { external-dns.alpha.kubernetes.io/hostname: "shop.example.com" } }
spec: { type: NodePort, ports: [{ port: 80, nodePort: 30080 }, { port: 81, name: b }] }
---
apiVersion: v1
kind: Service
metadata: { name: public, annotations: { external-dns.kubernetes.io/hostname: "www.example.com" } }
spec: { type: LoadBalancer, externalTrafficPolicy: Local, loadBalancerIP: 10.0.0.9, externalIPs: [10.0.0.5], ports: [{ port: 53, protocol: UDP, nodePort: 30053 }, { port: 53, protocol: TCP }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: canary }
spec:
  template:
    spec:
      hostNetwork: true
      priorityClassName: production
      tolerations: [{ key: node-role.kubernetes.io/control-plane }]
      containers: [{ name: side, image: side }, { name: web, image: web, ports: [{ containerPort: 80, hostPort: 80 }] }]
      volumes: [{ name: tmp, emptyDir: {} }, { name: socket, hostPath: { path: /var/run } }]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: open }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: mesh }
spec: { servers: [{ hosts: [shop.example.com] }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { volumeName: disk-1, accessModes: [ReadWriteOnce] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: db }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { volumeName: disk-2, accessModes: [ReadWriteOnce] } }]
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: disk-1 }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: open }
spec: { podSelector: {}, ingress: [{}] }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: other, namespace: flux-system }
spec: { targetNamespace: production, path: ./x }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: other, namespace: argocd }
spec: { destination: { namespace: production } }
---
apiVersion: acme.dev/v1
kind: Tenant
metadata: { name: web }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { defaultBackend: { service: { name: web } }, tls: [{ hosts: [shop.example.com] }], rules: [{ host: shop.example.com }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web }
spec: { listeners: [{ name: a, hostname: shop.example.com, port: 80 }, { name: b, port: 81 }] }
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TLSRoute
metadata: { name: web }
spec: { hostnames: [api.example.com] }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec: { secretName: web, dnsNames: [shop.example.com, api.example.com] }
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: { name: web }
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere }
spec: { type: ExternalName, externalName: db.production.svc.cluster.local }
---
apiVersion: v1
kind: Endpoints
metadata: { name: by-hand }
subsets: [{ addresses: [{ ip: 10.0.0.5 }], ports: [{ port: 80 }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: scripted
  annotations: { nginx.ingress.kubernetes.io/server-snippet: "return 200 $secret;", nginx.ingress.kubernetes.io/mirror-target: "https://db.production.svc", a: b }
spec: { rules: [{ host: api.example.com }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  hostnames: [shop.example.com]
  rules: [{ backendRefs: [{ name: web, port: 80 }, { name: db, namespace: production, port: 80, filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: db, namespace: production, port: 80 } } }] }] }]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: web }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cloud }
spec:
  selector: { matchLabels: { app: cloud } }
  template:
    metadata: { labels: { app: cloud }, annotations: { iam.amazonaws.com/role: admin, k8s.v1.cni.cncf.io/networks: host } }
    spec: { containers: [{ name: a, image: a }] }
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: { name: web, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ostack-preview }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: default }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
`;

function valuesAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}

function open(copy: WorkCopy) {
  return planReconcile({
    tree: workTree(copy.root),
    policy: readPolicy(POLICY),
    now: NOW,
    repoURL: 'https://github.com/acme/ops',
    pullRequests: [{ repository: 'acme/apps', listedAt: NOW, open: [{ number: 35, head: HEAD }] }],
    requested: {
      repository: 'acme/apps',
      subject: { pullRequest: 35 },
      head: HEAD,
      apps: [
        {
          app: 'shop',
          images: [{ image: 'shop-web', repository: 'ghcr.io/acme/shop-web', tag: 'pr-35', digest: DIGEST }],
        },
      ],
    },
  });
}

async function greedy(): Promise<WorkCopy> {
  const copy = await WorkCopy.of(undefined);
  await copy.write([
    ['bases/shop/kustomization.yaml', 'resources: [all.yaml]\n'],
    ['bases/shop/all.yaml', GREEDY],
    ['overlays/staging/shop/kustomization.yaml', 'resources: [../../../bases/shop]\n'],
  ]);
  return copy;
}

const KINDS = [
  ...['Certificate', 'CronJob', 'DaemonSet', 'Deployment', 'Gateway', 'HTTPRoute', 'Ingress', 'Ingress'],
  ...['PersistentVolumeClaim', 'Role', 'RoleBinding', 'Rollout', 'Service', 'Service', 'StatefulSet', 'TLSRoute'],
];

describe('an app that takes all that a preview does not give', () => {
  test('is built without it, and all of that is named', async () => {
    await using copy = await greedy();
    const planned = await open(copy);
    await copy.apply(planned.change);
    const objects = await copy.build('previews/pr-35/shop');
    expect(objects.map(({ kind }) => kind).sort()).toEqual(KINDS);
    const text = JSON.stringify(objects);
    expect(text).not.toMatch(
      /hostNetwork|hostPID|hostPort|hostPath|nodePort|NodePort|LoadBalancer|externalTraffic|externalIPs|10\.0\.0|defaultBackend|volumeName|example\.com|ExternalName|snippet|mirror-target|iam\.amazonaws|k8s\.v1\.cni|production|nodeName|priority|node-role/i,
    );
    const named = (planned.decisions[0]?.preview?.leftOut ?? []).map(({ kind, part }) =>
      `${kind} ${part ?? ''}`.trim(),
    );
    expect(named.sort()).toEqual([
      'Application',
      'CiliumNetworkPolicy',
      'ClusterRoleBinding',
      'CronJob its schedule',
      'DNSEndpoint',
      'DaemonSet the host network',
      'DaemonSet the host path /var/run',
      'DaemonSet the host port 80',
      'DaemonSet the host’s processes',
      'DaemonSet the machine node-1',
      'DaemonSet the priority class system-node-critical',
      'DaemonSet the toleration of every taint',
      'Deployment the annotation iam.amazonaws.com/role',
      'Deployment the annotation k8s.v1.cni.cncf.io/networks',
      'Endpoints',
      'Gateway',
      'HTTPRoute the namespace production of its backends',
      'HelmChart',
      'Ingress its default backend',
      'Ingress the annotation nginx.ingress.kubernetes.io/mirror-target',
      'Ingress the annotation nginx.ingress.kubernetes.io/server-snippet',
      'Kustomization',
      'NetworkPolicy',
      'PersistentVolume',
      'PersistentVolumeClaim the volume disk-1',
      'ReferenceGrant',
      'Rollout the host network',
      'Rollout the host path /var/run',
      'Rollout the host port 80',
      'Rollout the priority class production',
      'Rollout the toleration of node-role.kubernetes.io/control-plane',
      'Service',
      'Service its external addresses',
      'Service the node port 30053',
      'Service the node port 30080',
      'StatefulSet the volume disk-2',
      'Tenant',
    ]);
    const find = (kind: string) => JSON.stringify(objects.find((object) => object.kind === kind));
    expect(find('DaemonSet')).toContain('"volumes":[{"emptyDir":{},"name":"socket"},{"emptyDir":{},"name":"tmp"}]');
    expect(find('DaemonSet')).toContain('"tolerations":[{"key":"spot","operator":"Exists"}]');
    expect(find('Rollout')).toContain('"tolerations":[]');
    expect(find('DaemonSet')).toContain('{"containerPort":81,"name":"other"}');
    expect(find('DaemonSet')).toContain(`ghcr.io/acme/shop-web:pr-35@${DIGEST}`);
    expect(find('Rollout')).toContain('"containers":[{"image":"side","name":"side"},{"image":"web","name":"web",');
    expect(find('Rollout')).toContain('"volumes":[{"emptyDir":{},"name":"tmp"},{"emptyDir":{},"name":"socket"}]');
    expect(find('CronJob')).toContain('"suspend":true');
    expect(text).toContain('"external-dns.alpha.kubernetes.io/hostname":"shop.pr-35.preview.acme.dev"');
    expect(text).toContain('"external-dns.kubernetes.io/hostname":"shop-www.pr-35.preview.acme.dev"');
    expect(find('Service')).toContain('"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]');
    expect(find('TLSRoute')).toContain('["shop-api.pr-35.preview.acme.dev"]');
  });

  test('is in the namespace of the preview alone, whatever namespaces it names', async () => {
    await using copy = await greedy();
    await copy.apply((await open(copy)).change);
    const objects = await copy.build('previews/pr-35');
    const spaces = objects.map(({ kind, metadata }) => [
      kind,
      valuesAt(metadata, 'name'),
      valuesAt(metadata, 'namespace'),
    ]);
    expect([...new Set(spaces.map(([kind, name, namespace]) => (kind === 'Namespace' ? name : namespace)))]).toEqual([
      'pr-35',
    ]);
  });

  test('is built where previews are confined, with what it stands on beside its object', async () => {
    await using copy = await greedy();
    const bounds = boundsOf(previewPolicy(readPolicy(POLICY)), { own: undefined, guests: [] });
    const root = flux.previews.confinedObject('previews/clusters/staging', CLUSTER, bounds);
    await copy.write([['clusters/staging/previews/ostack-previews.yaml', root]]);
    await copy.apply((await open(copy)).change);
    // The role of previews has no Rollouts, and nobody gives away what he does not have.
    const confined = KINDS.filter((kind) => !['Rollout', 'Role', 'RoleBinding'].includes(kind));
    const built = await copy.build('previews/pr-35');
    expect(built.map(({ kind }) => kind).sort()).toEqual(confined);
    // One object that the cluster refuses would keep all others from being deployed.
    const policies = policiesIn(root);
    for (const object of built) {
      const [kind, group] = [String(object.kind), String(object.apiVersion).replace(/\/?v[0-9a-z]+$/, '')];
      const said = refusals(policies, { group, resource: resourceOf(kind), namespace: 'pr-35', object });
      expect([kind, said]).toEqual([kind, []]);
    }
    const kustomization = 'resources: [pr-35.yaml, ostack-previews.yaml]\n';
    await copy.write([
      ['previews/clusters/staging/kustomization.yaml', kustomization],
      ['clusters/staging/previews/kustomization.yaml', 'resources: [ostack-previews.yaml]\n'],
    ]);
    const beside = await copy.build('previews/clusters/staging');
    const spaces = beside.map(({ kind, metadata }) =>
      `${kind} ${String(valuesAt(metadata, 'namespace') ?? '')}`.trim(),
    );
    expect(spaces.sort()).toEqual([
      ...['ConfigMap flux-system', 'Kustomization flux-system', 'LimitRange pr-35', 'Namespace', 'NetworkPolicy pr-35'],
      ...['ResourceQuota pr-35', 'RoleBinding pr-35', 'ServiceAccount flux-system'],
    ]);
    expect(await copy.build('clusters/staging/previews')).toHaveLength(36);
  });

  test('is without it where its files are in another repository, too, as far as kinds tell', async () => {
    await using copy = await greedy();
    const base = 'resources: [all.yaml]\n';
    const { objects } = await readObjects(workTree(copy.root), 'bases/shop', base);
    const apps = [{ app: 'shop', objects: objects.slice(0, 0), isOpen: true, isPrepared: false }];
    const context = { policy: previewPolicy(readPolicy(POLICY)), defined: new Map() };
    const patches = adaptApps('pr-35', apps, context).get('shop')?.patches;
    await copy.write([
      ['previews/x/kustomization.yaml', toYaml({ namespace: 'pr-35', resources: ['../../bases/shop'], patches })],
    ]);
    const built = await copy.build('previews/x');
    expect(built.map(({ kind }) => kind).sort()).toEqual([
      ...['CronJob', 'DaemonSet', 'Deployment', 'PersistentVolumeClaim', 'Role', 'RoleBinding', 'Rollout', 'Service'],
      ...['Service', 'Service', 'StatefulSet', 'Tenant'],
    ]);
    const text = JSON.stringify(built);
    expect(text).not.toMatch(
      /hostNetwork|hostPID|nodeName|priorityClassName|externalIPs|"volumeName":"disk-1"|NodePort|LoadBalancer|[eE]xternalName/,
    );
    expect(text).toContain('"suspend":true');
    expect(text.match(/"external-dns\.kubernetes\.io\/controller":"none"/g)).toHaveLength(3);
  });
});
