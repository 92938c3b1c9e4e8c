const RBAC = 'rbac.authorization.k8s.io';

/** Kinds of objects, by API group: empty for the core group. */
export type Kinds = readonly (readonly [group: string, kinds: readonly string[]])[];

/** What an app may have in a preview that is confined: what reaches no further than its namespace. */
export const PREVIEW_KINDS: Kinds = [
  ['', ['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'PersistentVolumeClaim', 'Pod', 'Event']],
  ['', ['ReplicationController', 'PodTemplate']],
  ['apps', ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ControllerRevision']],
  ['batch', ['Job', 'CronJob']],
  ['autoscaling', ['HorizontalPodAutoscaler']],
  ['policy', ['PodDisruptionBudget']],
  ['networking.k8s.io', ['Ingress']],
  ['gateway.networking.k8s.io', ['Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'BackendTLSPolicy']],
  ['cert-manager.io', ['Certificate', 'Issuer']],
];

/** What it may have beside these where it is deployed with no more rights than it has itself: then it gives away no others. */
export const RIGHTS: Kinds = [[RBAC, ['Role', 'RoleBinding']]];

/** What a preview stands on in its namespace. */
export const GROUND_KINDS: Kinds = [
  ['', ['ResourceQuota', 'LimitRange']],
  ['networking.k8s.io', ['NetworkPolicy']],
];

/** A kind as RBAC names it: `networkpolicies`. */
export function resourceOf(kind: string): string {
  const small = kind.toLowerCase();
  return small.endsWith('s') ? `${small}es` : small.replace(/([^aeiou])y$/, '$1ie').concat('s');
}
