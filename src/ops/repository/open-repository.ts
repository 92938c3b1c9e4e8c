import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { readHolds } from '../policy/holds.js';
import { readPolicy } from '../policy/policy.js';
import { githubTree } from '../tree/github-tree.js';
import { memoTree } from '../tree/memo-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { likelyLayout, type OpsTree, opsTree } from './ops-tree.js';
import { branchHead, openPullRequests, pastPullRequests } from './pull-request.js';
import { readFolders } from './read-folders.js';
import { type People, readRepositoryState, unknownReviewers } from './repository-state.js';
import type { BranchView, Snapshot } from './snapshot.js';

/** A look, and what the engine reads beside it. */
export interface OpenedRepository {
  snapshot: Snapshot;
  tree: OpsTree;
}

/**
 * Takes one look at an ops repository: one request, and whatever its parts are asked for later.
 *
 * @throws Error when it cannot be read, or its policy or holds are broken
 */
export async function openRepository(
  ops: Connected,
  people: People,
  warn: (message: string) => void,
): Promise<OpenedRepository> {
  const { github, repository } = ops;
  const name = nameOf(ops);
  const operation = { doing: 'read the files', repository: name, permission: 'contents: read' };
  const repo = await attempt(operation, () => readRepositoryState(github, repository, people));
  unknownReviewers(repo, people, name).forEach(warn);
  const policy = readPolicy(repo.policyText);
  const holds = readHolds(repo.holdsText);
  const tree = opsTree(github, repository, repo);
  const branches = new Map<string, Promise<BranchView>>();
  // Every app asks for the kustomizations that apps share.
  const base = memoTree(tree.base);
  const trees = new Map<string, TreeReader>([[repo.baseOid, base]]);
  const layout = await likelyLayout(tree, repo, policy.overlay);
  const snapshot: Snapshot = {
    ops,
    repo,
    reader: tree.reader,
    tree: base,
    readOverlays: (appEnvironments) =>
      attempt(operation, () => readFolders(tree, repo.baseOid, layout, appEnvironments)),
    policy,
    holds,
    layout,
    now: new Date(),
    treeAt(oid) {
      const known = trees.get(oid) ?? githubTree(tree.reader, github, repository, oid);
      trees.set(oid, known);
      return known;
    },
    branch(branch) {
      const reading = { ...operation, doing: `read the branch ${branch}` };
      const known = branches.get(branch) ?? attempt(reading, () => readBranch(tree, branch, repo.base));
      branches.set(branch, known);
      return known;
    },
    warn,
  };
  return { snapshot, tree };
}

async function readBranch({ reader }: OpsTree, branch: string, base: string): Promise<BranchView> {
  const [head, open, past] = await Promise.all([
    reader.load(branchHead(branch, [])),
    openPullRequests(reader, branch, base),
    pastPullRequests(reader, branch, base),
  ]);
  return { head: head?.commit, open: open[0], past };
}
