import { describe, expect, test } from '@jest/globals';
import { adapted, policyOf } from './support.js';

const URL = 'url: "https://{app}.{name}.preview.acme.dev"';
const NO_URL = policyOf('limit: 2');

const ingress = (...hosts: string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec:\n  rules: [${hosts
    .map((host) => (host === '' ? '{ http: {} }' : `{ host: "${host}" }`))
    .join(', ')}]\n`;

const hostsIn = (text: string) => [...text.matchAll(/value: "?([^\s"]+)/g)].map((match) => match[1]);

describe('the hosts of an Ingress in a preview', () => {
  test.each([
    ['the first is the app’s', ['shop.example.com'], ['shop']],
    ['a further one has its first label', ['shop.example.com', 'api.shop.example.com'], ['shop', 'shop-api']],
    ['the same host is the same each time', ['a.com', 'b.com', 'a.com'], ['shop', 'shop-b', 'shop']],
    ['one called like the app has a number', ['www.com', 'shop.com'], ['shop', 'shop-2']],
    [
      'two with one first label differ by a number',
      ['x.com', 'api.a.com', 'api.b.com'],
      ['shop', 'shop-api', 'shop-api-3'],
    ],
    ['a wildcard stays one', ['*.shop.com'], ['*.shop']],
    ['no host is the first one', ['shop.com', ''], ['shop', 'shop']],
  ])('%s', async (_rule, hosts, labels) => {
    const { text, url } = await adapted(ingress(...hosts));
    expect(hostsIn(text)).toEqual(labels.map((label) => `${label}.pr-7.preview.acme.dev`));
    expect(url).toBe('https://shop.pr-7.preview.acme.dev');
  });
});

const gateway = (kind: string, spec: string, version = 'v1') =>
  `apiVersion: gateway.networking.k8s.io/${version}\nkind: ${kind}\nmetadata: { name: web }\nspec: ${spec}\n`;
const object = (apiVersion: string, kind: string, spec: string, annotations = '{}') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: web, annotations: ${annotations} }\nspec: ${spec}\n`;

describe('whatever claims hosts has those of the preview', () => {
  test.each<[what: string, yaml: string, hosts: string[]]>([
    ['an HTTPRoute', gateway('HTTPRoute', '{ hostnames: [a.com, b.com] }'), ['shop', 'shop-b']],
    ['a GRPCRoute', gateway('GRPCRoute', '{ hostnames: [a.com] }'), ['shop']],
    ['a TLSRoute', gateway('TLSRoute', '{ hostnames: [a.com] }', 'v1alpha2'), ['shop']],
    ['a route without one', gateway('HTTPRoute', '{ rules: [] }'), ['shop']],
    [
      'a Gateway, in the listeners that say one',
      gateway('Gateway', '{ listeners: [{ name: a, hostname: "*.a.com" }, { name: b }] }'),
      ['*.shop'],
    ],
    [
      'a certificate',
      object('cert-manager.io/v1', 'Certificate', '{ commonName: a.com, dnsNames: [a.com, b.com] }'),
      ['shop', 'shop-b', 'shop'],
    ],
    ['a certificate of Google', object('networking.gke.io/v1', 'ManagedCertificate', '{ domains: [a.com] }'), ['shop']],
    [
      'a Service with an annotation of external-dns',
      object('v1', 'Service', '{}', '{ external-dns.alpha.kubernetes.io/hostname: "a.com, b.com" }'),
      ['shop', 'shop-b'],
    ],
    [
      'a Service with an annotation of external-dns since 0.22',
      object('v1', 'Service', '{}', '{ external-dns.kubernetes.io/hostname: "a.com" }'),
      ['shop'],
    ],
    [
      'listeners that are added to a Gateway that others share, each of them',
      gateway('ListenerSet', '{ listeners: [{ name: a, hostname: a.com }, { name: b }] }'),
      ['shop', 'shop'],
    ],
    [
      'an Ingress with further names in nginx',
      `${ingress('a.com').replace('name: shop }', 'name: shop, annotations: { nginx.ingress.kubernetes.io/server-alias: www.a.com } }')}`,
      ['shop', 'shop-www'],
    ],
    [
      'the pods of a Deployment with an annotation of external-dns',
      object(
        'apps/v1',
        'Deployment',
        '{ template: { metadata: { annotations: { external-dns.kubernetes.io/internal-hostname: a.com } } } }',
      ),
      ['shop'],
    ],
    [
      'the pods of a bare Pod, too',
      object('v1', 'Pod', '{}', '{ external-dns.alpha.kubernetes.io/hostname: a.com }'),
      ['shop'],
    ],
    [
      'a Service with an annotation of kOps',
      object('v1', 'Service', '{}', '{ dns.alpha.kubernetes.io/external: "a.com,b.com" }'),
      ['shop', 'shop-b'],
    ],
  ])('%s', async (_what, yaml, labels) => {
    const { text, sentences } = await adapted(yaml, { policy: policyOf(`${URL}\n  pod-security: privileged`) });
    const found = [...text.matchAll(/[*\w.-]+\.pr-7\.preview\.acme\.dev/g)].map(([host]) => host);
    expect(found).toEqual(labels.map((label) => `${label}.pr-7.preview.acme.dev`));
    expect(text).not.toMatch(/[ab]\.com/);
    expect(sentences).toEqual([]);
  });

  test('and a certificate has the names of the Ingress that it is for', async () => {
    const certificate = object('cert-manager.io/v1', 'Certificate', '{ dnsNames: [b.com, a.com] }');
    const { text } = await adapted(`${certificate}---\n${ingress('a.com', 'b.com')}`);
    expect(text).toContain('- shop-b.pr-7.preview.acme.dev\n    - shop.pr-7.preview.acme.dev\n');
  });
});

test('a certificate has no common name that is longer than one may be, and its host all the same', async () => {
  const policy = policyOf('url: "https://{app}.{name}.previews-of-everybody-who-works-with-us.acme.dev"');
  const host = 'shop.pr-7.previews-of-everybody-who-works-with-us.acme.dev';
  expect(host.length).toBeLessThan(65);
  const long = policyOf(`url: "https://{app}.{name}.previews-of-everybody-who-works-with-us.acme-corporation.dev"`);
  const certificate = object('cert-manager.io/v1', 'Certificate', '{ commonName: a.com }');
  expect((await adapted(certificate, { policy })).text).toContain(`path: /spec/commonName\n  value: ${host}`);
  const { text } = await adapted(certificate, { policy: long });
  expect(text).toContain('op: remove\n  path: /spec/commonName');
  expect(text).toContain('path: /spec/dnsNames\n  value:\n    - shop.pr-7.previews-of');
  const annotated = ingress('a.com').replace(
    'name: shop }',
    'name: shop, annotations: { cert-manager.io/common-name: a.com } }',
  );
  expect((await adapted(annotated, { policy: long })).text).toContain(
    'op: remove\n  path: /metadata/annotations/cert-manager.io~1common-name',
  );
});

test('an Ingress with hosts takes no requests to others', async () => {
  const open = ingress('a.com').replace('spec:\n', 'spec:\n  defaultBackend: { service: { name: web } }\n');
  const { text, sentences } = await adapted(open);
  expect(text).toContain('op: remove\n  path: /spec/defaultBackend');
  expect(sentences).toEqual([
    'Ingress shop of shop is without its default backend: it takes the requests to every host.',
  ]);
});

describe('what claims hosts and is not rewritten is left out, with the reason', () => {
  test.each<[yaml: string, sentence: string]>([
    [
      object('traefik.io/v1alpha1', 'IngressRoute', '{}'),
      'IngressRoute web of shop is left out: its hosts are not rewritten: set them in bases/shop/preview.',
    ],
    [
      object('networking.istio.io/v1', 'VirtualService', '{}'),
      'VirtualService web of shop is left out: its hosts are not rewritten: set them in bases/shop/preview.',
    ],
    [
      object('externaldns.k8s.io/v1alpha1', 'DNSEndpoint', '{}'),
      'DNSEndpoint web of shop is left out: it makes records in DNS.',
    ],
    [
      object('networking.istio.io/v1', 'Gateway', '{ servers: [{ hosts: [a.com] }] }'),
      'Gateway web of shop is left out: its hosts are not rewritten: set them in bases/shop/preview.',
    ],
    [
      object('networking.istio.io/v1', 'ServiceEntry', '{ hosts: [orders.production.svc] }'),
      'ServiceEntry web of shop is left out: it names hosts for the whole mesh.',
    ],
    [
      object('serving.knative.dev/v1beta1', 'DomainMapping', '{}'),
      'DomainMapping web of shop is left out: its name is a host.',
    ],
    [
      object('networking.gke.io/v1', 'MultiClusterIngress', '{}'),
      'MultiClusterIngress web of shop is left out: its hosts are not rewritten: set them in bases/shop/preview.',
    ],
    [gateway('TCPRoute', '{}', 'v1alpha2'), 'TCPRoute web of shop is left out: it takes a port that all share.'],
    [
      object('networking.k8s.io/v1', 'Ingress', '{ defaultBackend: { service: { name: web } } }'),
      'Ingress web of shop is left out: it takes the requests to every host.',
    ],
  ])('%#', async (yaml, sentence) => {
    const { text, sentences, url } = await adapted(yaml);
    expect(sentences).toEqual([sentence]);
    expect(text).toContain('$patch: delete');
    expect(url).toBeUndefined();
  });

  test.each([
    ['k8s.nginx.org/v1', 'VirtualServer', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['k8s.nginx.org/v1', 'VirtualServerRoute', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['k8s.nginx.org/v1', 'TransportServer', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['apisix.apache.org/v2', 'ApisixRoute', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['getambassador.io/v2', 'Mapping', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['getambassador.io/v2', 'Host', 'its hosts are not rewritten: set them in bases/shop/preview'],
    ['configuration.konghq.com/v1beta1', 'TCPIngress', 'it takes a port that all share'],
    ['cert-manager.io/v1', 'CertificateRequest', 'its names are signed, and not rewritten'],
    ['acme.cert-manager.io/v1', 'Order', 'its names are signed, and not rewritten'],
    ['acme.dev/v1', 'Order', ''],
  ])('also where the policy says that it has a namespace: %s %s', async (apiVersion, kind, reason) => {
    const policy = policyOf(`${URL}\n  kinds: { ${kind}.${apiVersion.split('/')[0]}: namespace }`);
    const { sentences } = await adapted(object(apiVersion, kind, '{}'), { policy });
    expect(sentences).toEqual(reason === '' ? [] : [`${kind} web of shop is left out: ${reason}.`]);
  });

  test('but where the base has a folder for previews, which says its hosts', async () => {
    const route = object('traefik.io/v1alpha1', 'IngressRoute', '{}');
    expect(await adapted(route, { isPrepared: true })).toMatchObject({ patches: [], sentences: [] });
  });
});

describe('without an address', () => {
  test.each([
    ['an Ingress', ingress('shop.com')],
    ['a route', gateway('HTTPRoute', '{ hostnames: [a.com] }')],
    ['a Gateway', gateway('Gateway', '{ listeners: [] }')],
    ['a certificate', object('cert-manager.io/v1', 'Certificate', '{ dnsNames: [a.com] }')],
  ])('%s is left out, since two of them would claim one host', async (_what, yaml) => {
    const { text, url, sentences } = await adapted(yaml, { policy: NO_URL });
    expect(text).toContain('$patch: delete');
    expect(url).toBeUndefined();
    expect(sentences.join()).toMatch(/is left out: no address is set for it: add previews\.url to ostack\.yaml\.$/);
  });

  test('a Service stays without the annotation that claims one', async () => {
    const service = object('v1', 'Service', '{}', '{ external-dns.alpha.kubernetes.io/hostname: a.com }');
    const { text, sentences } = await adapted(service, { policy: NO_URL });
    // kustomize makes a text "null" of an annotation that is merged as null.
    expect(text).toContain('op: remove\n  path: /metadata/annotations/external-dns.alpha.kubernetes.io~1hostname');
    expect(sentences).toEqual([
      'Service web of shop is without the annotation external-dns.alpha.kubernetes.io/hostname: no address is set for it: add previews.url to ostack.yaml.',
    ]);
    expect(text).not.toContain('null');
  });
});

describe('a route leads to what the preview has', () => {
  test.each<[what: string, rules: string, paths: string[]]>([
    ['in the namespace that it is in', '[{ backendRefs: [{ name: web }] }]', []],
    [
      'and not to another namespace',
      '[{}, { backendRefs: [{ name: web }, { name: db, namespace: production }] }]',
      ['/spec/rules/1/backendRefs/1/namespace'],
    ],
    [
      'nor copies requests to one',
      '[{ filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: db, namespace: production } } }], backendRefs: [{ name: web, filters: [{}, { requestMirror: { backendRef: { namespace: production } } }] }] }]',
      [
        '/spec/rules/0/filters/0/requestMirror/backendRef/namespace',
        '/spec/rules/0/backendRefs/0/filters/1/requestMirror/backendRef/namespace',
      ],
    ],
  ])('%s', async (_what, rules, paths) => {
    const { text, sentences } = await adapted(gateway('HTTPRoute', `{ hostnames: [a.com], rules: ${rules} }`));
    expect([...text.matchAll(/op: remove\n *path: (\S+)/g)].map((match) => match[1])).toEqual(paths);
    expect(sentences).toEqual(
      paths.length === 0
        ? []
        : [
            'HTTPRoute web of shop is without the namespace production of its backends: it leads to what the preview has.',
          ],
    );
  });
});

test.each<[kind: string, spec: string, parts: string | undefined, dnsNames: boolean]>([
  ['ClusterIssuer', 'dnsNames: [a.com], uris: [spiffe://acme/production], isCA: true', 'isCA, uris', true],
  ['ClusterIssuer', 'literalSubject: CN=postgres', 'literalSubject', true],
  ['ClusterIssuer', 'commonName: postgres', 'commonName', true],
  ['ClusterIssuer', 'dnsNames: [a.com]', undefined, true],
  ['Issuer', 'uris: [spiffe://acme/production], commonName: postgres, isCA: true', undefined, false],
])('of a %s a certificate is of hosts of the preview alone: %s', async (kind, spec, parts, isNamed) => {
  const certificate = object(
    'cert-manager.io/v1',
    'Certificate',
    `{ issuerRef: { name: ca, kind: ${kind} }, ${spec} }`,
  );
  const { leftOut, text } = await adapted(certificate);
  expect(leftOut.map(({ part }) => part)).toEqual(parts === undefined ? [] : [parts]);
  for (const key of parts?.split(', ') ?? []) {
    expect(text).toContain(`- op: remove\n  path: /spec/${key}\n`);
  }
  expect(text.includes('path: /spec/dnsNames\n  value:\n    - shop.pr-7.preview.acme.dev')).toBe(isNamed);
});

test('a Gateway is at no address that it names', async () => {
  const { leftOut, text } = await adapted(gateway('Gateway', '{ listeners: [], addresses: [{ value: 10.0.0.5 }] }'));
  expect(leftOut.map(({ part }) => part)).toEqual(['addresses']);
  expect(text).toBe('- op: remove\n  path: /spec/addresses\n');
});

test('a Gateway marks nothing that its controller makes', async () => {
  const marked =
    '{ listeners: [], infrastructure: { labels: { a: b }, annotations: { c: d }, parametersRef: { name: e } } }';
  const { sentences, text } = await adapted(gateway('Gateway', marked));
  const why = 'they would be on what its controller makes, also in its own namespace';
  expect(sentences).toEqual([
    `Gateway web of shop is without infrastructure/annotations: ${why}.`,
    `Gateway web of shop is without infrastructure/labels: ${why}.`,
  ]);
  expect(text).toBe(
    '- op: remove\n  path: /spec/infrastructure/annotations\n- op: remove\n  path: /spec/infrastructure/labels\n',
  );
});
