import * as v from 'valibot';
import type { Bind, Field, RepositoryReader } from '../../github/repository-reader.js';
import { parseTrailers, type Trailers } from '../ledger/trailers.js';
import { MERGE_WHEN_ALLOWED } from '../policy/merge-decision.js';
import { FOLDER_SELECTION, folderSchema } from '../tree/github-tree.js';
import { listPullRequests, type PullRequestFilter } from './list-pull-requests.js';

/** One commit of a branch of ours that its base does not have. */
export interface BranchCommit {
  oid: string;
  /** Of the commits of a pull request only the first one's is known. */
  firstParent: string | undefined;
  /** How many files it changes; only the head of a branch has it, and only where GitHub could count them. */
  changedFiles?: number | undefined;
  /** First line of its message. */
  headline: string;
  /** `undefined` on a commit that is not one of ours. */
  trailers: Trailers | undefined;
}

/** A pull request from a branch of ours. */
export interface PullRequest {
  id: string;
  number: number;
  url: string;
  state: 'OPEN' | 'CLOSED' | 'MERGED';
  title: string;
  body: string;
  headOid: string;
  mergeable: 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN';
  /** Whether the base's rules ask for the branch to be up to date, and it is not. */
  outdated: boolean;
  autoMerge: boolean;
  /** Whether it is in the merge queue of its base. */
  inQueue: boolean;
  /** Whether it shows the commit that its branch is at. GitHub takes up to ten seconds for it after a push. */
  hasFollowed: boolean;
  labels: string[];
  /** The label by which it is merged once the policy allows: where it is on, or where a person took it off. */
  mergeLabel?: { id: string } | 'taken off' | undefined;
  hasReviewers: boolean;
  hasAssignees: boolean;
  /** Oldest first; the last 100 where there are more. */
  commits: BranchCommit[];
  commitCount: number;
  changes: PullChanges;
}

/** What a pull request changes, as far as GitHub lists it. */
export interface PullChanges {
  files: readonly { path: string; type: string }[];
  /** Whether there are more. */
  isCut: boolean;
}

/** One that is no longer open. */
export type PastPullRequest = Pick<PullRequest, 'number' | 'state' | 'body' | 'headOid' | 'commits'>;

const PARENT = 'parents(first: 1) { nodes { oid } }';

/**
 * GitHub counts points by connections: one of them inside of the hundred commits would count a hundred times. Everything of a
 * branch and its pull requests takes about 20 requests in that count, which is a fifth of a point.
 */
const OPEN_FIELDS = `id number url state title body headRefOid headRef { target { oid } } mergeable mergeStateStatus isCrossRepository
      autoMergeRequest { enabledAt } isInMergeQueue
      labels(first: 100) { nodes { id name } }
      unlabeled: timelineItems(last: 20, itemTypes: [UNLABELED_EVENT]) { nodes { ... on UnlabeledEvent { actor { __typename } label { name } } } }
      reviewRequests(first: 1) { totalCount }
      reviews(first: 1) { totalCount }
      assignees(first: 1) { totalCount }
      commits(last: 100) { totalCount nodes { commit { oid message } } }
      oldest: commits(first: 1) { nodes { commit { oid ${PARENT} } } }
      files(first: 100) { totalCount nodes { path changeType } }`;

const PAST_FIELDS =
  'number state body headRefOid isCrossRepository commits(last: 5) { nodes { commit { oid message } } }';

const parentsSchema = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) });

const commitSchema = v.pipe(
  v.object({
    ...{ oid: v.string(), message: v.string(), parents: v.optional(parentsSchema) },
    changedFilesIfAvailable: v.nullish(v.number()),
  }),
  v.transform(
    ({ oid, message, parents, changedFilesIfAvailable }): BranchCommit => ({
      oid,
      firstParent: parents?.nodes?.[0]?.oid,
      changedFiles: changedFilesIfAvailable ?? undefined,
      headline: message.split('\n', 1)[0] ?? '',
      trailers: parseTrailers(message),
    }),
  ),
);

const commitsSchema = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ commit: commitSchema })))) });

const oldestSchema = v.object({
  nodes: v.nullable(v.array(v.nullable(v.object({ commit: v.object({ oid: v.string(), parents: parentsSchema }) })))),
});

function commitsOf({ nodes }: v.InferOutput<typeof commitsSchema>): BranchCommit[] {
  return (nodes ?? []).flatMap((node) => node?.commit ?? []);
}

/** Puts the first parent of the first commit to it, which is not among the last ones where there are very many. */
function withFirstParent(commits: BranchCommit[], { nodes }: v.InferOutput<typeof oldestSchema>): BranchCommit[] {
  const first = nodes?.[0]?.commit;
  const firstParent = first?.parents.nodes?.[0]?.oid;
  return commits.map((commit) => (commit.oid === first?.oid ? { ...commit, firstParent } : commit));
}

const countSchema = v.object({ totalCount: v.number() });

const changedFileSchema = v.object({ path: v.string(), changeType: v.string() });

const changesSchema = v.pipe(
  v.nullable(v.object({ ...countSchema.entries, nodes: v.nullable(v.array(v.nullable(changedFileSchema))) })),
  v.transform((found): PullChanges => {
    const files = (found?.nodes ?? []).flatMap((node) => node ?? []);
    return {
      files: files.map(({ path, changeType }) => ({ path, type: changeType })),
      isCut: found === null || found.totalCount > files.length,
    };
  }),
);

const unlabeledSchema = v.object({
  actor: v.nullable(v.object({ __typename: v.string() })),
  label: v.object({ name: v.string() }),
});

/** What became of the label by which a pull request is merged later. One that a program of ours takes off may come again. */
function mergeLabelOf(
  labels: readonly ({ id: string; name: string } | null)[],
  taken: readonly (v.InferOutput<typeof unlabeledSchema> | null)[],
): PullRequest['mergeLabel'] {
  const label = labels.find((each) => each?.name === MERGE_WHEN_ALLOWED);
  const isByPerson = taken.some((each) => each?.label.name === MERGE_WHEN_ALLOWED && each.actor?.__typename === 'User');
  return label !== undefined && label !== null ? { id: label.id } : isByPerson ? 'taken off' : undefined;
}

const openSchema = v.pipe(
  v.object({
    id: v.string(),
    number: v.number(),
    url: v.string(),
    state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
    title: v.string(),
    body: v.string(),
    headRefOid: v.string(),
    headRef: v.nullable(v.object({ target: v.nullable(v.object({ oid: v.string() })) })),
    mergeable: v.picklist(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
    mergeStateStatus: v.string(),
    isCrossRepository: v.boolean(),
    autoMergeRequest: v.nullable(v.object({})),
    isInMergeQueue: v.boolean(),
    labels: v.nullable(
      v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ id: v.string(), name: v.string() })))) }),
    ),
    unlabeled: v.object({ nodes: v.nullable(v.array(v.nullable(unlabeledSchema))) }),
    reviewRequests: v.nullable(countSchema),
    reviews: v.nullable(countSchema),
    assignees: countSchema,
    commits: v.object({ ...countSchema.entries, ...commitsSchema.entries }),
    oldest: oldestSchema,
    files: changesSchema,
  }),
  v.transform((found) => ({
    isCrossRepository: found.isCrossRepository,
    pullRequest: {
      id: found.id,
      number: found.number,
      url: found.url,
      state: found.state,
      title: found.title,
      body: found.body,
      headOid: found.headRefOid,
      mergeable: found.mergeable,
      outdated: found.mergeStateStatus === 'BEHIND',
      autoMerge: found.autoMergeRequest !== null,
      inQueue: found.isInMergeQueue,
      hasFollowed: found.headRef?.target?.oid === found.headRefOid,
      labels: (found.labels?.nodes ?? []).flatMap((label) => label?.name ?? []),
      mergeLabel: mergeLabelOf(found.labels?.nodes ?? [], found.unlabeled.nodes ?? []),
      hasReviewers: (found.reviewRequests?.totalCount ?? 0) + (found.reviews?.totalCount ?? 0) > 0,
      hasAssignees: found.assignees.totalCount > 0,
      commits: withFirstParent(commitsOf(found.commits), found.oldest),
      commitCount: found.commits.totalCount,
      changes: found.files,
    } satisfies PullRequest,
  })),
);

const pastSchema = v.pipe(
  v.object({
    number: v.number(),
    state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
    body: v.string(),
    headRefOid: v.string(),
    isCrossRepository: v.boolean(),
    commits: commitsSchema,
  }),
  v.transform(({ isCrossRepository, number, state, body, headRefOid, commits }) => ({
    isCrossRepository,
    pullRequest: { number, state, body, headOid: headRefOid, commits: commitsOf(commits) } satisfies PastPullRequest,
  })),
);

type Reading = Omit<PullRequestFilter, 'base' | 'branch'>;

/** There is one, unless forks have a branch of the same name. */
const OPEN: Reading = { states: ['OPEN'], order: 'newest first', pageSize: 1, nextPageSize: 20, heavy: true };
const PAST: Reading = { states: ['CLOSED', 'MERGED'], order: 'newest first', pageSize: 3 };

/** The open pull requests from a branch into the base, newest first. */
export function openPullRequests(reader: RepositoryReader, branch: string, base: string): Promise<PullRequest[]> {
  const found = listPullRequests(reader, listOf(branch), { ...OPEN, branch, base }, OPEN_FIELDS, openSchema);
  return firstOwn(found);
}

/** The last pull requests of a branch that are no longer open, newest first. */
export function pastPullRequests(reader: RepositoryReader, branch: string, base: string): Promise<PastPullRequest[]> {
  const found = listPullRequests(reader, listOf(branch), { ...PAST, branch, base }, PAST_FIELDS, pastSchema);
  return firstOwn(found);
}

function listOf(branch: string): string {
  return `the pull requests of ${branch}`;
}

/** Those from forks are passed over, page by page, so that none of them hides ours. */
async function firstOwn<P>(found: AsyncIterable<{ isCrossRepository: boolean; pullRequest: P }[]>): Promise<P[]> {
  for await (const page of found) {
    const own = page.flatMap(({ isCrossRepository, pullRequest }) => (isCrossRepository ? [] : [pullRequest]));
    if (own.length > 0) {
      return own;
    }
  }
  return [];
}

const treeEntrySchema = v.nullable(v.object({ mode: v.number(), object: folderSchema }));

/** A file or folder of a commit as it came along; `null` where there is neither. */
export type Found = v.InferOutput<typeof treeEntrySchema>;

const commitWithFilesSchema = v.pipe(
  v.looseObject({ oid: v.string() }),
  v.transform((target): Found[] => {
    const aliases = Object.keys(target).filter((key) => /^p\d+$/.test(key));
    const inOrder = aliases.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    return inOrder.map((alias) => v.parse(treeEntrySchema, target[alias]));
  }),
);

/** What a commit holds at the paths, in their order. */
export function filesAt(oid: string, paths: readonly string[]): Field<typeof commitWithFilesSchema> {
  return {
    text: (bind) =>
      `object(oid: ${bind('GitObjectID!', oid)}) { oid ... on Commit { ${paths.map(fileField(bind)).join(' ')} } }`,
    schema: commitWithFilesSchema,
  };
}

/** A branch's head commit, with what was found at the paths asked for, in order. */
export interface BranchHead {
  commit: BranchCommit;
  files: Found[];
}

const refSchema = v.nullable(
  v.pipe(
    v.object({ target: v.unknown() }),
    v.transform(
      ({ target }): BranchHead => ({
        commit: v.parse(commitSchema, target),
        files: v.parse(commitWithFilesSchema, target),
      }),
    ),
  ),
);

/** The head of a branch with what it holds at the paths; `null` when there is no such branch. */
export function branchHead(branch: string, paths: readonly string[]): Field<typeof refSchema> {
  return {
    text: (bind) =>
      `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) { target { oid ... on Commit { message changedFilesIfAvailable ${PARENT} ${paths.map(fileField(bind)).join(' ')} } } }`,
    schema: refSchema,
  };
}

function fileField(bind: Bind): (path: string, index: number) => string {
  return (path, index) => `p${index}: file(path: ${bind('String!', path)}) { mode object { ${FOLDER_SELECTION} } }`;
}
