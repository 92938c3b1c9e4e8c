import type { Manifest } from '../../../overlays/manifests.js';
import { hostOf, urlOf } from '../../../preview-records/address.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { MapValue, YamlValue } from '../../../yaml/values.js';
import { textAt } from '../../../yaml/values.js';
import { deletionPatch, type Patch, targetOf } from './kustomize-patch.js';
import type { LeftOut } from './left-out.js';
import { asPreviewProblem } from './problem.js';

/** One operation of a JSON patch (RFC 6902). */
interface JsonPatchOperation {
  op: 'add';
  path: string;
  value: unknown;
}

export interface RouteHosts {
  patches: Patch[];
  /** The app's address, `undefined` where no Ingress or route leads to it. */
  url: string | undefined;
  leftOut: LeftOut[];
  notices: string[];
}

/** Kinds whose hosts are not rewritten, so that they would take the traffic of the hosts they name. */
const OTHER_KINDS = new Set(['IngressRoute', 'VirtualService', 'HTTPProxy', 'Route', 'TLSRoute']);
const GATEWAY_KINDS = new Set(['HTTPRoute', 'GRPCRoute']);

/**
 * Patches that give an app's Ingresses, HTTPRoutes and GRPCRoutes the hosts of a preview, in rules and TLS. Each host of the
 * base gets one of its own: the first is `{app}` in the template, any other is `<app>-<first label of the host>`, so that
 * `api.shop.example.com` becomes that of `shop-api`. Without a template these objects are left out: two previews, or a
 * preview and production, must not claim one host.
 *
 * @param objects manifests of the app's base
 * @param name of the preview
 * @param template `previews.url` of the policy
 * @throws PreviewProblem where a host would be longer than 253 characters
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export function patchHosts(
  objects: readonly Manifest[],
  app: string,
  name: string,
  template: string | undefined,
): RouteHosts {
  const routes = objects.filter((object) => object.kind === 'Ingress' || GATEWAY_KINDS.has(object.kind));
  const notices = objects
    .filter(({ kind }) => OTHER_KINDS.has(kind))
    .map((object) => `${object.kind} ${object.name} of ${app} keeps its hosts: set them in bases/${app}/preview.`);
  if (template === undefined) {
    const reason = 'no address is set for it: add previews.url to ostack.yaml';
    return {
      patches: routes.map(deletionPatch),
      url: undefined,
      leftOut: routes.map(({ kind, name: route }) => ({ app, kind, name: route, reason })),
      notices,
    };
  }
  const hostFor = hostNames(app, (label) => asPreviewProblem(() => hostOf(template, label, name)));
  const patches = routes.map((route) => ({
    target: targetOf(route),
    patch: toYaml(route.kind === 'Ingress' ? ingressOperations(route, hostFor) : routeOperations(route, hostFor)),
  }));
  return { patches, url: routes.length === 0 ? undefined : urlOf(template, hostFor(undefined)), leftOut: [], notices };
}

/** Maps each host of the base to a host of the preview, the same one each time; no host stands for the first of them. */
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
    const candidate = labels.size === 0 ? app : part === app ? `${app}-${labels.size + 1}` : `${app}-${part}`;
    const label = labels.has(candidate) ? `${candidate}-${labels.size + 1}` : candidate;
    labels.add(label);
    known.set(plain, hostOfLabel(label));
    return `${prefix}${hostOfLabel(label)}`;
  };
}

function ingressOperations({ spec }: Manifest, hostFor: (host: string | undefined) => string): JsonPatchOperation[] {
  const rules = mapsOf(spec.get('rules')).map(([rule, index]): JsonPatchOperation => {
    return { op: 'add', path: `/spec/rules/${index}/host`, value: hostFor(textAt(rule, 'host')) };
  });
  const tls = mapsOf(spec.get('tls')).map(([entry, index]): JsonPatchOperation => {
    const hosts = textsOf(entry.entries.get('hosts')).map(hostFor);
    return { op: 'add', path: `/spec/tls/${index}/hosts`, value: hosts.length === 0 ? [hostFor(undefined)] : hosts };
  });
  return [...rules, ...tls];
}

function routeOperations({ spec }: Manifest, hostFor: (host: string | undefined) => string): JsonPatchOperation[] {
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
