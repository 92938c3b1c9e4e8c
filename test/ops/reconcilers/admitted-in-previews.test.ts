import { describe, expect, test } from '@jest/globals';
import { hostPattern } from '../../../src/ops/preview-records/address.js';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import type { PreviewBounds } from '../../../src/ops/reconcilers/reconciler.js';
import { type AdmissionRequest, type Policy, policiesIn, refusals } from '../../support/admission.js';

const CLUSTER = {
  ...{ environment: 'staging', branch: 'ostack/previews', objects: [] },
  repositoryUrl: 'https://github.com/acme/ops',
};
const BOUNDS: PreviewBounds = {
  namespaces: previewNamespaces(['growth']),
  podSecurity: ['restricted', 'baseline'],
  hasNetwork: true,
  hosts: hostPattern('https://{app}.{name}.preview.acme.dev'),
};
const ENFORCE = 'pod-security.kubernetes.io/enforce';

function policiesOf(bounds: Partial<PreviewBounds> = {}, reconciler: typeof flux | typeof argocd = flux): Policy[] {
  return policiesIn(reconciler.previews.confinedObject('previews/clusters/staging', CLUSTER, { ...BOUNDS, ...bounds }));
}

const FLUX = policiesOf();
const ARGOCD = policiesOf({}, argocd);

test('what previews are kept from is the same with Flux and with Argo CD', () => {
  const shared = (policies: Policy[]) =>
    policies.filter(({ metadata }) => metadata.name.startsWith('ostack-previews-'));
  expect(shared(ARGOCD)).toEqual(shared(FLUX));
  expect(shared(FLUX)).toHaveLength(7);
});

describe('a cluster', () => {
  const inPreview = (request: AdmissionRequest) => refusals(FLUX, { namespace: 'pr-35', ...request });

  const service = (spec: object, more: Partial<AdmissionRequest> = {}) =>
    inPreview({ resource: 'services', object: { metadata: {}, spec }, ...more });
  const PORTS = 'A Service of a preview takes no ports of all machines.';
  const ADDRESSES = 'A Service of a preview has no external addresses.';
  const ELSEWHERE =
    'A Service of a preview leads to its pods alone: a name of another host leads past its network policy.';

  test.each<[what: string, spec: object, expected: string[]]>([
    ['of pods', { selector: { app: 'web' } }, []],
    ['said to be of the cluster alone', { type: 'ClusterIP' }, []],
    ['without an address', { clusterIP: 'None', externalIPs: [] }, []],
    ['with ports of all machines', { type: 'NodePort' }, [PORTS]],
    ['that takes these for a load balancer', { type: 'LoadBalancer' }, [PORTS]],
    ['with addresses of others', { externalIPs: ['10.0.0.5'] }, [ADDRESSES]],
    ['that is another host', { type: 'ExternalName', externalName: 'db.production.svc' }, [ELSEWHERE]],
  ])('answers to a Service %s', (_what, spec, expected) => {
    expect(service(spec)).toEqual(expected);
    expect(service(spec, { namespace: 'production' })).toEqual([]);
    // What is there already goes on.
    expect(service(spec, { operation: 'UPDATE', oldObject: { metadata: {}, spec } })).toEqual([]);
  });

  test('lets a Gateway of the preview have the load balancer that its controller makes', () => {
    const owned = (apiVersion: string, kind: string, type: string) =>
      inPreview({
        resource: 'services',
        object: { metadata: { ownerReferences: [{ apiVersion, kind, name: 'web', uid: 'a' }] }, spec: { type } },
      });
    expect(owned('gateway.networking.k8s.io/v1', 'Gateway', 'LoadBalancer')).toEqual([]);
    expect(owned('gateway.networking.k8s.io/v1', 'Gateway', 'NodePort')).toEqual([PORTS]);
    expect(owned('networking.istio.io/v1', 'Gateway', 'LoadBalancer')).toEqual([PORTS]);
    expect(owned('gateway.networking.k8s.io/v1', 'HTTPRoute', 'LoadBalancer')).toEqual([PORTS]);
  });

  test('lets no Service become what it may not be', () => {
    const change = (before: object, spec: object) =>
      service(spec, { operation: 'UPDATE', oldObject: { metadata: {}, spec: before } });
    expect(change({ type: 'ExternalName', externalName: 'a' }, { type: 'ExternalName', externalName: 'b' })).toEqual([
      ELSEWHERE,
    ]);
    expect(change({ type: 'ClusterIP' }, { type: 'NodePort' })).toEqual([PORTS]);
    expect(change({ type: 'NodePort' }, { type: 'LoadBalancer' })).toEqual([]);
    expect(change({ externalIPs: ['10.0.0.5'] }, { externalIPs: ['10.0.0.6'] })).toEqual([ADDRESSES]);
  });

  const LEVEL = 'The namespace of a preview has the Pod Security level restricted or baseline.';
  const VERSION = 'The namespace of a preview has the newest version of its Pod Security level.';
  test.each<[what: string, labels: object | undefined, expected: string[]]>([
    ['of the level', { [ENFORCE]: 'restricted' }, []],
    ['of one that it may have, too', { [ENFORCE]: 'baseline' }, []],
    ['of more', { [ENFORCE]: 'privileged' }, [LEVEL]],
    ['of none', { a: 'b' }, [LEVEL]],
    ['without labels', undefined, [LEVEL]],
    ['as the level was once', { [ENFORCE]: 'restricted', [`${ENFORCE}-version`]: 'v1.0' }, [VERSION]],
    ['as the level is now', { [ENFORCE]: 'restricted', [`${ENFORCE}-version`]: 'latest' }, []],
  ])('answers to a namespace %s, whoever makes it', (_what, labels, expected) => {
    const metadata = { name: 'pr-35', ...(labels === undefined ? {} : { labels }) };
    const request = { resource: 'namespaces', name: 'pr-35' };
    expect(refusals(FLUX, { ...request, object: { metadata } })).toEqual(expected);
    expect(refusals(FLUX, { ...request, name: 'web', object: { metadata: { ...metadata, name: 'web' } } })).toEqual([]);
    const update = { ...request, operation: 'UPDATE' as const };
    expect(refusals(FLUX, { ...update, object: { metadata }, oldObject: { metadata } })).toEqual([]);
    const before = { metadata: { name: 'pr-35', labels: { [ENFORCE]: 'restricted' } } };
    expect(refusals(FLUX, { ...update, object: { metadata }, oldObject: before })).toEqual(expected);
  });

  const HOSTS = 'A preview has hosts of previews alone.';
  test.each<[host: string | undefined, isOwn: boolean]>([
    ['shop.pr-35.preview.acme.dev', true],
    ['shop-api.pr-35.preview.acme.dev', true],
    ['*.shop.pr-35.preview.acme.dev', true],
    ['shop.pr-36.preview.acme.dev', false],
    ['shop.acme.dev', false],
    ['a.pr-35.preview.acme.dev.evil.dev', false],
    ['a.pr-35xpreview.acme.dev', false],
    [undefined, false],
  ])('answers to routes of a preview to %s', (host, isOwn) => {
    const expected = isOwn ? [] : [HOSTS];
    const route = (resource: string, group: string, spec: object) =>
      inPreview({ resource, group, object: { metadata: {}, spec } });
    const rules = [{ http: {}, ...(host === undefined ? {} : { host }) }];
    const named = host === undefined ? {} : { hostnames: [host] };
    expect(route('ingresses', 'networking.k8s.io', { rules })).toEqual(expected);
    for (const resource of ['httproutes', 'grpcroutes', 'tlsroutes']) {
      expect(route(resource, 'gateway.networking.k8s.io', named)).toEqual(expected);
    }
    if (host !== undefined) {
      const tls = { rules: [{ host: 'shop.pr-35.preview.acme.dev' }], tls: [{ hosts: [host] }, {}] };
      expect(route('ingresses', 'networking.k8s.io', tls)).toEqual(expected);
      const listeners = [{ name: 'own' }, { name: 'a', hostname: host }];
      expect(route('gateways', 'gateway.networking.k8s.io', { listeners })).toEqual(expected);
      expect(route('certificates', 'cert-manager.io', { dnsNames: [host] })).toEqual(expected);
      expect(route('certificates', 'cert-manager.io', { commonName: host })).toEqual(expected);
      const annotations = { 'external-dns.alpha.kubernetes.io/hostname': `shop.pr-35.preview.acme.dev,${host}` };
      expect(inPreview({ resource: 'services', object: { metadata: { annotations }, spec: {} } })).toEqual(expected);
    }
    expect(
      refusals(FLUX, {
        resource: 'ingresses',
        group: 'networking.k8s.io',
        namespace: 'shop',
        object: { metadata: {}, spec: { rules } },
      }),
    ).toEqual([]);
    const old = { metadata: {}, spec: { rules } };
    expect(
      inPreview({
        resource: 'ingresses',
        group: 'networking.k8s.io',
        operation: 'UPDATE',
        object: old,
        oldObject: old,
      }),
    ).toEqual([]);
  });

  test('takes no route of a preview that has the requests to every host', () => {
    const own = [{ host: 'shop.pr-35.preview.acme.dev' }];
    const ingress = (spec: object) =>
      inPreview({ resource: 'ingresses', group: 'networking.k8s.io', object: { metadata: {}, spec } });
    expect(ingress({ rules: own, defaultBackend: { service: { name: 'web' } } })).toEqual([HOSTS]);
    expect(ingress({})).toEqual([HOSTS]);
    expect(ingress({ rules: own })).toEqual([]);
  });

  test('takes a name in DNS that external-dns does not look at', () => {
    const annotations = {
      'external-dns.kubernetes.io/hostname': 'shop.acme.dev',
      'external-dns.kubernetes.io/controller': 'none',
    };
    const service = (all: object) =>
      inPreview({ resource: 'services', object: { metadata: { annotations: all }, spec: {} } });
    expect(service(annotations)).toEqual([]);
    expect(service({ ...annotations, 'external-dns.kubernetes.io/controller': 'dns-controller' })).toEqual([HOSTS]);
    expect(service({ ...annotations, 'external-dns.alpha.kubernetes.io/hostname': 'shop.acme.dev' })).toEqual([HOSTS]);
  });

  const REACH = 'An annotation in a preview reaches past its namespace.';
  test.each<[resource: string, group: string, annotation: string, expected: string[]]>([
    ['ingresses', 'networking.k8s.io', 'nginx.ingress.kubernetes.io/configuration-snippet', [REACH]],
    ['ingresses', 'networking.k8s.io', 'nginx.ingress.kubernetes.io/server-snippet', [REACH]],
    ['ingresses', 'networking.k8s.io', 'nginx.ingress.kubernetes.io/mirror-target', [REACH]],
    ['ingresses', 'networking.k8s.io', 'nginx.org/location-snippets', [REACH]],
    ['ingresses', 'networking.k8s.io', 'haproxy.org/backend-config-snippet', [REACH]],
    ['ingresses', 'networking.k8s.io', 'nginx.ingress.kubernetes.io/auth-url', []],
    ['secrets', '', 'replicator.v1.mittwald.de/replicate-to', [REACH]],
    ['configmaps', '', 'replicator.v1.mittwald.de/replicate-to-matching', [REACH]],
    ['secrets', '', 'replicator.v1.mittwald.de/replicate-from', []],
    ['pods', '', 'k8s.v1.cni.cncf.io/networks', [REACH]],
    ['pods', '', 'iam.amazonaws.com/role', [REACH]],
    ['pods', '', 'prometheus.io/scrape', []],
  ])('answers to %s %s with the annotation %s', (resource, group, annotation, expected) => {
    const spec = { rules: [{ host: 'shop.pr-35.preview.acme.dev' }], containers: [] };
    const object = { metadata: { annotations: { [annotation]: 'x' } }, spec };
    expect(inPreview({ resource, group, object })).toEqual(expected);
    expect(inPreview({ resource, group, object, operation: 'UPDATE', oldObject: object })).toEqual([]);
    expect(refusals(FLUX, { resource, group, object, namespace: 'shop' })).toEqual([]);
  });
});

test('a Service may be another host where the policy lets pods talk to anybody', () => {
  const object = { metadata: {}, spec: { type: 'ExternalName', externalName: 'db.acme.dev' } };
  expect(refusals(policiesOf({ hasNetwork: false }), { resource: 'services', namespace: 'pr-1', object })).toEqual([]);
});

test('there are no routes in previews that have no addresses', () => {
  const object = { metadata: {}, spec: { rules: [{ host: 'shop.acme.dev' }] } };
  const request = { resource: 'ingresses', group: 'networking.k8s.io', namespace: 'pr-1', object };
  expect(refusals(policiesOf({ hosts: undefined }), request)).toHaveLength(1);
});

describe('what writes the branch of previews with Flux', () => {
  const root = (request: AdmissionRequest) =>
    refusals(FLUX, { username: 'system:serviceaccount:flux-system:ostack-previews', ...request });
  const kustomization = (spec: object, more: Partial<AdmissionRequest> = {}) =>
    root({
      ...{ resource: 'kustomizations', group: 'kustomize.toolkit.fluxcd.io', name: 'pr-35', namespace: 'flux-system' },
      ...{ object: { metadata: {}, spec }, ...more },
    });
  const SPACES = 'The branch of previews writes to namespaces of previews only.';
  const GIVES = 'The branch of previews gives the role ostack-preview to the account of a preview, in its namespace.';
  const binding = (more: object): AdmissionRequest => ({
    ...{ resource: 'rolebindings', group: 'rbac.authorization.k8s.io', name: 'ostack-preview', namespace: 'pr-35' },
    object: {
      metadata: {},
      roleRef: { kind: 'ClusterRole', name: 'ostack-preview' },
      subjects: [{ kind: 'ServiceAccount', name: 'pr-35', namespace: 'flux-system' }],
      ...more,
    },
  });
  const OWN = 'In flux-system the branch of previews has accounts and Kustomizations of previews only.';
  const ACCOUNT =
    'The Kustomization of a preview acts as the account of the same name, in this cluster, without secrets.';

  test.each<[what: string, request: AdmissionRequest, expected: string[]]>([
    [
      'a namespace of others',
      { resource: 'namespaces', name: 'shop', object: { metadata: { name: 'shop' } } },
      ['The branch of previews makes namespaces of previews only.'],
    ],
    ['a binding in a preview', binding({}), []],
    [
      'a binding of another role there',
      binding({ roleRef: { kind: 'ClusterRole', name: 'ostack-previews' } }),
      [GIVES],
    ],
    ['a binding of a Role there', binding({ roleRef: { kind: 'Role', name: 'ostack-preview' } }), [GIVES]],
    [
      'a binding for another preview there',
      binding({ subjects: [{ kind: 'ServiceAccount', name: 'pr-36', namespace: 'flux-system' }] }),
      [GIVES],
    ],
    [
      'a binding for its pods',
      binding({ subjects: [{ kind: 'ServiceAccount', name: 'pr-35', namespace: 'pr-35' }] }),
      [GIVES],
    ],
    ['a binding for a person', binding({ subjects: [{ kind: 'User', name: 'pr-35' }] }), [GIVES]],
    ['the end of a binding', { ...binding({}), operation: 'DELETE', object: null, oldObject: {} }, []],
    ['a binding elsewhere', { ...binding({}), namespace: 'production' }, [SPACES, GIVES]],
    ['a binding of the cluster', { resource: 'clusterrolebindings', object: { metadata: {} } }, [SPACES]],
    [
      'the account of a preview',
      { resource: 'serviceaccounts', name: 'growth-pr-35', namespace: 'flux-system', object: { metadata: {} } },
      [],
    ],
    [
      'the account of Flux',
      { resource: 'serviceaccounts', name: 'kustomize-controller', namespace: 'flux-system', object: { metadata: {} } },
      [OWN],
    ],
    ['a binding beside Flux', { ...binding({}), name: 'pr-35', namespace: 'flux-system' }, [OWN, GIVES]],
    [
      'the list of objects',
      { resource: 'configmaps', name: 'ostack-previews', namespace: 'flux-system', object: { metadata: {} } },
      [],
    ],
  ])('may it write %s', (_what, request, expected) => {
    expect(root(request)).toEqual(expected);
    expect(
      refusals(FLUX, { ...request, username: 'an administrator' }).filter((each) => each.includes('branch')),
    ).toEqual([]);
  });

  test.each<[what: string, spec: object, old: object | undefined, expected: string[]]>([
    ['that acts as the account of the preview', { serviceAccountName: 'pr-35' }, undefined, []],
    ['that acts as Flux', {}, undefined, [ACCOUNT]],
    ['that acts as another', { serviceAccountName: 'ostack-previews' }, undefined, [ACCOUNT]],
    ['for another cluster', { serviceAccountName: 'pr-35', kubeConfig: {} }, undefined, [ACCOUNT]],
    ['with secrets', { serviceAccountName: 'pr-35', postBuild: {} }, undefined, [ACCOUNT]],
    ['that was there before', { path: 'a' }, { path: 'a' }, []],
    ['that was there before, and is another now', { path: 'b' }, { path: 'a' }, [ACCOUNT]],
    ['that is no longer confined', {}, { serviceAccountName: 'pr-35' }, [ACCOUNT]],
  ])('may it write a Kustomization %s', (_what, spec, old, expected) => {
    const more = old === undefined ? {} : { operation: 'UPDATE' as const, oldObject: { metadata: {}, spec: old } };
    expect(kustomization(spec, more)).toEqual(expected);
  });
});

describe('what writes the branch of previews with Argo CD', () => {
  const tracking = { 'argocd.argoproj.io/tracking-id': 'ostack-previews:argoproj.io/Application:argocd/pr-35' };
  const written = (resource: string, name: string, spec: object, old?: object) =>
    refusals(ARGOCD, {
      ...{ resource, group: 'argoproj.io', name, namespace: 'argocd' },
      object: { metadata: { annotations: tracking }, spec },
      ...(old === undefined ? {} : { operation: 'UPDATE' as const, oldObject: { metadata: {}, spec: old } }),
    });
  const ONLY = 'The branch of previews has Applications of previews only.';
  const PROJECT = 'The Application of a preview is of the project ostack-previews.';
  test.each<[resource: string, name: string, spec: object, old: object | undefined, expected: string[]]>([
    ['applications', 'pr-35', { project: 'ostack-previews' }, undefined, []],
    ['applications', 'pr-35', { project: 'default' }, undefined, [PROJECT]],
    ['applications', 'pr-35', { project: 'default' }, { project: 'default' }, []],
    ['applications', 'shop', { project: 'ostack-previews' }, undefined, [ONLY]],
    ['appprojects', 'default', {}, undefined, [ONLY]],
    ['configmaps', 'ostack-previews', {}, undefined, []],
    ['configmaps', 'argocd-cm', {}, undefined, [ONLY]],
  ])('may it write %s %s %j', (resource, name, spec, old, expected) => {
    expect(written(resource, name, spec, old)).toEqual(expected);
  });
});
