/**
 * Annotations by which a controller of the cluster does for an object what reaches past its namespace, a regular expression (RE2):
 * configuration of an ingress controller, which has the secrets of all namespaces; copies of requests to any host; copies into other
 * namespaces; networks beside the cluster's; roles of the cloud by name.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
 * @see https://github.com/mittwald/kubernetes-replicator#push-based-replication
 * @see https://github.com/jtblin/kube2iam#namespace-restrictions
 */
export const REACHING_ANNOTATIONS = [
  '^(nginx[.]ingress[.]kubernetes[.]io|nginx[.]org|haproxy[.]org)/([a-z-]+-snippets?|mirror-target)$',
  '^replicator[.]v1[.]mittwald[.]de/replicate-to(-matching)?$',
  '^k8s[.]v1[.]cni[.]cncf[.]io/networks$',
  '^v1[.]multus-cni[.]io/default-network$',
  '^iam[.]amazonaws[.]com/role$',
].join('|');
