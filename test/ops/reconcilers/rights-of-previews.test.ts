import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { objectsIn } from '../../../src/ops/reconcilers/objects.js';
import { CLUSTER } from '../../support/preview-cluster.js';

const BOUNDS = {
  ...{ namespaces: previewNamespaces([]), podSecurity: ['restricted'], hosts: undefined },
  ...{ network: undefined, quota: undefined },
};
const [FLUX = '', ARGOCD = ''] = [flux, argocd].map((reconciler) =>
  reconciler.previews.confinedObject('previews/clusters/staging', CLUSTER, BOUNDS),
);

interface Role {
  kind: string;
  metadata: { name: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }[];
  aggregationRule?: object;
}

const ROLES: Role[] = parseAllDocuments(FLUX)
  .map((document) => document.toJS())
  .filter(({ kind }) => kind === 'ClusterRole');

/** Whether RBAC lets a role do it, by its rules with `*` for all. */
function may(role: string, group: string, resource: string, verb: string): boolean {
  const has = (list: readonly string[], one: string) => list.includes('*') || list.includes(one);
  const rules = ROLES.find(({ metadata }) => metadata.name === role)?.rules ?? [];
  const [, subresource] = resource.split('/');
  return rules.some(
    ({ apiGroups, resources, verbs }) =>
      has(apiGroups, group) &&
      (has(resources, resource) || (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
      has(verbs, verb),
  );
}

describe.each(['ostack-preview', 'ostack-previews'])('the role %s', (role) => {
  test.each([
    ['go into a container', '', 'pods/exec', 'create'],
    ['attach to one', '', 'pods/attach', 'create'],
    ['open a port of one', '', 'pods/portforward', 'create'],
    ['ask through the API server', '', 'pods/proxy', 'get'],
    ['ask Services through it', '', 'services/proxy', 'create'],
    ['ask machines through it', '', 'nodes/proxy', 'get'],
    ['add a container to a pod that runs', '', 'pods/ephemeralcontainers', 'patch'],
    ['change what a pod has while it runs', '', 'pods/resize', 'patch'],
    ['say which machine a pod goes to', '', 'pods/binding', 'create'],
    ['say it of any', '', 'bindings', 'create'],
    ['end pods past their budget', '', 'pods/eviction', 'create'],
    ['say that a pod is ready', '', 'pods/status', 'patch'],
    ['say at which address a Service is', '', 'services/status', 'patch'],
    ['say at which address an Ingress is', 'networking.k8s.io', 'ingresses/status', 'patch'],
    ['say at which address a Gateway is', 'gateway.networking.k8s.io', 'gateways/status', 'patch'],
    ['end a namespace before its objects', '', 'namespaces/finalize', 'update'],
    ['get tokens of accounts', '', 'serviceaccounts/token', 'create'],
    ['be an account', '', 'serviceaccounts', 'impersonate'],
    ['be anybody', '', 'users', 'impersonate'],
    ['be of any group', '', 'groups', 'impersonate'],
    ['give more than it has', 'rbac.authorization.k8s.io', 'roles', 'escalate'],
    ['give more than it has in the cluster', 'rbac.authorization.k8s.io', 'clusterroles', 'escalate'],
    ['make roles of the cluster', 'rbac.authorization.k8s.io', 'clusterroles', 'create'],
    ['give them', 'rbac.authorization.k8s.io', 'clusterrolebindings', 'create'],
    ['sign certificates', 'certificates.k8s.io', 'certificatesigningrequests/approval', 'update'],
    ['ask an issuer past a Certificate', 'cert-manager.io', 'certificaterequests', 'create'],
    ['send requests to the API server elsewhere', 'apiregistration.k8s.io', 'apiservices', 'create'],
    ['hear what is asked', 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'create'],
    ['take away what refuses', 'admissionregistration.k8s.io', 'validatingadmissionpolicies', 'delete'],
    ['take it out of force', 'admissionregistration.k8s.io', 'validatingadmissionpolicybindings', 'delete'],
    ['define kinds', 'apiextensions.k8s.io', 'customresourcedefinitions', 'create'],
    ['be where a Service leads', '', 'endpoints', 'create'],
    ['be where it leads, in slices', 'discovery.k8s.io', 'endpointslices', 'create'],
    ['take a picture of a volume by its name', 'snapshot.storage.k8s.io', 'volumesnapshots', 'create'],
    ['claim devices', 'resource.k8s.io', 'resourceclaims', 'create'],
    ['be the leader of controllers', 'coordination.k8s.io', 'leases', 'update'],
    ['open what others let in', 'gateway.networking.k8s.io', 'referencegrants', 'create'],
    ['write images to git', 'image.toolkit.fluxcd.io', 'imageupdateautomations', 'create'],
    ['have others start Flux', 'notification.toolkit.fluxcd.io', 'receivers', 'create'],
    ['tell others with secrets', 'notification.toolkit.fluxcd.io', 'providers', 'create'],
    ['take another source', 'source.toolkit.fluxcd.io', 'gitrepositories', 'create'],
    ['deploy charts', 'helm.toolkit.fluxcd.io', 'helmreleases', 'create'],
    ['deploy with Argo CD', 'argoproj.io', 'applications', 'create'],
  ])('lets nobody %s', (_what, group, resource, verb) => {
    expect(may(role, group, resource, verb)).toBe(false);
  });

  test('has nothing by the name of all, takes in no other role, and is taken in by none', () => {
    const own = ROLES.find(({ metadata }) => metadata.name === role);
    const listed = (own?.rules ?? []).flatMap(({ apiGroups, resources, verbs }) => [
      ...apiGroups,
      ...resources,
      ...verbs,
    ]);
    expect(listed.filter((each) => each.includes('*'))).toEqual([]);
    expect(own?.aggregationRule).toBeUndefined();
    expect(own?.metadata).toEqual({ name: role });
  });
});

test('the role of previews is what they are made of, and gives no role of the cluster', () => {
  expect(may('ostack-preview', 'apps', 'deployments', 'patch')).toBe(true);
  expect(may('ostack-preview', 'rbac.authorization.k8s.io', 'roles', 'bind')).toBe(true);
  expect(may('ostack-preview', 'rbac.authorization.k8s.io', 'clusterroles', 'bind')).toBe(false);
  const binds = ROLES.flatMap(({ rules }) => rules).filter(({ verbs }) => verbs.includes('bind'));
  expect(binds.map(({ resources, resourceNames }) => [resources, resourceNames])).toEqual([
    [['roles'], undefined],
    [['clusterroles'], ['ostack-preview']],
  ]);
});

test.each([
  ['', 'Binding'],
  ['', 'Endpoints'],
  ['argoproj.io', 'Application'],
  ['argoproj.io', 'ApplicationSet'],
  ['argoproj.io', 'AppProject'],
  ['cert-manager.io', 'CertificateRequest'],
  ['cilium.io', 'CiliumNetworkPolicy'],
  ['coordination.k8s.io', 'Lease'],
  ['discovery.k8s.io', 'EndpointSlice'],
  ['gateway.networking.k8s.io', 'ReferenceGrant'],
  ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ['image.toolkit.fluxcd.io', 'ImageUpdateAutomation'],
  ['notification.toolkit.fluxcd.io', 'Receiver'],
  ['rbac.authorization.k8s.io', 'RoleBinding'],
  ['resource.k8s.io', 'ResourceClaim'],
  ['snapshot.storage.k8s.io', 'VolumeSnapshot'],
])('neither does the project of previews let in %s %s', (group, kind) => {
  const objects = objectsIn(ARGOCD, 'a.yaml').map(({ object }) => object);
  const confinement = argocd.previews.confinement({ ...CLUSTER, objects });
  expect(confinement).toBeDefined();
  expect(confinement?.forbidden(group, kind)).toBeDefined();
});
