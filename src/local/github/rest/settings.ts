import * as v from 'valibot';
import { repositoryView } from '../views/repository.js';
import { changes, paginated, type Route, readBody, reads } from './router.js';

const keys = { merge: 'allow_merge_commit', squash: 'allow_squash_merge', rebase: 'allow_rebase_merge' } as const;
const changedRepository = v.strictObject({
  allow_auto_merge: v.optional(v.boolean()),
  delete_branch_on_merge: v.optional(v.boolean()),
  allow_merge_commit: v.optional(v.boolean()),
  allow_squash_merge: v.optional(v.boolean()),
  allow_rebase_merge: v.optional(v.boolean()),
});

const workflowBody = v.object({
  default_workflow_permissions: v.optional(v.picklist(['read', 'write'])),
  can_approve_pull_request_reviews: v.optional(v.boolean()),
});

/** Settings of a repository that its administrators change. */
export const settingRoutes: Route[] = [
  changes('PATCH', '', ['administration'], async ({ world, repository, body }) => {
    const { allow_auto_merge: auto, delete_branch_on_merge: deletes, ...methods } = readBody(changedRepository, body);
    const { settings } = repository;
    settings.allowAutoMerge = auto ?? settings.allowAutoMerge;
    settings.deleteBranchOnMerge = deletes ?? settings.deleteBranchOnMerge;
    settings.mergeMethods = new Set(
      (['merge', 'squash', 'rebase'] as const).filter(
        (method) => methods[keys[method]] ?? settings.mergeMethods.has(method),
      ),
    );
    return { status: 200, body: repositoryView(world, repository) };
  }),
  reads('/actions/permissions/workflow', ['administration'], async ({ repository }) => {
    const { writes, approves } = repository.settings.workflowToken;
    const level = writes ? 'write' : 'read';
    return { status: 200, body: { default_workflow_permissions: level, can_approve_pull_request_reviews: approves } };
  }),
  changes('PUT', '/actions/permissions/workflow', ['administration'], async ({ repository, body }) => {
    const { default_workflow_permissions: level, can_approve_pull_request_reviews: approves } = readBody(
      workflowBody,
      body,
    );
    const token = repository.settings.workflowToken;
    token.writes = level === undefined ? token.writes : level === 'write';
    token.approves = approves ?? token.approves;
    return { status: 204 };
  }),
  // The local GitHub has no secrets of organisations.
  reads('/actions/organization-secrets', ['secrets'], async (request) =>
    paginated(
      request,
      [],
      () => undefined,
      (secrets) => ({ total_count: 0, secrets }),
    ),
  ),
];
