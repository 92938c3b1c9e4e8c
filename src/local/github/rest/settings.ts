import * as v from 'valibot';
import { installationView } from '../views/user.js';
import { notFound, Refusal } from '../world/refusal.js';
import { changes, paginated, type Route, readBody, reads } from './router.js';

const workflowBody = v.object({
  default_workflow_permissions: v.optional(v.picklist(['read', 'write'])),
  can_approve_pull_request_reviews: v.optional(v.boolean()),
});

/** What administrators of a repository and owners of an organisation are told, and change. */
export const settingRoutes: Route[] = [
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
  {
    method: 'GET',
    template: '/orgs/{org}/installations',
    async handle(request) {
      const { world, caller, params } = request;
      if (caller === undefined) {
        throw new Refusal(401, 'Requires authentication');
      }
      const account = world.accounts.find(params.org ?? '');
      if (account?.type !== 'Organization') {
        throw notFound();
      }
      if (caller.account.type !== 'User' || caller.permissions !== undefined) {
        throw new Refusal(403, 'You must be an organization owner or have read organization installations.');
      }
      const found = world.apps.installationsAt(account);
      const wrap = (installations: unknown[]) => ({ total_count: found.length, installations });
      return paginated(request, found, (installation) => installationView(world, installation), wrap);
    },
  },
];
