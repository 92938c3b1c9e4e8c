import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { isAmong } from '../../github/logins.js';
import { nodesOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import type { Logins } from '../../ops/judgement/approvals.js';
import { pushersOf } from '../../ops/judgement/pushers.js';
import type { MergedPull } from './merged-pulls.js';

/** The newest opinion of somebody on a pull request. */
export interface PlanReview {
  login: string;
  isBot: boolean;
  state: string;
  /** The commit that it is about. */
  commit: string | undefined;
  submittedAt: Date | undefined;
  mayWrite: boolean;
}

const reviewSchema = v.object({
  ...{ state: v.string(), authorCanPushToRepository: v.boolean(), submittedAt: v.nullable(v.string()) },
  author: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
  commit: v.nullable(v.object({ oid: v.string() })),
});
const pullSchema = v.nullable(v.object({ latestOpinionatedReviews: v.nullable(nodesOf(reviewSchema)) }));

/**
 * The approvals that a plan has.
 *
 * @param since when the head was first planned like this
 * @param approvers who may approve it; where nobody has to, nobody asks who pushed
 * @throws what a failed request throws
 */
export async function readApprovals(
  to: Connected,
  pull: MergedPull,
  since: Date,
  approvers: readonly string[] | undefined,
): Promise<PlanApprovals> {
  const [reviews, pushers] = await Promise.all([
    readReviews(to, pull.number),
    approvers === undefined ? { logins: [] } : pushersOf(to, pull),
  ]);
  return approvalsOfPlan(reviews, pull, since, pushers);
}

/** The newest opinions of all who reviewed a pull request. @throws what a failed request throws */
async function readReviews(to: Connected, number: number): Promise<PlanReview[]> {
  const reader = repositoryReader(to.github, to.repository, 'PlanReviews');
  const doing = operationIn(to.repository, `read the reviews of #${number}`, 'pull-requests: read');
  const fields = 'state authorCanPushToRepository submittedAt author { __typename login } commit { oid }';
  const pull = await attempt(doing, () =>
    reader.load({
      text: (bind) =>
        `pullRequest(number: ${bind('Int!', number)}) { latestOpinionatedReviews(first: 100) { nodes { ${fields} } } }`,
      schema: pullSchema,
    }),
  );
  return (pull?.latestOpinionatedReviews?.nodes ?? []).flatMap((review): PlanReview[] =>
    review?.author == null
      ? []
      : [
          {
            ...{ login: review.author.login, isBot: review.author.__typename === 'Bot', state: review.state },
            ...{ commit: review.commit?.oid, mayWrite: review.authorCanPushToRepository },
            submittedAt: review.submittedAt === null ? undefined : new Date(review.submittedAt),
          },
        ],
  );
}

/** Who approved a plan, and whose approval is of something else. */
export interface PlanApprovals {
  by: readonly string[];
  /** Sentences. */
  uncounted: readonly string[];
}

/**
 * The approvals that a plan has: of people who may write and neither proposed it nor pushed to it, given to the head that was merged,
 * and not before that had this plan. One that was given earlier is of another plan, whatever it does.
 *
 * @param since when the head was first planned like this
 * @param pushers who pushed to the branch; where nobody can tell, nobody's approval counts
 */
export function approvalsOfPlan(
  reviews: readonly PlanReview[],
  pull: Pick<MergedPull, 'head' | 'author'>,
  since: Date,
  pushers: Logins,
): PlanApprovals {
  const approved = reviews.filter(({ state, isBot }) => state === 'APPROVED' && !isBot);
  const judged = approved.map((review) => ({ login: review.login, why: whyNot(review, pull, since, pushers) }));
  return {
    by: judged.filter(({ why }) => why === undefined).map(({ login }) => login),
    uncounted: judged.flatMap(({ login, why }) =>
      why === undefined ? [] : [`The approval of ${login} does not count: ${why}.`],
    ),
  };
}

function whyNot(
  { login, commit, submittedAt, mayWrite }: PlanReview,
  { head, author }: Pick<MergedPull, 'head' | 'author'>,
  since: Date,
  pushers: Logins,
): string | undefined {
  if (commit !== head) {
    return 'it is of an older commit';
  }
  // GitHub tells times to the second: one that was given in the same second may be of what was there before.
  if (submittedAt === undefined || submittedAt <= since) {
    return 'the plan was another one when it was given';
  }
  if (!mayWrite) {
    return 'they may not write to this repository';
  }
  if (isAmong(login, author === undefined ? [] : [author])) {
    return 'it is their own pull request';
  }
  if ('problem' in pushers) {
    return 'nobody can tell who pushed to its branch';
  }
  return isAmong(login, pushers.logins) ? 'they pushed to its branch' : undefined;
}

/**
 * Why a plan lacks an approval.
 *
 * @param approvers logins of those who may approve it; `undefined` where everybody may and nobody has to
 * @returns a sentence; `undefined` where it lacks none
 */
export function lackingApproval(
  approvals: PlanApprovals,
  approvers: readonly string[] | undefined,
): string | undefined {
  if (approvers === undefined || approvals.by.some((login) => isAmong(login, approvers))) {
    return undefined;
  }
  return ['None of its approvers has approved this plan.', ...approvals.uncounted].join(' ');
}
