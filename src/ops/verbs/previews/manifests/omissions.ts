import { leftOut } from '../../../judgement/left-out.js';
import { oftenForbidden } from '../../../judgement/unread-in-previews.js';
import { clusterKinds, knownScope, type Scope } from '../../../kustomize/cluster-kinds.js';
import { layerText } from '../../../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { Confinement } from '../../../reconcilers/reconciler.js';
import type { Adaptation } from './adaptation.js';
import { deletionOf, deletionPatch, type Patch } from './kustomize-patch.js';
import { CLAIMING_KINDS } from './route-hosts.js';
import { isHost } from './services.js';

/** Groups of the objects of Flux, Argo CD, k3s and Fleet, which deploy with rights of their own. */
const DEPLOYING =
  /(^|\.)((toolkit|contrib)\.fluxcd\.io|fluxcd\.controlplane\.io|kustomize\.config\.k8s\.io)$|^argoproj\.io$|^(helm|k3s|fleet)\.cattle\.io$/;

/** Kinds of Argo's group that deploy nothing: those of Argo Rollouts, Workflows and Events. */
const ARGO_APPS = new Set(['Application', 'ApplicationSet', 'AppProject', 'ArgoCD']);

/**
 * What a preview has from its policy, and an app's own would open or narrow. A NetworkPolicy is one in every group: what one of them
 * lets through, others do not take back.
 */
const NETWORK_KINDS = ['NetworkPolicy', 'CiliumNetworkPolicy'];
const QUOTA_KINDS = ['ResourceQuota', 'LimitRange'];

/**
 * What leads past the network policy of a preview, or opens the preview to others: addresses of a Service that are not its pods', traffic
 * of a machine that goes elsewhere, networks beside the cluster's.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
 * @see https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/
 * @see https://istio.io/latest/docs/reference/config/networking/workload-entry/
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
const LEADING_PAST: Readonly<Record<string, readonly string[]>> = {
  '': ['Endpoints'],
  'cilium.io': ['CiliumEnvoyConfig', 'CiliumLocalRedirectPolicy'],
  'discovery.k8s.io': ['EndpointSlice'],
  'gateway.networking.k8s.io': ['ReferenceGrant'],
  'k8s.cni.cncf.io': ['NetworkAttachmentDefinition'],
  'networking.istio.io': ['WorkloadEntry', 'WorkloadGroup'],
};

/** Where objects of kinds are that nobody knows. */
export interface Scopes {
  /** As the policy says it: by `Kind.group`. */
  said: ReadonlyMap<string, Scope>;
  /** As definitions in the repository say it: by `Kind.group`. */
  defined: ReadonlyMap<string, Scope>;
}

/** The scopes that CustomResourceDefinitions say, by `Kind.group`. */
export function definedScopes(objects: readonly LayerObject[]): Map<string, Scope> {
  return new Map(
    objects
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ root }) => [
        `${layerText(root, 'spec', 'names', 'kind')}.${layerText(root, 'spec', 'group')}`,
        layerText(root, 'spec', 'scope') === 'Cluster' ? 'cluster' : 'namespace',
      ]),
  );
}

/** What of a preview decides which objects it has. */
export interface Surroundings {
  /** Whether it has a NetworkPolicy of its own, and a quota. */
  hasNetwork: boolean;
  hasQuota: boolean;
  /** Whether the cluster confines it to its namespace. */
  isClosedIn: boolean;
}

/** Why an object is not in a preview, a clause; `undefined` where it is. */
export function omissionOf(
  object: LayerObject,
  scopes: Scopes,
  { hasNetwork, hasQuota, isClosedIn }: Surroundings,
): string | undefined {
  const { group, kind } = object;
  if (DEPLOYING.test(group) && (group !== 'argoproj.io' || ARGO_APPS.has(kind))) {
    return deployingOmission(group, kind, isClosedIn);
  }
  if (hasNetwork && NETWORK_KINDS.includes(kind)) {
    return ownOf('network');
  }
  const full = `${kind}.${group}`;
  if (hasNetwork && (isHost(object) || (Object.hasOwn(LEADING_PAST, group) && LEADING_PAST[group]?.includes(kind)))) {
    return 'it leads past what previews.network lets a preview reach';
  }
  const scope = scopes.said.get(full) ?? scopes.defined.get(full) ?? knownScope(group, kind);
  if (scope === 'cluster') {
    return 'it belongs to the whole cluster';
  }
  if (scope === undefined) {
    return `nothing tells whether it belongs to the whole cluster. Say it in ostack.yaml: previews: { kinds: { ${full}: namespace } }, or cluster`;
  }
  return hasQuota && group === '' && QUOTA_KINDS.includes(kind) ? ownOf('quota') : undefined;
}

function ownOf(key: 'network' | 'quota'): string {
  return `a preview has the one of previews.${key}, beside which another would open it`;
}

/** A chart may be in a preview while nothing confines that: its release is sent to the preview's namespace. */
function deployingOmission(group: string, kind: string, isClosedIn: boolean): string | undefined {
  const isChart = kind === 'HelmRelease' || group === 'source.toolkit.fluxcd.io';
  if (!isChart) {
    return 'what it deploys would be outside of the preview';
  }
  return isClosedIn ? 'Flux would deploy it with rights that a preview does not have' : undefined;
}

/** Leaves an object out. */
export function omit(app: string, object: LayerObject, reason: string): Adaptation {
  return { patches: [deletionPatch(object)], leftOut: [leftOut(app, object, reason)], refused: [] };
}

/** Why an object is not in a preview that is confined, a clause; `undefined` where it is. */
export function beyond(object: LayerObject, { own, forbidden, excess }: Confinement): string | undefined {
  const { name } = currentId(object);
  return own.some((each) => each.kind === object.kind && each.name === name)
    ? 'by the one of that name a preview has its rights'
    : (forbidden(object.group, object.kind) ?? excess?.(object));
}

/**
 * What leaves out of an app whatever may not be in a preview and is not read here: bases in other repositories, charts.
 *
 * @param routes whether what claims hosts is left out, too
 * @param confinement how it is confined; `undefined` where it is not
 */
export function unreadOmissions(routes: boolean, confinement: Confinement | undefined): Patch[] {
  const kinds = [...clusterKinds(), ...NETWORK_KINDS, ...QUOTA_KINDS, ...Object.values(LEADING_PAST).flat()].join('|');
  return [
    deletionOf({ kind: kinds }),
    deletionOf({
      group: '(.*\\.)?(toolkit|contrib)\\.fluxcd\\.io|fluxcd\\.controlplane\\.io|(helm|k3s|fleet)\\.cattle\\.io',
    }),
    deletionOf({ group: 'argoproj\\.io', kind: [...ARGO_APPS].join('|') }),
    ...(routes ? [deletionOf({ kind: CLAIMING_KINDS.join('|') })] : []),
    ...(confinement?.own ?? []).map((each) => deletionOf(each)),
    ...oftenForbidden(confinement).map(({ group, names }) =>
      deletionOf({ ...(group === '' ? {} : { group: group.replaceAll('.', '\\.') }), kind: names.join('|') }),
    ),
  ];
}
