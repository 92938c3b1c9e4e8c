/** What annotations of external-dns begin with, before and since 0.22. */
export const EXTERNAL_DNS = ['external-dns.alpha.kubernetes.io', 'external-dns.kubernetes.io'];

/** What they end with that claim hosts, separated by commas. */
export const DNS_NAMES = ['/hostname', '/internal-hostname'];

/**
 * Annotations of others that claim hosts, separated by commas.
 *
 * @see https://github.com/kubernetes/kops/blob/master/dns-controller/README.md
 */
export const HOST_ALIASES = [
  ...['dns.alpha.kubernetes.io/external', 'dns.alpha.kubernetes.io/internal', 'dns.gardener.cloud/dnsnames'],
  ...['haproxy-ingress.github.io/server-alias', 'konghq.com/host-aliases', 'nginx.ingress.kubernetes.io/server-alias'],
];
