import type { Commit, Signature, Tag } from '../git/commit.js';
import type { GitObject } from '../git/objects.js';
import { parseTree } from '../git/tree.js';
import type { TreeEntry } from '../git/tree-entry.js';
import type { Account } from '../world/accounts.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** A ref as REST shows it (`git-ref`). */
export function refView(world: World, repository: Repository, name: string, object: GitObject) {
  const url = apiUrlOf(world, repository);
  return {
    ref: name,
    node_id: refNodeId(repository, name),
    url: `${url}/git/${name}`,
    object: { sha: object.oid, type: object.type, url: `${url}/git/${object.type}s/${object.oid}` },
  };
}

export function refNodeId(repository: Repository, name: string): string {
  return `REF_${repository.id}_${Buffer.from(name).toString('base64url')}`;
}

export function objectNodeId(repository: Repository, kind: 'C' | 'B' | 'T' | 'TA', oid: string): string {
  return `${kind}_${repository.id}_${oid}`;
}

/** An annotated tag as REST shows it (`git-tag`). */
export function tagObjectView(world: World, repository: Repository, tag: Tag) {
  const url = apiUrlOf(world, repository);
  return {
    node_id: objectNodeId(repository, 'TA', tag.oid),
    sha: tag.oid,
    url: `${url}/git/tags/${tag.oid}`,
    tagger: signatureView(tag.tagger),
    object: { sha: tag.object, type: tag.type, url: `${url}/git/${tag.type}s/${tag.object}` },
    tag: tag.tag,
    message: tag.message,
    verification: unsigned,
  };
}

export function signatureView(signature: Signature) {
  return { name: signature.name, email: signature.email, date: timestamp(signature.date) };
}

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** The `verification` of a commit: those made by the API are signed by GitHub. */
export function verificationOf(commit: Commit) {
  return isMadeByGitHub(commit)
    ? {
        verified: true,
        reason: 'valid',
        signature: 'local',
        payload: 'local',
        verified_at: timestamp(commit.committer.date),
      }
    : unsigned;
}

export function isMadeByGitHub(commit: Commit): boolean {
  return commit.committer.email === 'noreply@github.com';
}

/** A commit as `git/commits` shows it (`git-commit`). */
export function gitCommitView(world: World, repository: Repository, commit: Commit) {
  const url = apiUrlOf(world, repository);
  const page = pageUrlOf(world, repository);
  return {
    sha: commit.oid,
    node_id: objectNodeId(repository, 'C', commit.oid),
    url: `${url}/git/commits/${commit.oid}`,
    html_url: `${page}/commit/${commit.oid}`,
    author: signatureView(commit.author),
    committer: signatureView(commit.committer),
    message: commit.message.replace(/\n$/, ''),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: verificationOf(commit),
  };
}

/** A commit as `commits` shows it (`commit`). */
export function commitView(world: World, repository: Repository, commit: Commit) {
  const url = apiUrlOf(world, repository);
  const page = pageUrlOf(world, repository);
  const author = accountOf(world, commit.author);
  const committer = accountOf(world, commit.committer);
  return {
    sha: commit.oid,
    node_id: objectNodeId(repository, 'C', commit.oid),
    commit: {
      author: signatureView(commit.author),
      committer: signatureView(commit.committer),
      message: commit.message.replace(/\n$/, ''),
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: verificationOf(commit),
    },
    url: `${url}/commits/${commit.oid}`,
    html_url: `${page}/commit/${commit.oid}`,
    comments_url: `${url}/commits/${commit.oid}/comments`,
    author: author === undefined ? null : userView(world, author),
    committer: committer === undefined ? null : userView(world, committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
  };
}

/** The account behind a signature: the one its no-reply address names. */
export function accountOf(world: World, signature: Signature): Account | undefined {
  if (signature.email === 'noreply@github.com') {
    return world.accounts.get('web-flow');
  }
  const match = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(signature.email);
  return match?.[1] === undefined ? undefined : world.accounts.get(match[1]);
}

export type EntryType = 'blob' | 'tree' | 'commit';

/** What kind of object a tree's entry points at. */
export function entryType(entry: TreeEntry): EntryType {
  if (entry.mode === '40000') {
    return 'tree';
  }
  return entry.mode === '160000' ? 'commit' : 'blob';
}

/** Entries of a tree with six-digit modes and full paths, as `git/trees` lists them. */
export async function treeEntries(repository: Repository, tree: GitObject, recursive: boolean, prefix = '') {
  const found: { path: string; mode: string; type: EntryType; sha: string; size?: number }[] = [];
  for (const entry of parseTree(tree.content)) {
    const path = `${prefix}${entry.name}`;
    const type = entryType(entry);
    found.push({ path, mode: entry.mode.padStart(6, '0'), type, sha: entry.oid });
    const inner = recursive && type === 'tree' ? await repository.objects.read(entry.oid) : undefined;
    if (inner !== undefined) {
      found.push(...(await treeEntries(repository, inner, true, `${path}/`)));
    }
  }
  return found;
}
