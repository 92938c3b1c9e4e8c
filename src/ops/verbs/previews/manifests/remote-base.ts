import { isRemote, parseRemote } from '../../../kustomize/remote.js';
import type { PreviewRecord } from '../../../preview-records/record.js';

/**
 * A remote base at the pull request's commit, where it is in the pull request's own repository.
 *
 * @param address as kustomize takes it, such as `https://github.com/acme/apps//deploy?ref=v1.0.0`
 * @returns the address as it is for any other repository
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md for `ref` and `version`
 */
export function atPreviewCommit(address: string, { repository, head }: PreviewRecord): string {
  // The address of a file has its commit in its path, where nobody tells it from the rest.
  const remote = isRemote(address) ? parseRemote(address) : undefined;
  if (remote === undefined || remote.repository.toLowerCase() !== repository.toLowerCase()) {
    return address;
  }
  return /[?&](ref|version)=/.test(address)
    ? address.replace(/([?&](?:ref|version)=)[^&]*/, (_, key: string) => `${key}${head}`)
    : `${address}${address.includes('?') ? '&' : '?'}ref=${head}`;
}
