import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { nodesOf } from '../../../github/page.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import {
  authorOf,
  BASE_CHANGES,
  baseChangesSchema,
  lastBaseChange,
  type PullBranch,
} from '../../judgement/pull-branch.js';
import { lastReopening, REOPENINGS, reopeningsSchema } from '../../judgement/reopenings.js';
import { reviewsAt } from './reviews-at.js';

/** A merged pull request as it was when it was merged. */
export interface MergedPull extends PullBranch {
  number: number;
  mergedAt: Date;
  /** Login of who merged it; `undefined` where the account is gone. */
  mergedBy: string | undefined;
  /** Messages of its commits, oldest first, at most 100. */
  messages: string[];
  /** Its text. */
  body: string;
}

const actor = v.nullable(v.object({ __typename: v.string(), login: v.string() }));
const pullSchema = v.object({
  number: v.number(),
  headRefOid: v.string(),
  headRefName: v.string(),
  body: v.string(),
  isCrossRepository: v.boolean(),
  mergedAt: v.string(),
  author: actor,
  mergedBy: actor,
  commits: nodesOf(v.object({ commit: v.object({ oid: v.string(), message: v.string() }) })),
  reviews: v.nullable(
    v.object({
      totalCount: v.number(),
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              id: v.string(),
              state: v.string(),
              submittedAt: v.nullable(v.string()),
              author: actor,
              commit: v.nullable(v.object({ oid: v.string() })),
            }),
          ),
        ),
      ),
    }),
  ),
  timelineItems: nodesOf(
    v.object({
      createdAt: v.string(),
      previousReviewState: v.string(),
      review: v.nullable(v.object({ id: v.string() })),
    }),
  ),
  bases: baseChangesSchema,
  reopenings: reopeningsSchema,
});
type Pull = v.InferOutput<typeof pullSchema>;

const SELECTION = `number headRefOid headRefName body isCrossRepository mergedAt author { __typename login } mergedBy { __typename login }
  commits(first: 100) { nodes { commit { oid message } } }
  reviews(last: 100, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) { totalCount nodes { id state submittedAt author { __typename login } commit { oid } } }
  timelineItems(last: 100, itemTypes: [REVIEW_DISMISSED_EVENT]) { nodes { ... on ReviewDismissedEvent { createdAt previousReviewState review { id } } } }
  bases: ${BASE_CHANGES}
  reopenings: ${REOPENINGS}`;

/**
 * Reads merged pull requests as they were when they were merged, all that is asked for in few requests.
 *
 * @param app slug of the App that audits
 * @returns by number
 * @throws Error naming the permission that the token lacks
 */
export async function readMerged(
  ops: Connected,
  numbers: readonly number[],
  app: string,
): Promise<ReadonlyMap<number, MergedPull>> {
  const reader = repositoryReader(ops.github, ops.repository, 'AuditPulls');
  const operation = operationIn(ops.repository, 'read the merged pull requests', 'pull-requests: read');
  const found = await attempt(operation, () =>
    Promise.all(
      numbers.map((number) =>
        reader.load({
          heavy: true,
          text: (bind) => `pullRequest(number: ${bind('Int!', number)}) { ${SELECTION} }`,
          schema: v.nullable(pullSchema),
        }),
      ),
    ),
  );
  return new Map(found.flatMap((pull) => (pull === null ? [] : [[pull.number, toMerged(pull, app)]])));
}

function toMerged({ number, author, reviews, timelineItems, ...pull }: Pull, app: string): MergedPull {
  const mergedAt = new Date(pull.mergedAt);
  const past = (reviews?.nodes ?? []).flatMap((review) =>
    review?.author === null || review === null
      ? []
      : [
          {
            ...{ id: review.id, login: review.author.login, isBot: review.author.__typename !== 'User' },
            ...{ state: review.state, commit: review.commit?.oid },
            submittedAt: review.submittedAt === null ? undefined : new Date(review.submittedAt),
          },
        ],
  );
  const dismissals = (timelineItems.nodes ?? []).flatMap((event) =>
    event?.review === null || event === null
      ? []
      : [{ review: event.review.id, at: new Date(event.createdAt), before: event.previousReviewState }],
  );
  return {
    ...{ number, head: pull.headRefOid, branch: pull.headRefName, body: pull.body, isFork: pull.isCrossRepository },
    author: author === null ? undefined : authorOf(author, app),
    reviews: reviewsAt(past, dismissals, mergedAt),
    baseChangedAt: lastBaseChange(pull.bases),
    reopened: lastReopening(pull.reopenings),
    mergedBy: pull.mergedBy?.login,
    mergedAt,
    messages: (pull.commits.nodes ?? []).flatMap((node) => node?.commit.message ?? []),
    commits: (pull.commits.nodes ?? []).flatMap((node) => node?.commit.oid ?? []),
  };
}
