import { type Commit, parseCommit, parseTag } from '../../git/commit.js';
import type { GitObject } from '../../git/objects.js';
import { parseTree } from '../../git/tree.js';
import type { TreeEntry } from '../../git/tree-entry.js';
import { entryType, isMadeByGitHub, objectNodeId } from '../../views/git.js';
import { pageUrlOf } from '../../views/repository.js';
import { timestamp } from '../../views/timestamp.js';
import { pullsOfCommit } from '../../world/pulls.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { gitActor } from './actors.js';
import { checkSuitesOf, rollupNode, statusNode } from './checks.js';
import { type DeploymentArguments, deploymentsConnection } from './deployments.js';
import { pullNode } from './pulls.js';
import { repositoryNode } from './repository.js';

/** GitHub cuts the text of larger blobs. */
const largestText = 512_000;

/**
 * Any `GitObject`.
 *
 * @param path where a tree was found, for the paths of its entries
 */
export function objectNode(scope: RepositoryScope, object: GitObject, path = '') {
  switch (object.type) {
    case 'commit':
      return commitNode(scope, parseCommit(object.oid, object.content));
    case 'tag':
      return tagNode(scope, object);
    case 'tree':
      return treeNode(scope, object, path);
    case 'blob':
      return blobNode(scope, object);
  }
}

/** Reads an object and shows it; `null` when there is none. */
export async function objectAt(scope: RepositoryScope, expression: string) {
  demand(scope, 'contents');
  const object = await scope.repository.objects.read(expression);
  const colon = expression.indexOf(':');
  return object === undefined ? null : objectNode(scope, object, colon < 0 ? '' : expression.slice(colon + 1));
}

function common({ world, repository, ...scope }: RepositoryScope, kind: 'C' | 'B' | 'T' | 'TA', oid: string) {
  const page = `${pageUrlOf(world, repository)}/commit/${oid}`;
  return {
    id: objectNodeId(repository, kind, oid),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    commitUrl: page,
    commitResourcePath: `/${repository.fullName}/commit/${oid}`,
    repository: () => repositoryNode({ world, repository, ...scope }),
  };
}

function blobNode(scope: RepositoryScope, { oid, content }: GitObject) {
  // git's own rule of thumb: a zero byte near the start makes a file binary
  const isBinary = content.subarray(0, 8000).includes(0);
  return {
    __typename: 'Blob',
    ...common(scope, 'B', oid),
    byteSize: content.length,
    isBinary,
    isTruncated: content.length > largestText,
    text: isBinary ? null : content.toString('utf8', 0, largestText),
  };
}

function treeNode(scope: RepositoryScope, { oid, content }: GitObject, path: string) {
  return {
    __typename: 'Tree',
    ...common(scope, 'T', oid),
    entries: () => parseTree(content).map((entry) => treeEntryNode(scope, entry, path)),
  };
}

function treeEntryNode(scope: RepositoryScope, entry: TreeEntry, folder: string) {
  const path = folder === '' ? entry.name : `${folder.replace(/\/$/, '')}/${entry.name}`;
  const read = () => scope.repository.objects.read(entry.oid);
  return {
    name: entry.name,
    path,
    extension: /\.[^.]*$/.exec(entry.name)?.[0] ?? '',
    mode: Number.parseInt(entry.mode, 8),
    type: entryType(entry),
    oid: entry.oid,
    size: async () => (entryType(entry) === 'blob' ? ((await read())?.content.length ?? 0) : 0),
    object: async () => {
      const object = await read();
      return object === undefined ? null : objectNode(scope, object, path);
    },
    repository: () => repositoryNode(scope),
  };
}

/** A `Tag` object. */
function tagNode(scope: RepositoryScope, object: GitObject) {
  const tag = parseTag(object.oid, object.content);
  return {
    __typename: 'Tag',
    ...common(scope, 'TA', tag.oid),
    name: tag.tag,
    message: tag.message,
    tagger: gitActor(scope, tag.tagger),
    target: () => objectAt(scope, tag.object),
  };
}

/** A `Commit` by its id; `null` when there is none. */
export async function commitAt(scope: RepositoryScope, oid: string) {
  const commit = await scope.repository.history.commit(oid);
  return commit === undefined ? null : commitNode(scope, commit);
}

/** A `Commit`. */
export function commitNode(scope: RepositoryScope, commit: Commit) {
  const { world, repository } = scope;
  const [headline = '', ...rest] = commit.message.trim().split('\n');
  const author = gitActor(scope, commit.author);
  return {
    __typename: 'Commit',
    ...common(scope, 'C', commit.oid),
    message: commit.message.replace(/\n$/, ''),
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    authoredDate: timestamp(commit.author.date),
    committedDate: timestamp(commit.committer.date),
    author,
    committer: gitActor(scope, commit.committer),
    authors: (paging: Paging) => connection('authors', [author], paging, (one) => one),
    committedViaWeb: isMadeByGitHub(commit),
    signature: isMadeByGitHub(commit)
      ? {
          __typename: 'GpgSignature',
          isValid: true,
          state: 'VALID',
          wasSignedByGitHub: true,
          email: commit.committer.email,
        }
      : null,
    url: `${pageUrlOf(world, repository)}/commit/${commit.oid}`,
    resourcePath: `/${repository.fullName}/commit/${commit.oid}`,
    tree: () => objectAt(scope, commit.tree),
    treeUrl: `${pageUrlOf(world, repository)}/tree/${commit.oid}`,
    parents: (paging: Paging) => connection('parents', commit.parents, paging, (oid) => commitAt(scope, oid)),
    file: ({ path }: { path: string }) => fileOf(scope, commit, path),
    history: (args: HistoryArguments) => historyOf(scope, commit, args),
    associatedPullRequests: async (paging: Paging) => {
      demand(scope, 'pull_requests');
      const pulls = await pullsOfCommit(repository, commit.oid);
      return connection('associatedPullRequests', pulls, paging, (pull) => pullNode(scope, pull));
    },
    deployments: (args: DeploymentArguments) => deploymentsConnection(scope, args, commit.oid),
    status: () => statusNode(scope, commit.oid),
    statusCheckRollup: () => rollupNode(scope, commit.oid),
    checkSuites: (paging: Paging) => checkSuitesOf(scope, commit.oid, paging),
    ...changeCounts(scope, commit),
  };
}

function changeCounts({ repository }: RepositoryScope, commit: Commit) {
  const changes = async () => {
    const [parent] = commit.parents;
    return parent === undefined ? [] : repository.history.changes(parent, commit.oid);
  };
  return {
    additions: async () => (await changes()).reduce((sum, change) => sum + change.additions, 0),
    deletions: async () => (await changes()).reduce((sum, change) => sum + change.deletions, 0),
    changedFilesIfAvailable: async () => (await changes()).length,
  };
}

async function fileOf(scope: RepositoryScope, commit: Commit, path: string) {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const tree = await scope.repository.objects.read(`${commit.tree}:${folder}`);
  const entries = tree?.type === 'tree' ? parseTree(tree.content) : [];
  const entry = entries.find(({ name }) => name === path.slice(slash + 1));
  return entry === undefined ? null : treeEntryNode(scope, entry, folder);
}

interface HistoryArguments extends Paging {
  path?: string | null;
  since?: string | null;
  until?: string | null;
}

async function historyOf(scope: RepositoryScope, commit: Commit, args: HistoryArguments) {
  const limits = [
    ...(args.since ? [`--since=${args.since}`] : []),
    ...(args.until ? [`--until=${args.until}`] : []),
    commit.oid,
  ];
  const ids = await scope.repository.history.list(limits, args.path ? [args.path] : []);
  return connection('history', ids, args, (oid) => commitAt(scope, oid));
}
