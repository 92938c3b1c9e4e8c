import { leftOut } from '../../../judgement/left-out.js';
import { type LayerNode, layerItems, layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { OTHER_NAMES } from '../../../reconcilers/certificate-names.js';
import { DNS_NAMES, EXTERNAL_DNS, HOST_ALIASES } from '../../../reconcilers/host-annotations.js';
import type { Adaptation } from './adaptation.js';
import { deletionPatch, type JsonPatchOperation, jsonPatch, type Patch } from './kustomize-patch.js';
import { podPath } from './workloads.js';

/** Gives the preview's host for a host of the base; for none, the app's own. */
export type HostFor = (host: string | undefined) => string;

const INGRESS_GROUPS = ['networking.k8s.io', 'extensions'];
const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** Routes of the Gateway API that go by hosts. */
const ROUTES = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute']);

/** Kinds that claim hosts in ways that are not rewritten, or ports of what all share, and why they are left out. */
const NOT_REWRITTEN: Readonly<Record<string, string>> = {
  ApisixRoute: 'its hosts are not rewritten',
  ApisixTls: 'its hosts are not rewritten',
  DNSEndpoint: 'it makes records in DNS',
  DomainMapping: 'its name is a host',
  HTTPProxy: 'its hosts are not rewritten',
  IngressRoute: 'its hosts are not rewritten',
  IngressRouteTCP: 'its hosts are not rewritten',
  IngressRouteUDP: 'it takes a port that all share',
  MultiClusterIngress: 'its hosts are not rewritten',
  Route: 'its hosts are not rewritten',
  ServiceEntry: 'it names hosts for the whole mesh',
  TCPIngress: 'it takes a port that all share',
  TCPRoute: 'it takes a port that all share',
  TransportServer: 'its hosts are not rewritten',
  UDPIngress: 'it takes a port that all share',
  UDPRoute: 'it takes a port that all share',
  VirtualServer: 'its hosts are not rewritten',
  VirtualServerRoute: 'its hosts are not rewritten',
  VirtualService: 'its hosts are not rewritten',
};

/** The same of kinds whose names others have, too, with their groups. */
const NOT_REWRITTEN_OF: Readonly<Record<string, string>> = {
  'CertificateRequest.cert-manager.io': 'its names are signed, and not rewritten',
  'Challenge.acme.cert-manager.io': 'its names are signed, and not rewritten',
  'Order.acme.cert-manager.io': 'its names are signed, and not rewritten',
  'Host.getambassador.io': 'its hosts are not rewritten',
  'Mapping.getambassador.io': 'its hosts are not rewritten',
};

/** Kinds that claim hosts, or ports of what all share. */
export const CLAIMING_KINDS = [
  ...Object.keys(NOT_REWRITTEN),
  ...['Certificate', 'Gateway', 'GRPCRoute', 'HTTPRoute', 'Ingress', 'ListenerSet', 'ManagedCertificate', 'TLSRoute'],
];

/** Lists of hosts of certificates, by kind. */
const CERTIFICATES: Readonly<Record<string, readonly string[]>> = {
  Certificate: ['dnsNames'],
  ManagedCertificate: ['domains'],
};

const COMMON_NAME = 'cert-manager.io/common-name';

/** Annotations of any object that claim hosts, separated by commas. */
const HOST_ANNOTATIONS = [
  ...EXTERNAL_DNS.flatMap((prefix) => DNS_NAMES.map((end) => `${prefix}${end}`)),
  ...[...HOST_ALIASES, COMMON_NAME, 'cert-manager.io/alt-names'],
];

/** Whether an object leads people to an app: its hosts are the app's address. */
export function isRoute({ group, kind }: LayerObject): boolean {
  return kind === 'Ingress' ? INGRESS_GROUPS.includes(group) : group === GATEWAY_GROUP && ROUTES.has(kind);
}

/**
 * Gives an object the hosts of a preview: Ingresses, routes and listeners of the Gateway API, certificates, and annotations that
 * claim hosts. What claims hosts in another way is left out: two previews, or a preview and production, must not claim one host.
 *
 * @param hostFor `undefined` where previews have no addresses: then what claims hosts is left out
 * @param isPrepared whether the app has a folder `preview` in its base, which says what its hosts are
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
 */
export function adaptHosts(
  app: string,
  object: LayerObject,
  hostFor: HostFor | undefined,
  isPrepared: boolean,
): Adaptation {
  const reason = omission(object, hostFor, isPrepared);
  if (reason !== undefined) {
    const text = reason.startsWith('its hosts') ? `${reason}: set them in bases/${app}/preview` : reason;
    return { patches: [deletionPatch(object)], leftOut: [leftOut(app, object, text)], refused: [] };
  }
  const own = hostFor === undefined ? [] : operationsOf(object, hostFor);
  const annotations = annotationsOf(object, hostFor);
  const dropped = annotations.filter(({ hosts }) => hosts === null);
  const isOpen = isIngress(object) && nodeAt(object.root, 'spec', 'defaultBackend') !== undefined;
  const beyond = beyondHosts(object);
  const operations = [
    ...own,
    ...beyond.map((key) => removal(`/spec/${key}`)),
    ...(isOpen ? [removal('/spec/defaultBackend')] : []),
    ...annotations.map(({ path, hosts }) => (hosts === null ? removal(path) : setting(path, hosts))),
  ];
  const why = hostFor === undefined ? NO_ADDRESS : TOO_LONG;
  return {
    patches: operations.length === 0 ? [] : [jsonPatch(object, operations)],
    leftOut: [
      ...[...new Set(dropped.map(({ key }) => key))].map((key) => leftOut(app, object, why, `the annotation ${key}`)),
      ...(isOpen ? [leftOut(app, object, FOR_ALL, 'its default backend')] : []),
      ...(isGateway(object) ? beyond.map((key) => leftOut(app, object, GATEWAY_FIELDS[key] ?? '', key)) : []),
      ...(isGateway(object) || beyond.length === 0 ? [] : [leftOut(app, object, NO_NAMES, beyond.join(', '))]),
    ],
    refused: [],
  };
}

/** A removal by JSON patch: kustomize makes a text "null" of an annotation that is merged as null. */
function removal(path: string): JsonPatchOperation {
  return { op: 'remove', path };
}

function setting(path: string, value: string): JsonPatchOperation {
  return { op: 'add', path, value };
}

/** Most characters of a common name (RFC 5280, appendix A: ub-common-name), which is less than a host may have. */
const MOST_OF_COMMON_NAME = 64;
const TOO_LONG = `a common name has at most ${MOST_OF_COMMON_NAME} characters`;

const FOR_ALL = 'it takes the requests to every host';

const NO_NAMES = 'an issuer of the whole cluster gives a preview names of its hosts alone';
const NO_MARKS = 'they would be on what its controller makes, also in its own namespace';

/** What a Gateway may not say, and why. */
const GATEWAY_FIELDS: Readonly<Record<string, string>> = {
  addresses: 'at an address that it names may be others',
  'infrastructure/annotations': NO_MARKS,
  'infrastructure/labels': NO_MARKS,
};

/** What a preview may not say of a certificate of an issuer of the whole cluster, or of a Gateway, beside its hosts. */
function beyondHosts(object: LayerObject): string[] {
  const has = (key: string) => nodeAt(object.root, 'spec', ...key.split('/')) !== undefined;
  if (isGateway(object)) {
    return Object.keys(GATEWAY_FIELDS).filter(has);
  }
  const isShared =
    isCertificate(object) && !['', 'Issuer'].includes(layerText(object.root, 'spec', 'issuerRef', 'kind'));
  const isName = isShared && has('commonName') && !layerText(object.root, 'spec', 'commonName').includes('.');
  return isShared ? [...OTHER_NAMES.filter(has), ...(isName ? ['commonName'] : [])] : [];
}

const NO_ADDRESS = 'no address is set for it: add previews.url to ostack.yaml';

/** Why an object is left out because of its hosts; `undefined` where it is not. */
function omission(object: LayerObject, hostFor: HostFor | undefined, isPrepared: boolean): string | undefined {
  const { group, kind, root } = object;
  if (group !== '' && Object.hasOwn(NOT_REWRITTEN, kind) && !isPrepared) {
    return NOT_REWRITTEN[kind];
  }
  if (Object.hasOwn(NOT_REWRITTEN_OF, `${kind}.${group}`) && !isPrepared) {
    return NOT_REWRITTEN_OF[`${kind}.${group}`];
  }
  // Istio's, which has its hosts in another place.
  if (kind === 'Gateway' && group !== GATEWAY_GROUP && !isPrepared) {
    return NOT_REWRITTEN.VirtualService;
  }
  const claims = isRoute(object) || isCertificate(object) || isGateway(object);
  if (claims && hostFor === undefined) {
    return NO_ADDRESS;
  }
  return isIngress(object) && layerItems(root, 'spec', 'rules').length === 0 ? FOR_ALL : undefined;
}

function isIngress(object: LayerObject): boolean {
  return object.kind === 'Ingress' && isRoute(object);
}

function isCertificate({ group, kind }: LayerObject): boolean {
  return Object.hasOwn(CERTIFICATES, kind) && ['cert-manager.io', 'networking.gke.io'].includes(group);
}

function isGateway({ group, kind }: LayerObject): boolean {
  return ['Gateway', 'ListenerSet'].includes(kind) && group === GATEWAY_GROUP;
}

function operationsOf(object: LayerObject, hostFor: HostFor): JsonPatchOperation[] {
  const { kind, root } = object;
  if (isIngress(object)) {
    return ingressOperations(root, hostFor);
  }
  if (isRoute(object)) {
    const names = textsOf(root, 'spec', 'hostnames');
    const value = names.length === 0 ? [hostFor(undefined)] : names.map(hostFor);
    return [{ op: 'add', path: '/spec/hostnames', value }];
  }
  if (isGateway(object)) {
    return layerItems(root, 'spec', 'listeners').flatMap((listener, index): JsonPatchOperation[] => {
      const host = layerText(listener, 'hostname');
      // A Gateway of its own has an address of its own. What is added to another's takes the hosts that it does not name.
      const isOwn = host === '' && kind === 'Gateway';
      const value = () => hostFor(host === '' ? undefined : host);
      return isOwn ? [] : [{ op: 'add', path: `/spec/listeners/${index}/hostname`, value: value() }];
    });
  }
  return isCertificate(object) ? certificateOperations(object, hostFor) : [];
}

function ingressOperations(root: LayerNode, hostFor: HostFor): JsonPatchOperation[] {
  const rules = layerItems(root, 'spec', 'rules').map((rule, index): JsonPatchOperation => {
    return { op: 'add', path: `/spec/rules/${index}/host`, value: hostFor(layerText(rule, 'host') || undefined) };
  });
  const tls = layerItems(root, 'spec', 'tls').map((entry, index): JsonPatchOperation => {
    const hosts = textsOf(entry, 'hosts').map(hostFor);
    return { op: 'add', path: `/spec/tls/${index}/hosts`, value: hosts.length === 0 ? [hostFor(undefined)] : hosts };
  });
  return [...rules, ...tls];
}

function certificateOperations(object: LayerObject, hostFor: HostFor): JsonPatchOperation[] {
  const { kind, root } = object;
  const lists = (CERTIFICATES[kind] ?? []).flatMap((key): JsonPatchOperation[] => {
    const hosts = textsOf(root, 'spec', key);
    return hosts.length === 0 ? [] : [{ op: 'add', path: `/spec/${key}`, value: [...new Set(hosts.map(hostFor))] }];
  });
  const common = layerText(root, 'spec', 'commonName');
  if (!common.includes('.')) {
    // Without what goes, it would be of nothing.
    const isOfNothing = lists.length === 0 && beyondHosts(object).length > 0;
    return isOfNothing ? [{ op: 'add', path: '/spec/dnsNames', value: [hostFor(undefined)] }] : lists;
  }
  const host = hostFor(common);
  // One that it has no room for is among the names all the same.
  const named: JsonPatchOperation[] = lists.length > 0 ? lists : [{ op: 'add', path: '/spec/dnsNames', value: [host] }];
  return host.length > MOST_OF_COMMON_NAME
    ? [...named, removal('/spec/commonName')]
    : [...lists, { op: 'add', path: '/spec/commonName', value: host }];
}

/** An annotation that claims hosts, and where it is. */
interface HostAnnotation {
  key: string;
  /** As a JSON patch has it. */
  path: string;
  /** The preview's; `null` for one that goes: previews have no addresses, or it has no room. */
  hosts: string | null;
}

/** The annotations that claim hosts, of an object and of its pods. */
function annotationsOf(object: LayerObject, hostFor: HostFor | undefined): HostAnnotation[] {
  const template = podPath(object).slice(0, -1);
  const places = [['metadata'], ...(template.length === 0 ? [] : [[...template, 'metadata']])];
  return places.flatMap((place) =>
    HOST_ANNOTATIONS.flatMap((key): HostAnnotation[] => {
      const keys = [...place, 'annotations', key];
      const named = layerText(object.root, ...keys)
        .split(',')
        .map((host) => host.trim())
        .filter((host) => host !== '');
      const value = hostFor === undefined ? null : named.map(hostFor).join(',');
      const fits = value === null || key !== COMMON_NAME || value.length <= MOST_OF_COMMON_NAME;
      const path = `/${keys.map((each) => each.replaceAll('/', '~1')).join('/')}`;
      return named.length === 0 ? [] : [{ key, path, hosts: fits ? value : null }];
    }),
  );
}

function textsOf(node: LayerNode, ...keys: string[]): string[] {
  const found = nodeAt(node, ...keys);
  const items = found?.kind === 'list' ? found.items : [];
  return items.flatMap((item) => (item.kind === 'text' && item.text !== '' ? [item.text] : []));
}

/**
 * What keeps external-dns from names in annotations where files are not read. kustomize cannot take away an annotation that may be
 * missing, and external-dns looks at nothing that another controller is said to be for.
 */
export const UNREAD_NAMES: Patch = {
  target: { kind: 'Service|Pod' },
  patch:
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: any\n  annotations:\n' +
    EXTERNAL_DNS.map((prefix) => `    ${prefix}/controller: none\n`).join(''),
};
