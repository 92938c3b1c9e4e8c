import * as v from 'valibot';
import { nameOf } from '../../github/connected.js';
import type { RepositoryName } from '../../github/context.js';
import { attempt } from '../../github/errors.js';
import { nodesOf } from '../../github/page.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import type { Review } from '../judgement/approvals.js';
import { CHECKS, checksOf, checksSchema, type KnownCheck } from '../judgement/known-checks.js';
import { authorOf, BASE_CHANGES, baseChangesSchema, lastBaseChange } from '../judgement/pull-branch.js';
import { lastReopening, REOPENINGS, type Reopened, reopeningsSchema } from '../judgement/reopenings.js';
import { listPullRequests } from '../repository/list-pull-requests.js';

/** An open pull request into a branch that is judged. */
export interface OpenPull {
  number: number;
  head: string;
  branch: string;
  isFork: boolean;
  author: { login: string; isBot: boolean; isOpsApp: boolean } | undefined;
  /** Whether GitHub merges it by itself, or in a queue. */
  autoMerge: boolean;
  conflicts: boolean;
  /** GitHub's merge of it, and the base that it was merged into; `undefined` where GitHub has none of this head. */
  merge: { oid: string; base: string } | undefined;
  reviews: Review[];
  /** When it last got another base; `undefined` where it has its first one. */
  baseChangedAt: Date | undefined;
  /** Who opened it again last; `undefined` where it was never closed. */
  reopened: Reopened | undefined;
  /** Messages of its commits, oldest first, at most 100. */
  messages: string[];
  /** Ids of the same; missing where nobody asked. */
  commits?: readonly string[];
  /** Its text; missing where it was not asked for. */
  body?: string;
  /** The check runs of its head that one App made, by name. */
  checks: ReadonlyMap<string, KnownCheck>;
}

const actor = v.nullable(v.object({ __typename: v.string(), login: v.string() }));
const reviewsSchema = v.nullable(
  nodesOf(
    v.object({
      ...{ state: v.string(), author: actor, authorCanPushToRepository: v.boolean() },
      commit: v.nullable(v.object({ oid: v.string() })),
      submittedAt: v.nullable(v.string()),
    }),
  ),
);
const pullSchema = v.object({
  number: v.number(),
  headRefOid: v.string(),
  headRefName: v.string(),
  body: v.string(),
  isCrossRepository: v.boolean(),
  isInMergeQueue: v.boolean(),
  mergeable: v.string(),
  author: actor,
  autoMergeRequest: v.nullable(v.object({ enabledAt: v.nullable(v.string()) })),
  potentialMergeCommit: v.nullable(v.object({ oid: v.string(), parents: nodesOf(v.object({ oid: v.string() })) })),
  latestOpinionatedReviews: reviewsSchema,
  others: reviewsSchema,
  bases: baseChangesSchema,
  reopenings: reopeningsSchema,
  commits: nodesOf(v.object({ commit: v.object({ oid: v.string(), message: v.string() }) })),
  last: nodesOf(
    v.object({
      commit: v.object({ statusCheckRollup: checksSchema }),
    }),
  ),
});

/** Anybody may review in a public repository: those who may write are asked for apart, and the others to say why they do not count. */
const OPINION = 'state submittedAt authorCanPushToRepository author { __typename login } commit { oid }';

const SELECTION = `number headRefOid headRefName body isCrossRepository isInMergeQueue mergeable author { __typename login }
  autoMergeRequest { enabledAt } potentialMergeCommit { oid parents(first: 2) { nodes { oid } } }
  latestOpinionatedReviews(first: 100, writersOnly: true) { nodes { ${OPINION} } }
  others: latestOpinionatedReviews(first: 20) { nodes { ${OPINION} } }
  bases: ${BASE_CHANGES}
  reopenings: ${REOPENINGS}
  commits(first: 100) { nodes { commit { oid message } } }
  last: commits(last: 1) { nodes { commit { ${CHECKS} } } }`;

/**
 * All open pull requests into a branch, oldest first, 25 in one request.
 *
 * @param base the branch; `undefined` for whatever branch it is
 * @param app slug of the App whose check runs are asked for
 * @param label one that they have; all where it is left out
 * @throws Error naming the permission that the token lacks
 */
export async function readOpenPulls(
  reader: RepositoryReader,
  repository: RepositoryName,
  base: string | undefined,
  app: string,
  label?: string,
): Promise<OpenPull[]> {
  const permission = 'pull-requests: read" and "checks: read" and "statuses: read';
  const list = `the open pull requests of ${nameOf({ repository })}`;
  const into = base === undefined ? {} : { base };
  const shared = { states: ['OPEN'], ...into, order: 'oldest first', pageSize: 25, heavy: true } as const;
  const filter = label === undefined ? shared : { ...shared, label };
  return attempt(operationIn(repository, 'read the open pull requests', permission), async () => {
    const pulls: OpenPull[] = [];
    for await (const page of listPullRequests(reader, list, filter, SELECTION, pullSchema)) {
      pulls.push(...(await Promise.all(page.map((pull) => toPull(reader, pull, app)))));
    }
    return pulls;
  });
}

function reviewsIn(reviews: v.InferOutput<typeof reviewsSchema>): Review[] {
  return (reviews?.nodes ?? []).flatMap((review): Review[] =>
    review?.author === null || review === null
      ? []
      : [
          {
            login: review.author.login,
            isBot: review.author.__typename !== 'User',
            state: review.state,
            commit: review.commit?.oid,
            mayWrite: review.authorCanPushToRepository,
            submittedAt: review.submittedAt === null ? undefined : new Date(review.submittedAt),
          },
        ],
  );
}

async function toPull(
  reader: RepositoryReader,
  pull: v.InferOutput<typeof pullSchema>,
  app: string,
): Promise<OpenPull> {
  const { number, headRefOid: head, potentialMergeCommit: merge, author, latestOpinionatedReviews: reviews } = pull;
  const [base, merged] = (merge?.parents.nodes ?? []).flatMap((node) => node?.oid ?? []);
  return {
    ...{ number, head, branch: pull.headRefName, body: pull.body, isFork: pull.isCrossRepository },
    author: author === null ? undefined : authorOf(author, app),
    autoMerge: pull.autoMergeRequest !== null || pull.isInMergeQueue,
    conflicts: pull.mergeable === 'CONFLICTING',
    merge: merge === null || base === undefined || merged !== head ? undefined : { oid: merge.oid, base },
    reviews: [...reviewsIn(reviews), ...reviewsIn(pull.others).filter(({ mayWrite }) => mayWrite === false)],
    baseChangedAt: lastBaseChange(pull.bases),
    reopened: lastReopening(pull.reopenings),
    messages: (pull.commits.nodes ?? []).flatMap((node) => node?.commit.message ?? []),
    commits: (pull.commits.nodes ?? []).flatMap((node) => node?.commit.oid ?? []),
    checks: await checksOf(reader, head, pull.last.nodes?.[0]?.commit.statusCheckRollup ?? null, app),
  };
}
