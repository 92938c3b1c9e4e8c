/**
 * Kinds that belong to the whole cluster, by API group: those of Kubernetes, and of what many clusters have.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/ (`kubectl api-resources --namespaced=false`)
 */
const CLUSTER_KINDS: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'argoproj.io': ['ClusterAnalysisTemplate', 'ClusterWorkflowTemplate'],
  'cert-manager.io': ['ClusterIssuer'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'cilium.io': [
    ...['CiliumBGPAdvertisement', 'CiliumBGPClusterConfig', 'CiliumBGPNodeConfig', 'CiliumBGPNodeConfigOverride'],
    ...['CiliumBGPPeerConfig', 'CiliumBGPPeeringPolicy', 'CiliumCIDRGroup', 'CiliumClusterwideEnvoyConfig'],
    ...['CiliumClusterwideNetworkPolicy', 'CiliumEgressGatewayPolicy', 'CiliumEndpointSlice', 'CiliumExternalWorkload'],
    ...['CiliumIdentity', 'CiliumL2AnnouncementPolicy', 'CiliumLoadBalancerIPPool', 'CiliumNode', 'CiliumPodIPPool'],
  ],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'generators.external-secrets.io': ['ClusterGenerator'],
  'groupsnapshot.storage.k8s.io': ['VolumeGroupSnapshotClass', 'VolumeGroupSnapshotContent'],
  'keda.sh': ['ClusterTriggerAuthentication'],
  'kyverno.io': ['ClusterCleanupPolicy', 'ClusterPolicy', 'GlobalContextEntry'],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'postgresql.cnpg.io': ['ClusterImageCatalog'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  'storagemigration.k8s.io': ['StorageVersionMigration'],
};

/**
 * Further groups of which every kind that is not listed above has a namespace: `*.` stands for groups that end so. Anybody may have
 * a group of `k8s.io`, so that only those of Kubernetes itself are here.
 */
const NAMESPACED_GROUPS = [
  ...['', 'acme.cert-manager.io', 'apps', 'autoscaling', 'autoscaling.k8s.io', 'batch', 'bitnami.com', 'extensions'],
  ...['externaldns.k8s.io', 'monitoring.coreos.com', 'networking.gke.io', 'networking.istio.io', 'projectcontour.io'],
  ...['route.openshift.io', 'secrets-store.csi.x-k8s.io', 'security.istio.io', 'serving.knative.dev', 'traefik.io'],
  ...['traefik.containo.us', '*.toolkit.fluxcd.io', 'coordination.k8s.io', 'discovery.k8s.io', 'events.k8s.io'],
];

/** Where an object of a kind is: in a namespace, or in none. */
export type Scope = 'namespace' | 'cluster';

/** Whether a kind belongs to the whole cluster, as far as it is known. @param group empty for the core group */
export function isClusterKind(group: string, kind: string): boolean {
  return Object.hasOwn(CLUSTER_KINDS, group) && CLUSTER_KINDS[group]?.includes(kind) === true;
}

/**
 * Where objects of a kind are, by Kubernetes' own kinds and those that many clusters have.
 *
 * @param group empty for the core group
 * @returns `undefined` for a kind that is none of these
 */
export function knownScope(group: string, kind: string): Scope | undefined {
  if (isClusterKind(group, kind)) {
    return 'cluster';
  }
  const isKnown = (pattern: string) => (pattern.startsWith('*') ? group.endsWith(pattern.slice(1)) : group === pattern);
  return Object.hasOwn(CLUSTER_KINDS, group) || NAMESPACED_GROUPS.some(isKnown) ? 'namespace' : undefined;
}

/** All kinds of Kubernetes and of what many clusters have that belong to the whole cluster, each once, in alphabetical order. */
export function clusterKinds(): string[] {
  return [...new Set(Object.values(CLUSTER_KINDS).flat())].sort();
}
