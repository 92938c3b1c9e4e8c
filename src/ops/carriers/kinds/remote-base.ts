import { parseRemote, trimSlashes } from '../../kustomize/remote.js';
import { textAt } from '../../yaml/values.js';
import type { BaseTarget, CarrierKind } from '../carrier.js';
import { tagFamily, versionOf } from '../compare-versions.js';

/** The lists of a kustomization that may name a remote folder. */
const LISTS = new Set(['resources', 'bases', 'components']);

/**
 * A remote base of a kustomization, `https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.4.0`, in any of the
 * spellings that kustomize takes. It is the target's when owner, repository and folder are; the host is not compared, for
 * one repository has several (an SSH alias, a GitHub Enterprise Server). An app in a folder of its own choice is told by
 * the tags that it has always had, where nothing is surer.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export const remoteBase: CarrierKind = {
  name: 'remote-base',
  find(site, target) {
    const item = site.value;
    if (
      target.kind !== 'base' ||
      item.kind !== 'text' ||
      !LISTS.has(site.key) ||
      typeof site.path.at(-1) !== 'number'
    ) {
      return [];
    }
    const url = parseRemote(item.text);
    const claim = url && matchBase(url.repository, url.path, url.ref, target);
    if (url === undefined || claim === undefined) {
      return [];
    }
    return [
      {
        path: site.path,
        line: item.line,
        current: { repository: url.repository, tag: url.ref },
        certain: claim === 'folder' && isPinned(url.ref),
        edits: [{ path: site.path, document: site.document, value: withRef(item.text, target.gitTag) }],
      },
    ];
  },
  candidates({ key, value: item, path }) {
    const listed = item.kind === 'text' && LISTS.has(key) && typeof path.at(-1) === 'number';
    const url = listed ? parseRemote(item.text) : undefined;
    return url === undefined ? [] : [{ kind: 'base', repository: url.repository, path: url.path }];
  },
};

/**
 * A source of an Argo CD Application that deploys the app's folder of its apps repository at a tag:
 * `{repoURL, path, targetRevision}`.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#git
 */
export const argocdSource: CarrierKind = {
  name: 'argocd-source',
  find(site, target) {
    const source = site.value;
    if (target.kind !== 'base' || source.kind !== 'map') {
      return [];
    }
    const repoURL = textAt(source, 'repoURL');
    const path = textAt(source, 'path');
    const remote = repoURL === undefined ? undefined : parseRemote(repoURL);
    const revision = textAt(source, 'targetRevision') || undefined;
    const claim = remote && path !== undefined ? matchBase(remote.repository, path, revision, target) : undefined;
    if (remote === undefined || claim === undefined) {
      return [];
    }
    return [
      {
        path: site.path,
        line: source.entries.get('targetRevision')?.line ?? source.line,
        current: { repository: remote.repository, tag: revision },
        certain: claim === 'folder' && isPinned(revision),
        edits: [
          {
            path: [...site.path, 'targetRevision'],
            document: site.document,
            value: target.gitTag,
            after: 'repoURL',
          },
        ],
      },
    ];
  },
  candidates({ value: source }) {
    const path = source.kind === 'map' ? textAt(source, 'path') : undefined;
    const url = source.kind === 'map' ? parseRemote(textAt(source, 'repoURL') ?? '') : undefined;
    return url === undefined || path === undefined
      ? []
      : [{ kind: 'base', repository: url.repository, path: trimSlashes(path) }];
  },
};

/** By what a folder of a repository is the target's: by its path, or by its tag alone. `undefined` where it is not. */
function matchBase(
  repository: string,
  path: string,
  ref: string | undefined,
  target: BaseTarget,
): 'folder' | 'tag' | undefined {
  if (repository.toLowerCase() !== target.repository.toLowerCase()) {
    return undefined;
  }
  const app = trimSlashes(target.appPath.replace(/^\.\/?/, ''));
  const folder = trimSlashes(path.replace(/^\.\/?/, ''));
  if (app === '' || folder === app || folder.startsWith(`${app}/`)) {
    return 'folder';
  }
  const family = tagFamily(target.gitTag);
  return ref !== undefined && family !== undefined && tagFamily(ref) === family ? 'tag' : undefined;
}

/** A tag with a version or a commit; a branch is followed on purpose. */
function isPinned(ref: string | undefined): boolean {
  return ref !== undefined && (versionOf(ref) !== undefined || /^[0-9a-f]{40}$/.test(ref));
}

function withRef(url: string, tag: string): string {
  const ref = encodeURIComponent(tag);
  if (/[?&](ref|version)=/.test(url)) {
    return url.replace(/([?&](?:ref|version)=)[^&]*/, (_, name: string) => `${name}${ref}`);
  }
  return `${url}${url.includes('?') ? '&' : '?'}ref=${ref}`;
}
