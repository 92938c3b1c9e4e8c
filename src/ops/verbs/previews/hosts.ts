import type { Manifest } from '../../overlays/manifests.js';
import { hostOf, urlOf } from '../../preview-records/address.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { type MapValue, textAt, type YamlValue } from '../../yaml/values.js';
import { reading } from './problem.js';

/** An entry of `patches:` in a kustomization. */
export interface Patch {
  target: { group?: string; kind: string; name: string };
  /** YAML of a JSON patch or of a strategic merge. */
  patch: string;
}

interface Operation {
  op: 'add';
  path: string;
  value: unknown;
}

export interface Hosts {
  patches: Patch[];
  /** Where people find the app, `undefined` where nothing leads to it from outside. */
  url: string | undefined;
  notices: string[];
}

/** Kinds with hosts that are not rewritten, and would take the traffic of the hosts they name. */
const OTHER_KINDS = new Set(['IngressRoute', 'VirtualService', 'HTTPProxy', 'Route', 'TLSRoute']);
const GATEWAY_KINDS = new Set(['HTTPRoute', 'GRPCRoute']);

/**
 * Patches that give an app's Ingresses and HTTPRoutes the hosts of a preview, in rules and TLS, each host of the base
 * another one: the first is the app's, `api.shop.example.com` beside it becomes that of `<app>-api`. Without an address
 * in the policy they are taken out: several previews, or a preview and production, must not claim one host.
 *
 * @param template `previews.url` of the policy
 * @throws PreviewProblem where a host would be too long
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export function patchHosts(
  objects: readonly Manifest[],
  app: string,
  name: string,
  template: string | undefined,
): Hosts {
  const routes = objects.filter((object) => object.kind === 'Ingress' || GATEWAY_KINDS.has(object.kind));
  const notices = objects
    .filter(({ kind }) => OTHER_KINDS.has(kind))
    .map((object) => `${object.kind} ${object.name} of ${app} keeps its hosts: set them in bases/${app}/preview.`);
  if (template === undefined) {
    const taken = routes.map((route) => `${route.kind} ${route.name}`).join(', ');
    const why = `${app} has no address, and ${taken} is left out: set previews.url in ostack.yaml.`;
    return { patches: routes.map(removal), url: undefined, notices: routes.length === 0 ? notices : [...notices, why] };
  }
  const hostFor = hostNames(app, (label) => reading(() => hostOf(template, label, name)));
  const patches = routes.map((route) => ({
    target: targetOf(route),
    patch: toYaml(route.kind === 'Ingress' ? ingressOperations(route, hostFor) : routeOperations(route, hostFor)),
  }));
  return { patches, url: routes.length === 0 ? undefined : urlOf(template, hostFor(undefined)), notices };
}

/** A patch that takes an object out. */
export function removal(object: Manifest): Patch {
  const { apiVersion, kind, name } = object;
  return { target: targetOf(object), patch: toYaml({ $patch: 'delete', apiVersion, kind, metadata: { name } }) };
}

function targetOf({ apiVersion, kind, name }: Manifest): Patch['target'] {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  // A target is a regular expression.
  const exact = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { ...(group === undefined ? {} : { group }), kind, name: exact };
}

/** Gives each host of the base a host of the preview, the same one each time. */
function hostNames(app: string, hostOfLabel: (label: string) => string): (host: string | undefined) => string {
  const known = new Map<string, string>();
  const labels = new Set<string>();
  return (host) => {
    const plain = (host ?? '').replace(/^\*\./, '');
    const [first] = known.values();
    if (plain === '' && first !== undefined) {
      return first;
    }
    const prefix = host?.startsWith('*.') ? '*.' : '';
    const before = known.get(plain);
    if (before !== undefined) {
      return `${prefix}${before}`;
    }
    const part = plain.split('.')[0] ?? '';
    const wanted = labels.size === 0 ? app : part === app ? `${app}-${labels.size + 1}` : `${app}-${part}`;
    const label = labels.has(wanted) ? `${wanted}-${labels.size + 1}` : wanted;
    labels.add(label);
    known.set(plain, hostOfLabel(label));
    return `${prefix}${hostOfLabel(label)}`;
  };
}

function ingressOperations({ spec }: Manifest, hostFor: (host: string | undefined) => string): Operation[] {
  const rules = mapsOf(spec.get('rules')).map(([rule, index]): Operation => {
    return { op: 'add', path: `/spec/rules/${index}/host`, value: hostFor(textAt(rule, 'host')) };
  });
  const tls = mapsOf(spec.get('tls')).map(([entry, index]): Operation => {
    const hosts = textsOf(entry.entries.get('hosts')).map(hostFor);
    return { op: 'add', path: `/spec/tls/${index}/hosts`, value: hosts.length === 0 ? [hostFor(undefined)] : hosts };
  });
  return [...rules, ...tls];
}

function routeOperations({ spec }: Manifest, hostFor: (host: string | undefined) => string): Operation[] {
  const names = textsOf(spec.get('hostnames'));
  return [
    { op: 'add', path: '/spec/hostnames', value: names.length === 0 ? [hostFor(undefined)] : names.map(hostFor) },
  ];
}

function mapsOf(value: YamlValue | undefined): [MapValue, number][] {
  const items = value?.kind === 'list' ? value.items : [];
  return items.flatMap((item, index): [MapValue, number][] => (item.kind === 'map' ? [[item, index]] : []));
}

function textsOf(value: YamlValue | undefined): string[] {
  const items = value?.kind === 'list' ? value.items : [];
  return items.flatMap((item) => (item.kind === 'text' && item.text !== '' ? [item.text] : []));
}
