import { hardQuota, type PreviewPolicy } from '../policy/preview-policy.js';
import { hostPattern } from '../preview-records/address.js';
import { previewNamespaces } from '../preview-records/namespaces.js';
import type { PreviewBounds } from '../reconcilers/reconciler.js';
import type { Sharing } from '../repository/workspaces.js';

const LEVELS = ['restricted', 'baseline', 'privileged'];

/** What previews are confined to: their namespaces and hosts, and the level that the policy has for them, or a stricter one. */
export function boundsOf(
  { podSecurity, network, quota, url }: Pick<PreviewPolicy, 'podSecurity' | 'network' | 'quota' | 'url'>,
  { own, guests }: Pick<Sharing, 'own' | 'guests'>,
): PreviewBounds {
  const workspaces = [...(own === undefined ? [] : [own]), ...guests];
  return {
    namespaces: previewNamespaces(workspaces),
    podSecurity: LEVELS.slice(0, LEVELS.indexOf(podSecurity) + 1),
    network,
    quota: quota && hardQuota(quota),
    hosts: url === undefined ? undefined : hostPattern(url),
  };
}
