import { parseRemote, trimSlashes } from '../../kustomize/remote.js';
import { textAt } from '../../yaml/values.js';
import type { CarrierKind } from '../carrier.js';
import { isPinnedRef, matchBase } from './match-base.js';

/**
 * A source of an Argo CD Application that deploys the app's folder of its apps repository at a tag:
 * `{repoURL, path, targetRevision}`.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#git
 */
export const argocdSource: CarrierKind = {
  name: 'argocd-source',
  find(node, target) {
    const source = node.value;
    if (target.kind !== 'base' || source.kind !== 'map') {
      return [];
    }
    const repoURL = textAt(source, 'repoURL');
    const path = textAt(source, 'path');
    const remote = repoURL === undefined ? undefined : parseRemote(repoURL);
    const revision = textAt(source, 'targetRevision') || undefined;
    const match = remote && path !== undefined ? matchBase(remote.repository, path, revision, target) : undefined;
    if (remote === undefined || match === undefined) {
      return [];
    }
    return [
      {
        path: node.path,
        line: source.entries.get('targetRevision')?.line ?? source.line,
        current: { repository: remote.repository, tag: revision },
        certain: match === 'folder' && isPinnedRef(revision),
        edits: [
          {
            path: [...node.path, 'targetRevision'],
            document: node.document,
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
