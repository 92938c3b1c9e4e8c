import * as v from 'valibot';
import { pageOf } from '../../github/page.js';
import type { Field } from '../../github/repository-reader.js';
import { FOLDER_SELECTION, folderSchema } from '../tree/github-tree.js';

/** What a path held after a commit that changed it. */
export interface PathCommit {
  oid: string;
  message: string;
  /** When it reached the branch: the merge of its pull request, else the commit's date. */
  at: Date;
  author: string;
  pullRequest: MergedPull | undefined;
  /** `null` where the path was gone. */
  content: Found | null;
}

/** The pull request that brought a commit to the branch. */
export interface MergedPull {
  number: number;
  url: string;
  /** Whether a bot merged it, or GitHub for one. */
  byBot: boolean;
}

type Found = NonNullable<v.InferOutput<typeof foundSchema>>;

/** A part of a path's history, newest first. */
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
 * The commits that changed a path, with what it held after each.
 *
 * @param branch the branch that counts: a pull request into another one says nothing of when it reached this one
 * @param size commits of the page, at most 100
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
        associatedPullRequests(first: 5) { nodes { number url mergedAt baseRefName mergedBy { __typename login } } }
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
    pullRequest: pull && { number: pull.number, url: pull.url, byBot: isByBot(pull) },
    content: file,
  };
}

type Pull = v.InferOutput<typeof pullSchema>;

/** GitHub's merge queue is a bot too, but merges what somebody put into it. */
function isByBot({ mergedBy }: Pull): boolean {
  return mergedBy?.__typename === 'Bot' && mergedBy.login !== 'github-merge-queue';
}

/** The pull request that brought a commit to the branch: the first of those merged into it. */
function mergeInto(branch: string, pulls: readonly (Pull | null)[]): Pull | undefined {
  const merged = pulls
    .filter((pull) => pull !== null)
    .filter((pull) => pull.mergedAt !== null && pull.baseRefName === branch);
  return merged.sort((one, other) => (one.mergedAt ?? '').localeCompare(other.mergedAt ?? ''))[0];
}
