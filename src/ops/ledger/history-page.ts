import * as v from 'valibot';
import { pageOf } from '../../github/page.js';
import type { Field } from '../../github/repository-reader.js';
import { FOLDER_SELECTION, folderSchema } from '../tree/github-tree.js';

/** A commit that changed a path, with the content of the path after it. */
export interface PathCommit {
  oid: string;
  message: string;
  /** When it reached the branch: when its pull request was merged, or else the date of the commit. */
  at: Date;
  /** Login, or the name in the commit where GitHub knows no account. */
  author: string;
  pullRequest: MergedPull | undefined;
  /** `null` where the commit deleted the path. */
  content: Found | null;
}

/** The pull request by which a commit reached the branch. */
export interface MergedPull {
  number: number;
  url: string;
  /** Whether a bot merged it, also by auto-merge. */
  byBot: boolean;
  /** Whether the merge queue did, which a bot or a person put it into. */
  byQueue: boolean;
  /** The branch of ours that a bot opened it from; `undefined` for any other. */
  ownBranch: string | undefined;
  /** Login of that bot, which is the slug of its App; missing where it is none. */
  openedBy?: string;
}

type Found = NonNullable<v.InferOutput<typeof foundSchema>>;

/** A page of the history of a path, newest first. */
export interface HistoryPage {
  commits: PathCommit[];
  pageInfo: v.InferOutput<typeof pageSchema>['history']['pageInfo'];
}

const foundSchema = v.nullable(v.object({ mode: v.number(), object: folderSchema }));

const pullSchema = v.object({
  number: v.number(),
  url: v.string(),
  mergedAt: v.nullable(v.string()),
  baseRefName: v.string(),
  headRefName: v.string(),
  isCrossRepository: v.boolean(),
  author: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
  mergedBy: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
});

const commitSchema = v.object({
  oid: v.string(),
  message: v.string(),
  committedDate: v.string(),
  author: v.nullable(v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) })),
  associatedPullRequests: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(pullSchema))) })),
  file: foundSchema,
});

const pageSchema = v.object({ history: pageOf(commitSchema) });

/**
 * The query of a page of a path's history.
 *
 * @param oid commit from which to go back
 * @param branch the branch whose merges count; a merge into another branch does not tell when a commit reached this one
 * @param size number of commits in the page, at most 100
 * @param after cursor of the page before; `null` for the first page
 * @see https://docs.github.com/graphql/reference/objects#commit
 */
export function historyPage(
  { oid, branch }: { oid: string; branch: string },
  path: string,
  size: number,
  after: string | null,
): Field<v.GenericSchema<unknown, HistoryPage>> {
  return {
    heavy: true,
    text: (bind) => {
      const of = bind('String!', path);
      return `object(oid: ${bind('GitObjectID!', oid)}) { ... on Commit { history(first: ${size}, path: ${of}, after: ${bind('String', after)}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        oid message committedDate author { name user { login } }
        associatedPullRequests(first: 5) { nodes { number url mergedAt baseRefName headRefName isCrossRepository author { __typename login } mergedBy { __typename login } } }
        file(path: ${of}) { mode object { ${FOLDER_SELECTION} } }
      }
    } } }`;
    },
    schema: v.pipe(
      v.unknown(),
      v.transform((answer): HistoryPage => {
        const { nodes, pageInfo } = v.parse(pageSchema, answer).history;
        const commits = (nodes ?? []).filter((node) => node !== null);
        return { commits: commits.map((commit) => stepOf(commit, branch)), pageInfo };
      }),
    ),
  };
}

function stepOf(commit: v.InferOutput<typeof commitSchema>, branch: string): PathCommit {
  const { oid, message, committedDate, author, file } = commit;
  const pull = mergeInto(branch, commit.associatedPullRequests?.nodes ?? []);
  return {
    oid,
    message,
    at: new Date(pull?.mergedAt ?? committedDate),
    author: author?.user?.login ?? author?.name ?? 'unknown',
    pullRequest: pull && mergedPullOf(pull),
    content: file,
  };
}

type Pull = v.InferOutput<typeof pullSchema>;

function mergedPullOf({ number, url, mergedBy, headRefName, isCrossRepository, author }: Pull): MergedPull {
  const byQueue = mergedBy?.login === 'github-merge-queue';
  const isOwn = author?.__typename === 'Bot' && !isCrossRepository && headRefName.startsWith('ostack');
  return {
    ...{ number, url, byQueue, ownBranch: isOwn ? headRefName : undefined },
    ...(isOwn && { openedBy: author.login }),
    // The merge queue is a bot too, but it merges what somebody put into it.
    byBot: mergedBy?.__typename === 'Bot' && !byQueue,
  };
}

/** The pull request by which a commit reached the branch: the first one that was merged into it. */
function mergeInto(branch: string, pulls: readonly (Pull | null)[]): Pull | undefined {
  const merged = pulls
    .filter((pull) => pull !== null)
    .filter((pull) => pull.mergedAt !== null && pull.baseRefName === branch);
  return merged.sort((one, other) => (one.mergedAt ?? '').localeCompare(other.mergedAt ?? ''))[0];
}
