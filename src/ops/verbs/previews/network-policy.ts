import type { PreviewNetwork } from '../../policy/preview-policy.js';
import { toYaml } from '../../yaml/to-yaml.js';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const DNS_PORTS = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

/**
 * Whom the pods of a preview may talk to: each other, the cluster's DNS (in kube-system, or NodeLocal DNSCache at its
 * link-local address), addresses that the policy names; reached from outside by the ingress controller's namespace alone.
 * The code of a pull request reaches neither other previews nor the host environment nor the cloud's metadata.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicyOf({ ingress, egress }: PreviewNetwork): string {
  const inside = { podSelector: {} };
  const controllers = {
    namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: ingress }] },
  };
  const dns = {
    to: [
      { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'kube-system' } } },
      { ipBlock: { cidr: '169.254.20.10/32' } },
    ],
    ports: DNS_PORTS,
  };
  const outside = egress.length === 0 ? [] : [{ to: egress.map((cidr) => ({ ipBlock: { cidr } })) }];
  return toYaml({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'preview' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: ingress.length === 0 ? [inside] : [inside, controllers] }],
      egress: [{ to: [inside] }, dns, ...outside],
    },
  });
}
