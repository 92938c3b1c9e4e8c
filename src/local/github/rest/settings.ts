import * as v from 'valibot';
import { repositoryView } from '../views/repository.js';
import { changes, paginated, type Route, readBody, reads } from './router.js';

const repositoryBody = v.strictObject({ allow_auto_merge: v.optional(v.boolean()) });
const workflowBody = v.object({
  default_workflow_permissions: v.optional(v.picklist(['read', 'write'])),
  can_approve_pull_request_reviews: v.optional(v.boolean()),
});

/** Settings of a repository that its administrators change. */
export const settingRoutes: Route[] = [
  changes('PATCH', '', ['administration'], async ({ world, repository, body }) => {
    const { allow_auto_merge: allowed } = readBody(repositoryBody, body);
    repository.settings.allowAutoMerge = allowed ?? repository.settings.allowAutoMerge;
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
