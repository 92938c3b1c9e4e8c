/**
 * Annotations by which a controller of the cluster does for an object what reaches past its namespace, a regular expression (RE2):
 * configuration of an ingress controller, which has the secrets of all namespaces; copies of requests to any host; hosts beside those of
 * the rules; copies into other namespaces; networks beside the cluster's, and addresses that others know somebody by, of pods and of load
 * balancers; a folder of a share, which may be that of others; devices of the machine; roles of the cloud by name, also by annotations of
 * a namespace that let its pods have them.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#configuration-snippet
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#traffic-routing
 * @see https://github.com/emberstack/kubernetes-reflector#usage
 * @see https://docs.tigera.io/calico/latest/networking/ipam/use-specific-ip
 * @see https://github.com/mittwald/kubernetes-replicator#push-based-replication
 * @see https://github.com/jtblin/kube2iam#namespace-restrictions
 * @see https://www.getambassador.io/docs/emissary/latest/topics/running/ambassador
 * @see https://metallb.io/usage/#requesting-specific-ips
 * @see https://docs.cilium.io/en/stable/network/lb-ipam/#requesting-ips
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-xlb#static_ip_addresses_for_https_load_balancers
 * @see https://github.com/kubernetes-sigs/nfs-subdir-external-provisioner#deploying-your-storage-class
 * @see https://github.com/cncf-tags/container-device-interface
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
  '^(getambassador[.]io/config|nfs[.]io/storage-path)$',
  '^(cdi[.]k8s[.]io|devices[.]nri[.]io)/.+$',
  '^io[.]kubernetes[.]cri-o[.]Devices$',
  '^(metallb[.]io|metallb[.]universe[.]tf)/(loadBalancerIPs|address-pool|allow-shared-ip)$',
  '^(lbipam[.]cilium[.]io|io[.]cilium)/(lb-ipam-)?(ips|sharing-key|sharing-cross-namespace)$',
  '^kube-vip[.]io/loadbalancerIPs$',
  '^service[.]beta[.]kubernetes[.]io/aws-load-balancer-(eip-allocations|private-ipv4-addresses|ipv6-addresses)$',
  '^service[.]beta[.]kubernetes[.]io/azure-(load-balancer-ipv[46]|pip-name(-ipv6)?)$',
  '^(kubernetes[.]io/ingress[.](global|regional)-static-ip-name|networking[.]gke[.]io/load-balancer-ip-addresses)$',
  '^iam[.]amazonaws[.]com/(role|permitted|allowed-roles)$',
].join('|');
