import type { PreviewNetwork } from '../../../policy/preview-policy.js';
import { keptOutOf } from '../../../reconcilers/metadata-addresses.js';
import { GROUND, KEPT, LOCAL_DNS } from '../../../reconcilers/preview-ground.js';
import { toYaml } from '../../../yaml/to-yaml.js';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const DNS_PORTS = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

/**
 * The NetworkPolicy of a preview, YAML. Its pods may reach each other, the cluster's DNS (in kube-system, or NodeLocal
 * DNSCache at its link-local address) and the addresses that the policy names; only the namespaces of ingress controllers
 * reach them from outside. So the code of a pull request reaches neither other previews, nor the host environment, nor, unless the policy
 * names its very address, the metadata service of the cloud.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export function networkPolicyOf({ ingress, egress }: PreviewNetwork, namespace: string): string {
  const inside = { podSelector: {} };
  const controllers = {
    namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: ingress }] },
  };
  const dns = {
    to: [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'kube-system' } } }, { ipBlock: { cidr: LOCAL_DNS } }],
    ports: DNS_PORTS,
  };
  const outside = egress.length === 0 ? [] : [{ to: egress.map(blockOf) }];
  return toYaml({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: GROUND, namespace, annotations: KEPT },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: ingress.length === 0 ? [inside] : [inside, controllers] }],
      egress: [{ to: [inside] }, dns, ...outside],
    },
  });
}

function blockOf(cidr: string) {
  const except = keptOutOf(cidr);
  return { ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } };
}
