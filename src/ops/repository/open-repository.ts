import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { type InfraConfig, readInfraConfig } from '../../infra/config/infra-config.js';
import { environmentsPolicy } from '../../infra/config/infra-policy.js';
import { isInfraConfig } from '../../infra/config/is-infra.js';
import { type Policy, readPolicy } from '../policy/policy.js';
import { CachedTree } from '../tree/cached-tree.js';
import { githubTree } from '../tree/github-tree.js';
import { memoTree } from '../tree/memo-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { findLabel, type Label } from './labels.js';
import { addAll, type OpsTree, opsTree } from './ops-tree.js';
import {
  type BranchCommit,
  branchHead,
  filesAt,
  openPullRequests,
  type PastPullRequest,
  type PullRequest,
  pastPullRequests,
} from './pull-request.js';
import { type People, type RepositoryState, readRepositoryState, unknownReviewers } from './repository-state.js';

/** A branch that environments live on, and the policy that says so. */
export interface Away {
  /** `undefined` for the default branch. */
  branch: string | undefined;
  policy: Policy;
}

/** An ops repository at the newest commit of its default branch, with the policy of that commit; or a branch that one speaks of. */
export interface OpenRepository {
  ops: Connected;
  repo: RepositoryState;
  policy: Policy;
  /** What an infra repository says in the place of a policy; missing in an ops repository. */
  infra?: InfraConfig;
  /** When it was read. */
  now: Date;
  /** Reads of one tick, of all that use it, are one request. */
  reader: RepositoryReader;
  /** The commit's tree, with what came along in the first request. Reads of one tick are one request. */
  tree: TreeReader;
  /** The same tree with its cache, which other reads fill. */
  opsTree: OpsTree;
  /** Any other commit; its reads go along with those of `tree`. */
  treeAt(oid: string): TreeReader;
  /** A branch and its pull requests, asked for once. */
  branch(name: string): Promise<BranchView>;
  /** Forgets what is known of a branch, so that the next question about it is asked again. */
  forgetBranch(name: string): void;
  /** A label by its name, asked for once. */
  label(name: string): Promise<Label>;
  /** Reads in one request what several proposals will ask for. */
  readAhead(needs: readonly Need[]): Promise<void>;
  /** Takes what a person should know and nothing fails of; the same text twice is reported once. */
  warn(message: string): void;
}

/** What a proposal will ask for. */
export interface Need {
  branch: string;
  /** Files and folders, at the commit that was opened and at the head of the branch. */
  paths: readonly string[];
  /** Names of labels. */
  labels: readonly string[];
}

/** A branch of ours, with the pull requests from it into the default branch. */
export interface BranchView {
  head: BranchCommit | undefined;
  open: PullRequest | undefined;
  /** No longer open, newest first. */
  past: PastPullRequest[];
}

/**
 * Opens an ops repository at the newest commit of its default branch: one request, and whatever is asked for later.
 *
 * @param people who will be asked to review; those that GitHub does not know are a warning
 * @param away another branch, whose own policy says nothing
 * @param takesInfra whether it may be an infra repository; elsewhere its `ostack.yaml` is a broken policy
 * @throws Error when it cannot be read, or its policy is broken
 */
export async function openRepository(
  ops: Connected,
  people: People,
  warn: (message: string) => void,
  away?: Away,
  takesInfra = false,
): Promise<OpenRepository> {
  const { github, repository } = ops;
  const name = nameOf(ops);
  const operation = { doing: 'read the files', repository: name, permission: 'contents: read' };
  const repo = await attempt(operation, () => readRepositoryState(github, repository, people, away?.branch));
  unknownReviewers(repo, people, name).forEach(warn);
  const infra = takesInfra && isInfraConfig(repo.policyText) ? readInfraConfig(repo.policyText) : undefined;
  const policy = away?.policy ?? (infra === undefined ? readPolicy(repo.policyText) : environmentsPolicy(infra));
  const tree = opsTree(github, repository, repo);
  const commits = commitTrees(tree, repo.baseOid);
  const branches = branchesOf(tree, repo.base, commits);
  const labels = new Map<string, Promise<Label>>();
  const label = (labelName: string) => {
    const known = labels.get(labelName) ?? findLabel(tree.reader, labelName);
    labels.set(labelName, known);
    return known;
  };
  return {
    ...(infra !== undefined && { infra }),
    ...{ ops, repo, policy, now: new Date(), reader: tree.reader, tree: commits.at(repo.baseOid), opsTree: tree },
    treeAt: (oid) => commits.at(oid),
    branch: (branch) => attempt({ ...operation, doing: `read the branch ${branch}` }, () => branches.read(branch, [])),
    forgetBranch: (branch) => branches.forget(branch),
    label,
    readAhead: (needs) =>
      attempt(operation, async () => {
        await Promise.all(needs.map((need) => readNeed(tree, repo.baseOid, need, branches, label)));
      }),
    warn,
  };
}

async function readNeed(
  { reader, base }: OpsTree,
  baseOid: string,
  { branch, paths, labels }: Need,
  branches: Branches,
  label: (name: string) => Promise<Label>,
): Promise<void> {
  const [files] = await Promise.all([
    reader.load(filesAt(baseOid, paths)),
    branches.read(branch, paths),
    ...labels.map(label),
  ]);
  addAll(base, paths, files);
}

/** The trees of commits, each asked for a path once. */
interface CommitTrees {
  at(oid: string): TreeReader;
  /** Takes in what came along with a commit. */
  add(oid: string, paths: readonly string[], files: Parameters<typeof addAll>[2]): void;
}

function commitTrees({ reader, github, repository, base }: OpsTree, baseOid: string): CommitTrees {
  // Every app asks for the kustomizations that apps share.
  const trees = new Map([[baseOid, { cached: base, tree: memoTree(base) }]]);
  const treeAt = (oid: string) => {
    const cached = new CachedTree(githubTree(reader, github, repository, oid));
    const known = trees.get(oid) ?? { cached, tree: memoTree(cached) };
    trees.set(oid, known);
    return known;
  };
  return { at: (oid) => treeAt(oid).tree, add: (oid, paths, files) => addAll(treeAt(oid).cached, paths, files) };
}

/** The branches of a repository with their pull requests, each read once. */
interface Branches {
  /** @param paths of files and folders that come along with its head */
  read(branch: string, paths: readonly string[]): Promise<BranchView>;
  forget(branch: string): void;
}

function branchesOf({ reader }: OpsTree, base: string, commits: CommitTrees): Branches {
  const known = new Map<string, Promise<BranchView>>();
  async function readBranch(branch: string, paths: readonly string[]): Promise<BranchView> {
    const [head, open, past] = await Promise.all([
      reader.load(branchHead(branch, paths)),
      openPullRequests(reader, branch, base),
      pastPullRequests(reader, branch, base),
    ]);
    if (head !== null) {
      commits.add(head.commit.oid, paths, head.files);
    }
    return { head: head?.commit, open: open[0], past };
  }
  return {
    read(branch, paths) {
      const reading = known.get(branch) ?? readBranch(branch, paths);
      known.set(branch, reading);
      return reading;
    },
    forget(branch) {
      known.delete(branch);
    },
  };
}
