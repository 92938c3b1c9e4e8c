import type { LayerObject } from '../kustomize/layers/layer-object.js';
import type { PodSecurity } from '../policy/preview-policy.js';
import type { Confinement } from '../reconcilers/reconciler.js';
import { type LeftOut, leftOut, leftOutSentence } from './left-out.js';

/** What decides what previews do with what an app takes in and nobody reads. */
export interface UnreadFacts {
  app: string;
  /** Whether its base has a folder `preview`, which says what its hosts are. */
  isPrepared: boolean;
  /** How the cluster confines previews; `undefined` where it does not. */
  confinement: Pick<Confinement, 'forbidden'> | undefined;
  /** The Pod Security level of previews. */
  podSecurity: PodSecurity;
}

const UNREAD = 'its files are in another repository or made by a chart, and not read';

/**
 * What previews do not have of what an app takes in and nobody reads here: bases in other repositories, and what kustomize makes of
 * charts. What of it may come in all the same is said, with what to do about it.
 */
export function unreadParts({ app, isPrepared, confinement, podSecurity }: UnreadFacts): LeftOut[] {
  const every = (kind: string, reason: string, part?: string): LeftOut => ({
    ...{ app, kind, name: undefined, reason },
    ...(part === undefined ? {} : { part }),
  });
  const folder = `bases/${app}/preview`;
  const isOpen = confinement === undefined && podSecurity === 'privileged';
  // Baseline lets pods have those, and a cluster that confines previews does not.
  const lists =
    confinement === undefined && podSecurity === 'baseline' ? MACHINE : `${MACHINE}, and shares by their address`;
  return [
    ...oftenForbidden(confinement).flatMap(({ names }) => names.map((kind) => every(kind, CLOSED))),
    ...UNREAD_KINDS.map((kind) => every(kind, UNREAD)),
    isPrepared
      ? every(
          'Ingress or route',
          `${UNREAD}. It has those that ${folder} says, which two previews must not share`,
          'the hosts of the preview',
        )
      : every('Ingress or route', `${UNREAD}. Set its hosts in ${folder}`),
    every(
      'Service',
      `${UNREAD}. One that says the number of a node port is refused by the cluster, and all of ${app} with it: take that away in ${folder}`,
      'ports of all machines, external addresses and names of other hosts',
    ),
    every(
      'workload',
      isOpen
        ? `${UNREAD}. Nothing keeps the cluster from ${lists}, until "ostack previews setup" confines previews`
        : `${UNREAD}. Pods with ${lists} are refused by the cluster: take that away in ${folder}`,
      'network, processes and memory of the machine, and its priority',
    ),
  ];
}

const CLOSED = 'a confined preview may not have it';

/** What of the machine is in lists, of which kustomize takes nothing away that nobody knows. */
const MACHINE = 'host ports, host paths and privileged containers';

/** What is left out unread, beside routes, in words. */
const UNREAD_KINDS = [
  'object of the whole cluster',
  'NetworkPolicy, quota or limit',
  'address of something else',
  'object of Flux or Argo CD',
];

/** What is said of a HelmRelease that is in a preview, which it is while nothing confines that. */
export function unrenderedChart(app: string, release: LayerObject): LeftOut {
  const reason =
    'nothing here renders its chart, whose hosts, ports of machines and objects of the whole cluster come as it makes them. Set them by ' +
    `its values in bases/${app}/preview; once "ostack previews setup" confines previews, it is left out`;
  return leftOut(app, release, reason, 'what adapts its objects to the preview');
}

/** Whether an object is a release of a chart, which Flux deploys. */
export function isRelease({ group, kind }: Pick<LayerObject, 'group' | 'kind'>): boolean {
  return group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease';
}

/** Such parts in few sentences: what is left out for one reason is told together. */
export function unreadSentences(parts: readonly LeftOut[]): string[] {
  const groups = new Map<string, LeftOut>();
  for (const each of parts) {
    const key = JSON.stringify([each.part, each.reason]);
    const before = groups.get(key);
    groups.set(key, before === undefined ? each : { ...before, kind: `${before.kind}, ${each.kind}` });
  }
  return [...groups.values()].map(leftOutSentence);
}

/** Kinds that a confined preview often may not have, and that many apps have: one of them would keep all others from being deployed. */
const OFTEN_FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  '': ['Endpoints'],
  'autoscaling.k8s.io': ['VerticalPodAutoscaler'],
  'bitnami.com': ['SealedSecret'],
  'discovery.k8s.io': ['EndpointSlice'],
  'external-secrets.io': ['ExternalSecret', 'PushSecret', 'SecretStore'],
  'keda.sh': ['ScaledJob', 'ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com': ['PodMonitor', 'Probe', 'PrometheusRule', 'ServiceMonitor'],
  'networking.istio.io': ['DestinationRule', 'EnvoyFilter', 'Sidecar'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
  'secrets-store.csi.x-k8s.io': ['SecretProviderClass'],
  'security.istio.io': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
  'traefik.io': ['Middleware', 'ServersTransport', 'TLSOption'],
};

/** Those of them that a preview may not have here, by API group. */
export function oftenForbidden(confinement: UnreadFacts['confinement']): { group: string; names: string[] }[] {
  return Object.entries(OFTEN_FORBIDDEN).flatMap(([group, kinds]) => {
    const names = kinds.filter((kind) => confinement?.forbidden(group, kind) !== undefined);
    return names.length === 0 ? [] : [{ group, names }];
  });
}
