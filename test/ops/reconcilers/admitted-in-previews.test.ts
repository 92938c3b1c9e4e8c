import { describe, expect, test } from '@jest/globals';
import { hostPattern } from '../../../src/ops/preview-records/address.js';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import type { PreviewBounds } from '../../../src/ops/reconcilers/reconciler.js';
import { type AdmissionRequest, type Policy, policiesIn, refusals } from '../../support/admission.js';
import { CLUSTER } from '../../support/preview-cluster.js';

const BOUNDS: PreviewBounds = {
  namespaces: previewNamespaces(['growth']),
  podSecurity: ['restricted', 'baseline'],
  network: { ingress: ['ingress-nginx', 'traefik'], egress: ['10.20.0.0/16'] },
  quota: { 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '50' },
  hosts: hostPattern('https://{app}.{name}.preview.acme.dev'),
};
const ENFORCE = 'pod-security.kubernetes.io/enforce';

function policiesOf(bounds: Partial<PreviewBounds> = {}, reconciler: typeof flux | typeof argocd = flux): Policy[] {
  return policiesIn(reconciler.previews.confinedObject('previews/clusters/staging', CLUSTER, { ...BOUNDS, ...bounds }));
}

/** What a preview stands on, as every one does. */
const STOOD_ON = {
  NetworkPolicy: { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
  ResourceQuota: { spec: { hard: BOUNDS.quota } },
};
const FLUX = policiesOf();
const ARGOCD = policiesOf({}, argocd);

test('what previews are kept from is the same with Flux and with Argo CD', () => {
  // These know by whom the files of previews are applied.
  const own = ['ostack-previews-marks', 'ostack-previews-balancers', 'ostack-previews-spaces'];
  const shared = (policies: Policy[]) =>
    policies.filter(({ metadata: { name } }) => name.startsWith('ostack-previews-') && !own.includes(name));
  expect(shared(ARGOCD)).toEqual(shared(FLUX));
  expect(shared(FLUX)).toHaveLength(12);
});

describe('a cluster', () => {
  const inPreview = (request: AdmissionRequest) => refusals(FLUX, { namespace: 'pr-35', params: STOOD_ON, ...request });

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

  const BALANCER = 'A load balancer in a preview is made by the controller of its Gateway.';
  test.each<[username: string, policies: Policy[], isController: boolean]>([
    ['system:serviceaccount:istio-system:istiod', FLUX, true],
    ['system:serviceaccount:kube-system:cilium-operator', FLUX, true],
    ['system:serviceaccount:kube-system:cilium-operator', ARGOCD, true],
    ['system:serviceaccount:flux-system:pr-35', FLUX, false],
    ['system:serviceaccount:flux-system:kustomize-controller', FLUX, false],
    ['system:serviceaccount:pr-35:web', FLUX, false],
    ['system:serviceaccount:pr-35:web', ARGOCD, false],
    ['system:serviceaccount:argocd:argocd-application-controller', ARGOCD, false],
    ['system:serviceaccount:kube-system:argocd-manager', ARGOCD, false],
  ])('lets nobody have a load balancer by saying that it is of a Gateway: %s', (username, policies, isController) => {
    const ownerReferences = [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name: 'web', uid: 'a' }];
    const object = { metadata: { ownerReferences }, spec: { type: 'LoadBalancer' } };
    const request = { resource: 'services', namespace: 'pr-35', username, object };
    expect(refusals(policies, request)).toEqual(isController ? [] : [BALANCER]);
    expect(refusals(policies, { ...request, operation: 'UPDATE', oldObject: object })).toEqual([]);
    const plain = { metadata: { ownerReferences }, spec: { type: 'ClusterIP' } };
    expect(refusals(policies, { ...request, object: plain })).toEqual([]);
    expect(refusals(policies, { ...request, namespace: 'staging' })).toEqual([]);
  });

  test('lets no Service become what it may not be', () => {
    const change = (before: object, spec: object) =>
      service(spec, { operation: 'UPDATE', oldObject: { metadata: {}, spec: before } });
    expect(change({ type: 'ExternalName', externalName: 'a' }, { type: 'ExternalName', externalName: 'b' })).toEqual([
      ELSEWHERE,
    ]);
    const named = { externalName: 'db.production.svc' };
    expect(change({ type: 'ClusterIP', ...named }, { type: 'ExternalName', ...named })).toEqual([ELSEWHERE]);
    expect(change(named, { type: 'ExternalName', ...named })).toEqual([ELSEWHERE]);
    expect(change({ type: 'ClusterIP' }, { type: 'NodePort' })).toEqual([PORTS]);
    expect(change({ type: 'NodePort' }, { type: 'LoadBalancer' })).toEqual([]);
    expect(change({ externalIPs: ['10.0.0.5'] }, { externalIPs: ['10.0.0.6'] })).toEqual([ADDRESSES]);
  });

  const OURS = { 'preview.ostack.dev/name': 'pr-35' };
  const UNNAMED = 'The namespace of a preview has its name as the label preview.ostack.dev/name.';
  const LEVEL = 'The namespace of a preview has the Pod Security level restricted or baseline.';
  const VERSION = 'The namespace of a preview has the newest version of its Pod Security level.';
  test.each<[what: string, labels: object | undefined, expected: string[]]>([
    ['of the level', { ...OURS, [ENFORCE]: 'restricted' }, []],
    ['of one that it may have, too', { ...OURS, [ENFORCE]: 'baseline' }, []],
    ['of more', { ...OURS, [ENFORCE]: 'privileged' }, [LEVEL]],
    ['of none', { a: 'b' }, [LEVEL]],
    ['without labels', undefined, [LEVEL]],
    ['as the level was once', { ...OURS, [ENFORCE]: 'restricted', [`${ENFORCE}-version`]: 'v1.0' }, [VERSION]],
    ['as the level is now', { ...OURS, [ENFORCE]: 'restricted', [`${ENFORCE}-version`]: 'latest' }, []],
  ])('answers to a namespace %s, whoever makes it', (_what, labels, expected) => {
    const metadata = { name: 'pr-35', ...(labels === undefined ? {} : { labels }) };
    const named = labels === undefined || 'a' in labels ? [UNNAMED] : [];
    const request = { resource: 'namespaces', name: 'pr-35' };
    expect(refusals(FLUX, { ...request, object: { metadata } })).toEqual([...expected, ...named]);
    expect(refusals(FLUX, { ...request, name: 'web', object: { metadata: { ...metadata, name: 'web' } } })).toEqual([]);
    const update = { ...request, operation: 'UPDATE' as const };
    expect(refusals(FLUX, { ...update, object: { metadata }, oldObject: { metadata } })).toEqual([]);
    const before = { metadata: { name: 'pr-35', labels: { ...OURS, [ENFORCE]: 'restricted' } } };
    expect(refusals(FLUX, { ...update, object: { metadata }, oldObject: before })).toEqual([...expected, ...named]);
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

  test.each<[spec: object, isTaken: boolean]>([
    [{ dnsNames: ['shop.pr-35.preview.acme.dev'] }, true],
    [{ uris: ['spiffe://acme/production'] }, false],
    [{ literalSubject: 'CN=postgres' }, false],
    [{ isCA: true }, false],
    [{ subject: { organizations: ['system:masters'] } }, false],
    [{ commonName: 'postgres' }, false],
  ])('of an issuer of the whole cluster a preview has certificates of its hosts alone: %j', (more, isTaken) => {
    const certificate = (kind?: string) =>
      inPreview({
        ...{ resource: 'certificates', group: 'cert-manager.io' },
        object: { metadata: {}, spec: { ...more, issuerRef: { name: 'ca', ...(kind === undefined ? {} : { kind }) } } },
      });
    expect(certificate('ClusterIssuer')).toEqual(isTaken ? [] : [HOSTS]);
    expect([certificate(), certificate('Issuer')]).toEqual([[], []]);
  });

  test.each([
    ['nginx.ingress.kubernetes.io/server-alias', 'shop.acme.dev', false],
    ['nginx.ingress.kubernetes.io/server-alias', 'a.pr-35.preview.acme.dev', true],
    ['konghq.com/host-aliases', 'a.pr-35.preview.acme.dev, shop.acme.dev', false],
    ['external-dns.alpha.kubernetes.io/internal-hostname', 'shop.acme.dev', false],
  ])('takes no host by an annotation: %s of %s', (key, value, isOwn) => {
    const object = {
      metadata: { annotations: { [key]: value } },
      spec: { rules: [{ host: 'a.pr-35.preview.acme.dev' }] },
    };
    const ingress = { resource: 'ingresses', group: 'networking.k8s.io', object };
    expect(inPreview(ingress)).toEqual(isOwn ? [] : [HOSTS]);
    expect(inPreview({ ...ingress, operation: 'UPDATE', oldObject: object })).toEqual([]);
  });

  test.each([
    ['shop.acme.dev', false],
    ['a.pr-35.preview.acme.dev', true],
  ])('takes no host by an annotation of a pod: %s', (host, isOwn) => {
    const annotations = { 'external-dns.kubernetes.io/internal-hostname': host };
    const pod = { metadata: { annotations }, spec: { containers: [] } };
    expect(inPreview({ resource: 'pods', object: pod })).toEqual(isOwn ? [] : [HOSTS]);
  });

  test('takes no Gateway at an address that it names', () => {
    const gateway = (spec: object) =>
      inPreview({ resource: 'gateways', group: 'gateway.networking.k8s.io', object: { metadata: {}, spec } });
    expect(gateway({ listeners: [], addresses: [{ value: 'ingress.istio-system.svc' }] })).toEqual([HOSTS]);
    expect(gateway({ listeners: [], addresses: [] })).toEqual([]);
  });

  test.each<[infrastructure: object, expected: string[]]>([
    [{ annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'shop.acme.dev' } }, [HOSTS]],
    [{ labels: { 'control-plane': 'envoy-gateway' } }, [HOSTS]],
    [{ parametersRef: { group: '', kind: 'ConfigMap', name: 'own' } }, []],
    [{}, []],
  ])(
    'lets no Gateway mark what its controller makes, which may be in another namespace: %j',
    (infrastructure, expected) => {
      const object = { metadata: {}, spec: { listeners: [], infrastructure } };
      const gateway = { resource: 'gateways', group: 'gateway.networking.k8s.io', object };
      expect(inPreview(gateway)).toEqual(expected);
      expect(inPreview({ ...gateway, operation: 'UPDATE', oldObject: object })).toEqual([]);
    },
  );

  test.each([
    ['external-dns.alpha.kubernetes.io/hostname', {}, 'shop.acme.dev', false],
    ['external-dns.alpha.kubernetes.io/internal-hostname', {}, 'shop.pr-35.preview.acme.dev', true],
    // external-dns asks no pod for another controller.
    [
      'external-dns.alpha.kubernetes.io/internal-hostname',
      { 'external-dns.alpha.kubernetes.io/controller': 'none' },
      'shop.acme.dev',
      false,
    ],
    ['dns.alpha.kubernetes.io/external', {}, 'shop.acme.dev', false],
    ['dns.alpha.kubernetes.io/internal', {}, 'shop.pr-36.preview.acme.dev', false],
  ])('lets no pod claim a host: %s %j', (key, more, value, isOwn) => {
    const object = { metadata: { annotations: { ...more, [key]: value } }, spec: { containers: [] } };
    const pod = { resource: 'pods', object };
    expect(inPreview(pod)).toEqual(isOwn ? [] : [HOSTS]);
    expect(inPreview({ ...pod, operation: 'UPDATE', oldObject: object })).toEqual([]);
    expect(refusals(FLUX, { ...pod, namespace: 'staging' })).toEqual([]);
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
    ['ingresses', 'networking.k8s.io', 'haproxy-ingress.github.io/config-backend', [REACH]],
    ['ingresses', 'networking.k8s.io', 'alb.ingress.kubernetes.io/conditions.web', [REACH]],
    ['ingresses', 'networking.k8s.io', 'alb.ingress.kubernetes.io/actions.ssl-redirect', []],
    ['secrets', '', 'reflector.v1.k8s.emberstack.com/reflection-auto-enabled', [REACH]],
    ['configmaps', '', 'kubed.appscode.com/sync', [REACH]],
    ['pods', '', 'cni.projectcalico.org/ipAddrs', [REACH]],
    ['pods', '', 'cni.projectcalico.org/podIP', []],
    ['secrets', '', 'replicator.v1.mittwald.de/replicate-to', [REACH]],
    ['configmaps', '', 'replicator.v1.mittwald.de/replicate-to-matching', [REACH]],
    ['secrets', '', 'replicator.v1.mittwald.de/replicate-from', []],
    ['pods', '', 'k8s.v1.cni.cncf.io/networks', [REACH]],
    ['pods', '', 'iam.amazonaws.com/role', [REACH]],
    ['pods', '', 'prometheus.io/scrape', []],
    ['services', '', 'getambassador.io/config', [REACH]],
    ['pods', '', 'cdi.k8s.io/gpu', [REACH]],
    ['pods', '', 'devices.nri.io/container.web', [REACH]],
    ['pods', '', 'io.kubernetes.cri-o.Devices', [REACH]],
    ['pods', '', 'io.kubernetes.cri-o.userns-mode', []],
    ['persistentvolumeclaims', '', 'nfs.io/storage-path', [REACH]],
    ['services', '', 'metallb.io/loadBalancerIPs', [REACH]],
    ['services', '', 'metallb.universe.tf/allow-shared-ip', [REACH]],
    ['services', '', 'metallb.universe.tf/ip-allocated-from-pool', []],
    ['gateways', 'gateway.networking.k8s.io', 'lbipam.cilium.io/ips', [REACH]],
    ['services', '', 'io.cilium/lb-ipam-sharing-key', [REACH]],
    ['services', '', 'kube-vip.io/loadbalancerIPs', [REACH]],
    ['services', '', 'service.beta.kubernetes.io/aws-load-balancer-eip-allocations', [REACH]],
    ['services', '', 'service.beta.kubernetes.io/aws-load-balancer-scheme', []],
    ['services', '', 'service.beta.kubernetes.io/azure-pip-name', [REACH]],
    ['ingresses', 'networking.k8s.io', 'kubernetes.io/ingress.global-static-ip-name', [REACH]],
  ])('answers to %s %s with the annotation %s', (resource, group, annotation, expected) => {
    const spec = { rules: [{ host: 'shop.pr-35.preview.acme.dev' }], containers: [], listeners: [] };
    const object = { metadata: { annotations: { [annotation]: 'x' } }, spec };
    expect(inPreview({ resource, group, object })).toEqual(expected);
    expect(inPreview({ resource, group, object, operation: 'UPDATE', oldObject: object })).toEqual([]);
    expect(refusals(FLUX, { resource, group, object, namespace: 'shop' })).toEqual([]);
  });
});

test('a Service may be another host where the policy lets pods talk to anybody', () => {
  const object = { metadata: {}, spec: { type: 'ExternalName', externalName: 'db.acme.dev' } };
  expect(refusals(policiesOf({ network: undefined }), { resource: 'services', namespace: 'pr-1', object })).toEqual([]);
});

test('there are no routes in previews that have no addresses', () => {
  const object = { metadata: {}, spec: { rules: [{ host: 'shop.acme.dev' }] } };
  const request = { resource: 'ingresses', group: 'networking.k8s.io', namespace: 'pr-1', object };
  expect(refusals(policiesOf({ hosts: undefined }), request)).toHaveLength(1);
});
