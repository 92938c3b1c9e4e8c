import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { HOLDS_FILE } from '../policy/holds.js';
import { POLICY_FILE } from '../policy/policy.js';
import { CachedTree } from '../tree/cached-tree.js';
import { addToCache, githubTree } from '../tree/github-tree.js';
import type { Found } from './pull-request.js';
import type { RepositoryState } from './repository-state.js';

/** Read access to an ops repository at the commit it was opened at. */
export interface OpsTree {
  github: GitHub;
  repository: RepositoryName;
  reader: RepositoryReader;
  /** The commit that was opened, with what came along in the first request. */
  base: CachedTree;
}

/** The tree of the commit; root, `overlays/`, the names in folders of objects, policy and holds are known already. */
export function opsTree(github: GitHub, repository: RepositoryName, repo: RepositoryState): OpsTree {
  const reader = repositoryReader(github, repository, 'ReadOps');
  const base = new CachedTree(githubTree(reader, github, repository, repo.baseOid));
  const folder = (name: string) => ({ name, type: 'folder' as const, entries: undefined });
  const file = (name: string) => ({ name, type: 'file' as const, text: undefined });
  base.add({
    path: '',
    entries: repo.root.map(({ name, type }) => (type === 'folder' ? folder(name) : file(name))),
  });
  if (repo.root.some(({ name, type }) => name === 'overlays' && type === 'folder')) {
    base.add({ path: 'overlays', entries: repo.overlays.map(folder) });
  }
  repo.homes.forEach((home) => {
    base.add(home);
  });
  for (const [path, text] of [
    [POLICY_FILE, repo.policyText],
    [HOLDS_FILE, repo.holdsText],
  ] as const) {
    if (text === undefined) {
      base.addAbsent(path);
    } else {
      base.addFile(path, text);
    }
  }
  return { github, repository, reader, base };
}

/** Hands what came along for the paths, in their order, to a tree of the same commit. */
export function addAll(tree: CachedTree, paths: readonly string[], found: readonly Found[]): void {
  for (const [index, path] of paths.entries()) {
    const entry = found[index] ?? null;
    addToCache(tree, path, entry?.mode ?? 0, entry?.object ?? null);
  }
}
