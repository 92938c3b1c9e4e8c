/** What annotations of external-dns begin with, before and since 0.22. */
export const EXTERNAL_DNS = ['external-dns.alpha.kubernetes.io', 'external-dns.kubernetes.io'];
