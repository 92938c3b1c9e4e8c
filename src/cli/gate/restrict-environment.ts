import * as v from 'valibot';
import { ask, askIfThere } from './ask.js';
import { asking, type Doing, nameOf } from './doing.js';
import { ENVIRONMENT } from './names.js';
import type { EnvironmentState } from './state.js';

const environmentPath = (doing: Doing) => `/repos/${nameOf(doing)}/environments/${ENVIRONMENT}` as const;

/** Has the environment admit named branches only. What is not said would be reset: reviewers and the time to wait are handed back. */
export async function restrictEnvironment(doing: Doing, waits: EnvironmentState['waits']): Promise<void> {
  await ask(asking(doing), `PUT ${environmentPath(doing)}`, v.unknown(), {
    doing: `write the environment ${ENVIRONMENT}`,
    permission: 'administration: write',
    body: {
      ...(waits.minutes > 0 ? { wait_timer: waits.minutes } : {}),
      ...(waits.reviewers.length > 0
        ? { reviewers: waits.reviewers, prevent_self_review: waits.preventSelfReview }
        : {}),
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    },
  });
}

/** @param branch that the environment admits then */
export async function addBranchRule(doing: Doing, branch: string): Promise<void> {
  await ask(asking(doing), `POST ${environmentPath(doing)}/deployment-branch-policies`, v.unknown(), {
    doing: `let the environment ${ENVIRONMENT} admit ${branch}`,
    permission: 'administration: write',
    body: { name: branch, type: 'branch' },
  });
}

/** @param id of a rule, which may be gone */
export async function removeBranchRule(doing: Doing, id: number): Promise<void> {
  const how = { doing: `take a rule off the environment ${ENVIRONMENT}`, permission: 'administration: write' };
  await askIfThere(
    asking(doing),
    `DELETE ${environmentPath(doing)}/deployment-branch-policies/${id}`,
    v.unknown(),
    how,
  );
}
