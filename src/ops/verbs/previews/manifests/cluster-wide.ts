import type { Manifest } from '../../../overlays/manifests.js';

/** Kinds without a namespace. One of them in a preview would be shared with all previews and the host environment. */
const KINDS = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'IngressClass',
  'GatewayClass',
  'ClusterIssuer',
  'ClusterSecretStore',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'APIService',
]);

/** Whether an object belongs to the whole cluster, as far as its kind is known to. */
export function isClusterWide({ kind }: Manifest): boolean {
  return KINDS.has(kind);
}
