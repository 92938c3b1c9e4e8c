import { parseRemote } from '../../kustomize/remote.js';
import type { CarrierKind } from '../carrier.js';
import { isPinnedRef, matchBase } from './match-base.js';

/** The lists of a kustomization that may name a remote folder. */
const LISTS = new Set(['resources', 'bases', 'components']);

/**
 * A remote base of a kustomization, `https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.4.0`, in any
 * spelling that kustomize accepts. It is the target's when owner, repository and folder match. The host is not
 * compared, because a repository may have several (an SSH alias, a GitHub Enterprise Server). An app in another folder
 * is recognised by the prefix of its tags, which is not certain.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export const remoteBase: CarrierKind = {
  name: 'remote-base',
  find(node, target) {
    const item = node.value;
    if (
      target.kind !== 'base' ||
      item.kind !== 'text' ||
      !LISTS.has(node.key) ||
      typeof node.path.at(-1) !== 'number'
    ) {
      return [];
    }
    const url = parseRemote(item.text);
    const match = url && matchBase(url.repository, url.path, url.ref, target);
    if (url === undefined || match === undefined) {
      return [];
    }
    return [
      {
        path: node.path,
        line: item.line,
        current: { repository: url.repository, tag: url.ref },
        certain: match === 'folder' && isPinnedRef(url.ref),
        edits: [{ path: node.path, document: node.document, value: withRef(item.text, target.gitTag) }],
      },
    ];
  },
  candidates({ key, value: item, path }) {
    const listed = item.kind === 'text' && LISTS.has(key) && typeof path.at(-1) === 'number';
    const url = listed ? parseRemote(item.text) : undefined;
    return url === undefined ? [] : [{ kind: 'base', repository: url.repository, path: url.path }];
  },
};

function withRef(url: string, tag: string): string {
  const ref = encodeURIComponent(tag);
  if (/[?&](ref|version)=/.test(url)) {
    return url.replace(/([?&](?:ref|version)=)[^&]*/, (_, name: string) => `${name}${ref}`);
  }
  return `${url}${url.includes('?') ? '&' : '?'}ref=${ref}`;
}
