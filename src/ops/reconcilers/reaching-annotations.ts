/**
 * Annotations by which a controller of the cluster does for an object what reaches past its namespace, a regular expression (RE2):
 * configuration of an ingress controller, which has the secrets of all namespaces; copies of requests to any host; hosts beside those of
 * the rules; copies into other namespaces; networks beside the cluster's, and addresses that others know somebody by; roles of the cloud
 * by name, also by annotations of a namespace that let its pods have them.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#configuration-snippet
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#traffic-routing
 * @see https://github.com/emberstack/kubernetes-reflector#usage
 * @see https://docs.tigera.io/calico/latest/networking/ipam/use-specific-ip
 * @see https://github.com/mittwald/kubernetes-replicator#push-based-replication
 * @see https://github.com/jtblin/kube2iam#namespace-restrictions
 */
export const REACHING_ANNOTATIONS = [
  '^(nginx[.]ingress[.]kubernetes[.]io|nginx[.]org|haproxy[.]org)/([a-z-]+-snippets?|mirror-target)$',
  '^(haproxy-ingress[.]github[.]io|ingress[.]kubernetes[.]io)/config-[a-z-]+$',
  '^alb[.]ingress[.]kubernetes[.]io/conditions[.].+$',
  '^reflector[.]v1[.]k8s[.]emberstack[.]com/reflection-auto-(enabled|namespaces)$',
  '^kubed[.]appscode[.]com/sync(-contexts)?$',
  '^cni[.]projectcalico[.]org/(ipAddrs|ipAddrsNoIpam|floatingIPs|ipv[46]pools|allowedSourcePrefixes|hwAddr)$',
  '^ovn[.]kubernetes[.]io/(ip_address|ip_pool|mac_address|logical_switch)$',
  '^replicator[.]v1[.]mittwald[.]de/replicate-to(-matching)?$',
  '^k8s[.]v1[.]cni[.]cncf[.]io/networks$',
  '^v1[.]multus-cni[.]io/default-network$',
  '^iam[.]amazonaws[.]com/(role|permitted|allowed-roles)$',
].join('|');
