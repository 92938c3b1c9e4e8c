import { describe, expect, test } from '@jest/globals';
import { layerNode } from '../../../src/ops/kustomize/layers/layer-node.js';
import { objectsOf } from '../../../src/ops/kustomize/layers/layer-object.js';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { objectsIn } from '../../../src/ops/reconcilers/objects.js';
import type { PreviewCluster } from '../../../src/ops/reconcilers/reconciler.js';
import { readValues, type YamlValue } from '../../../src/ops/yaml/values.js';

const BOUNDS = {
  namespaces: previewNamespaces(['growth']),
  podSecurity: ['restricted'],
  network: { ingress: ['ingress-nginx', 'traefik'], egress: ['10.20.0.0/16'] },
  quota: { 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '50' },
  hosts: undefined,
};
const GROUND = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: pr-35 }\n';

function clusterOf(...texts: string[]): PreviewCluster {
  return {
    ...{ environment: 'staging', branch: 'ostack/previews', repositoryUrl: 'https://github.com/acme/ops' },
    objects: texts.flatMap((text) => objectsIn(text, 'clusters/staging/a.yaml')).map(({ object }) => object),
  };
}

const SOURCE = {
  ...{ name: 'pr-35', folder: 'previews/pr-35', labels: { a: 'b' }, annotations: {} },
  ground: GROUND,
};

/** A plain value of YAML. */
function plain(value: YamlValue | undefined): unknown {
  switch (value?.kind) {
    case 'map':
      return Object.fromEntries([...value.entries].map(([key, inner]) => [key, plain(inner)]));
    case 'list':
      return value.items.map(plain);
    default:
      return value?.text;
  }
}

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

interface Rendered {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
  roleRef?: { name: string };
  subjects?: { name: string; namespace: string }[];
  spec?: Record<string, unknown>;
}

function rendered(text: string): Rendered[] {
  return JSON.parse(JSON.stringify(readValues(text, 'x.yaml').map(plain)));
}

/** What RBAC lets an account do, by the roles and bindings among objects. */
function mayCreate(
  objects: readonly Rendered[],
  account: string,
  namespace: string,
  group: string,
  resource: string,
): boolean {
  const bindings = objects.filter(
    ({ kind, metadata, subjects = [] }) =>
      (kind === 'ClusterRoleBinding' || (kind === 'RoleBinding' && metadata.namespace === namespace)) &&
      subjects.some((each) => `${each.namespace}/${each.name}` === account),
  );
  const roles = bindings.map(({ roleRef }) =>
    objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === roleRef?.name),
  );
  return roles.some((role) =>
    role?.rules?.some(
      ({ apiGroups, resources, verbs }) =>
        apiGroups.includes(group) && resources.includes(resource) && verbs.includes('create'),
    ),
  );
}

/** A Kustomization of the branch of previews that acts as Flux. */
const TAKEN = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: NAME, namespace: flux-system }
spec: { path: ./previews/pr-7, sourceRef: { kind: GitRepository, name: ostack-previews } }
`;

describe('what Flux deploys of a preview', () => {
  test.each(['pr-7', 'growth-pr-7'])(
    'is confined also while one that moved over from the deployed branch, and is none of that, is there: %s',
    (name) => {
      expect(flux.previews.confinement(clusterOf(TAKEN.replace('NAME', name), root))).toBeDefined();
    },
  );

  const root = flux.previews.confinedObject('previews/clusters/staging', clusterOf(), BOUNDS);
  const cluster = clusterOf(root);
  const all = rendered(
    `${root}---\n${flux.previewObject(SOURCE, cluster)}---\n${flux.previewObject({ ...SOURCE, name: 'pr-36' }, cluster)}`,
  );
  const account = 'flux-system/pr-35';

  test('is deployed by an account of its own', () => {
    const own = all.find(({ kind, metadata }) => kind === 'Kustomization' && metadata.name === 'pr-35');
    expect(own?.spec).toMatchObject({ serviceAccountName: 'pr-35', path: './previews/pr-35' });
    expect(all.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata)).toMatchObject([
      { name: 'ostack-previews', namespace: 'flux-system' },
      { name: 'pr-35', namespace: 'flux-system' },
      { name: 'pr-36', namespace: 'flux-system' },
    ]);
  });

  test('may be in its namespace', () => {
    expect(mayCreate(all, account, 'pr-35', 'apps', 'deployments')).toBe(true);
    expect(mayCreate(all, account, 'pr-35', '', 'secrets')).toBe(true);
    expect(mayCreate(all, account, 'pr-35', 'networking.k8s.io', 'ingresses')).toBe(true);
  });

  test.each([
    ['in production', 'production', 'apps', 'deployments'],
    ['beside Flux itself', 'flux-system', 'apps', 'deployments'],
    ['in another preview', 'pr-36', '', 'configmaps'],
    ['of the whole cluster', '', 'rbac.authorization.k8s.io', 'clusterrolebindings'],
    ['a namespace', '', '', 'namespaces'],
    ['an object by which Flux deploys elsewhere', 'pr-35', 'kustomize.toolkit.fluxcd.io', 'kustomizations'],
    ['a release by which Flux deploys elsewhere', 'pr-35', 'helm.toolkit.fluxcd.io', 'helmreleases'],
    ['a policy that opens its network', 'pr-35', 'networking.k8s.io', 'networkpolicies'],
    ['more of the cluster than its quota', 'pr-35', '', 'resourcequotas'],
  ])('may be nothing %s', (_what, namespace, group, resource) => {
    expect(mayCreate(all, account, namespace, group, resource)).toBe(false);
  });

  test('may be nothing of a role that Flux adds its own objects to', () => {
    const names = all.flatMap(({ kind, roleRef }) => (kind.endsWith('Binding') ? [roleRef?.name] : []));
    expect(new Set(names.filter((name) => name !== undefined))).toEqual(new Set(['ostack-previews', 'ostack-preview']));
  });

  test('is bounded for whoever writes the branch, too: by who asks, for which namespace', () => {
    const policy = all.find(
      ({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === 'ostack-previews',
    );
    const text = JSON.stringify(policy);
    expect(text).toContain("request.userInfo.username == 'system:serviceaccount:flux-system:ostack-previews'");
    expect(text).toContain("request.namespace.matches('^(?:(?:growth)-)?(?:pr-");
    expect(text).toContain('object.spec.serviceAccountName == request.name');
    const taken = all.find(({ kind, metadata }) => kind === 'Kustomization' && metadata.name === 'ostack-previews');
    expect(taken?.spec).toMatchObject({ serviceAccountName: 'ostack-previews', path: './previews/clusters/staging' });
  });

  test('is known to be confined, and what it may not have', () => {
    const confinement = flux.previews.confinement(cluster);
    expect(confinement?.isGroundBeside).toBe(true);
    for (const [group, kind] of [
      ['apps', 'Deployment'],
      ['', 'Service'],
      ['', 'PersistentVolumeClaim'],
      ['networking.k8s.io', 'Ingress'],
      ['rbac.authorization.k8s.io', 'Role'],
    ] as const) {
      expect([kind, confinement?.forbidden(group, kind)]).toEqual([kind, undefined]);
    }
    expect(confinement?.forbidden('', 'Endpoints')).toContain('Add its group "" there');
    expect(confinement?.forbidden('external-secrets.io', 'ExternalSecret')).toBe(
      'the ClusterRole ostack-preview does not let previews have it. Add its group "external-secrets.io" there, where that may be',
    );
  });

  test('gives no more than it has itself, by a Role of its own: Flux would deploy nothing of it', () => {
    const { own, excess } = flux.previews.confinement(cluster) ?? {};
    expect(own).toEqual([{ kind: 'RoleBinding', name: 'ostack-preview' }]);
    const said = (kind: string, body: string) => {
      const text = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: web }\n${body}\n`;
      const objects = objectsIn(text, 'a.yaml').flatMap(({ object }) =>
        objectsOf(layerNode(object, { file: 'a.yaml', line: 1 }), 'a.yaml'),
      );
      return objects.map((object) => excess?.(object))[0];
    };
    const rule = (group: string, resource: string, verb: string) =>
      `rules: [{ apiGroups: ["${group}"], resources: [${resource}], verbs: ["${verb}"] }]`;
    expect(said('Role', rule('', 'configmaps, secrets', 'list'))).toBeUndefined();
    expect(said('Role', rule('apps', 'deployments', 'patch'))).toBeUndefined();
    expect(said('Role', 'rules: []')).toBeUndefined();
    expect(said('Role', rule('', 'pods, pods/exec', 'create'))).toBe(
      'it gives more than a preview has: create of pods/exec in the group ""',
    );
    expect(said('Role', rule('', 'configmaps', '*'))).toContain('* of configmaps');
    expect(said('Role', rule('*', 'configmaps', 'get'))).toContain('in the group "*"');
    expect(said('Role', rule('coordination.k8s.io', 'leases', 'get'))).toContain('get of leases');
    expect(said('RoleBinding', 'roleRef: { kind: Role, name: web }')).toBeUndefined();
    expect(said('RoleBinding', 'roleRef: { kind: ClusterRole, name: view }')).toBe(
      'it gives what the ClusterRole view has, and a preview can give only what a Role of its own says',
    );
  });

  test('may bind a Role of its own before Flux has made it', () => {
    const role = all.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'ostack-preview');
    expect(role?.rules?.filter(({ verbs }) => verbs.includes('bind'))).toEqual([
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['bind'] },
    ]);
  });

  test.each([
    ['nothing points to the branch', clusterOf()],
    [
      'its objects are taken with all rights',
      clusterOf(flux.previews.object('previews/clusters/staging', clusterOf())),
    ],
    ['the role of previews is missing', clusterOf(root.replaceAll('name: ostack-preview\n', 'name: other\n'))],
    ['the account is missing', clusterOf(root.replace('  serviceAccountName: ostack-previews\n', ''))],
    [
      'the account is another, which nothing bounds',
      clusterOf(root.replace('serviceAccountName: ostack-previews\n', 'serviceAccountName: flux-admin\n')),
    ],
    ['something else of the branch is taken with all rights', clusterOf(root, TAKEN.replace('NAME', 'more'))],
    ['that is found first', clusterOf(TAKEN.replace('NAME', 'more'), root)],
  ])('is known to be open where %s', (_why, open) => {
    expect(flux.previews.confinement(open)).toBeUndefined();
  });
});

test.each([
  ['Flux', flux],
  ['Argo CD', argocd],
])('what a cluster refuses it refuses, and does not only warn of it: %s', (_name, reconciler) => {
  const all = rendered(reconciler.previews.confinedObject('previews/clusters/staging', clusterOf(), BOUNDS));
  const names = (wanted: string) => all.flatMap(({ kind, metadata }) => (kind === wanted ? [metadata.name] : []));
  expect(names('ValidatingAdmissionPolicyBinding')).toEqual(names('ValidatingAdmissionPolicy'));
  const bindings = all.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
  expect(bindings.map(({ spec }) => spec)).toMatchObject(
    bindings.map(({ metadata }) => ({ policyName: metadata.name, validationActions: ['Deny'] })),
  );
});

describe('what Argo CD deploys of a preview', () => {
  const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argo }
spec: { project: acme, source: { repoURL: https://github.com/acme/ops, path: a }, destination: { name: staging-cluster } }
`;
  const root = argocd.previews.confinedObject('previews/clusters/staging', clusterOf(application), BOUNDS);
  const cluster = clusterOf(application, root);
  const all = rendered(root);
  const project = (name: string) =>
    all.find(({ kind, metadata }) => kind === 'AppProject' && metadata.name === name)?.spec;
  const fits = (glob: string, name: string) => new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(name);

  test('is of the project of previews, like its namespace', () => {
    const own = rendered(argocd.previewObject({ ...SOURCE, ground: undefined }, cluster));
    expect(own[0]?.spec).toMatchObject({
      project: 'ostack-previews',
      destination: { name: 'staging-cluster', namespace: 'pr-35' },
    });
    expect(argocd.previews.confinement(cluster)?.isGroundBeside).toBe(false);
  });

  test.each([
    ['pr-35', true],
    ['growth-pr-35', true],
    ['run-12-2', true],
    ['production', false],
    ['kube-system', false],
    ['argo', false],
    ['pr-tools', false],
  ])('may go to a namespace of previews alone, and be that: %s', (namespace, expected) => {
    const { destinations, clusterResourceWhitelist } = JSON.parse(JSON.stringify(project('ostack-previews')));
    expect(destinations.some((each: { namespace: string }) => fits(each.namespace, namespace))).toBe(expected);
    expect(clusterResourceWhitelist.some((each: { name: string }) => fits(each.name, namespace))).toBe(expected);
    expect(destinations.every((each: { name: string }) => each.name === 'staging-cluster')).toBe(true);
  });

  test.each([
    ['rbac.authorization.k8s.io', 'Role'],
    ['rbac.authorization.k8s.io', 'RoleBinding'],
    ['', 'Endpoints'],
    ['discovery.k8s.io', 'EndpointSlice'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
    ['fluxcd.controlplane.io', 'ResourceSet'],
    ['helm.cattle.io', 'HelmChart'],
  ])('has nothing that Argo CD would give it with all its own rights: %s %s', (group, kind) => {
    expect(argocd.previews.confinement(cluster)?.forbidden(group, kind)).toBe(
      'the AppProject ostack-previews does not let previews have it, which Argo CD would make with all its own rights',
    );
  });

  test.each([
    ['', 'Service'],
    ['apps', 'Deployment'],
    ['networking.k8s.io', 'NetworkPolicy'],
    ['networking.k8s.io', 'Ingress'],
  ])('has what reaches no further than its namespace: %s %s', (group, kind) => {
    expect(argocd.previews.confinement(cluster)?.forbidden(group, kind)).toBeUndefined();
  });

  test.each([
    ['external-secrets.io', 'ExternalSecret'],
    ['cilium.io', 'CiliumLocalRedirectPolicy'],
    ['networking.istio.io', 'ServiceEntry'],
  ])('has nothing else until somebody lets it: %s %s', (group, kind) => {
    expect(argocd.previews.confinement(cluster)?.forbidden(group, kind)).toBe(
      `the AppProject ostack-previews does not let previews have it. Add it there (group: "${group}", kind: ${kind}), where that may be`,
    );
    const older = clusterOf(application, root.replace('namespaceResourceWhitelist', 'other'));
    expect(argocd.previews.confinement(older)?.forbidden(group, kind)).toBeUndefined();
  });

  test('is bounded for whoever writes the branch, too', () => {
    expect(project('ostack-previews-root')).toMatchObject({
      destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'argo' }],
      namespaceResourceWhitelist: [
        { group: 'argoproj.io', kind: 'Application' },
        { group: '', kind: 'ConfigMap' },
      ],
    });
    const text = JSON.stringify(all.find(({ kind }) => kind === 'ValidatingAdmissionPolicy'));
    expect(text).toContain("object.spec.project == 'ostack-previews'");
    expect(all.find(({ kind }) => kind === 'Application')?.spec).toMatchObject({ project: 'ostack-previews-root' });
  });

  test.each([
    ['there is no project of previews', clusterOf(application)],
    [
      'its destinations are all namespaces',
      clusterOf(application, root.replaceAll('namespace: pr-[0-9]*', 'namespace: "*"')),
    ],
    [
      'it says none',
      clusterOf(
        application,
        'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: ostack-previews }\n',
      ),
    ],
  ])('is known to be open where %s', (_why, open) => {
    expect(argocd.previews.confinement(open)).toBeUndefined();
    const [own] = rendered(argocd.previewObject(SOURCE, open));
    expect(own?.spec).toMatchObject({ project: 'acme' });
  });
});
