import { appView, installationView } from '../views/user.js';
import { takeMade } from '../world/app-manifests.js';
import { notFound, Refusal } from '../world/refusal.js';
import { paginated, type Route } from './router.js';

/** Apps made of manifests, and what the owner of an organisation is told of Apps. */
export const appManifestRoutes: Route[] = [
  {
    method: 'POST',
    template: '/app-manifests/{code}/conversions',
    async handle({ world, params }) {
      const { app, pem } = takeMade(world, params.code ?? '');
      const { clientSecret, webhookSecret } = app;
      const secrets = { client_secret: clientSecret, webhook_secret: webhookSecret, pem };
      return { status: 201, body: { ...appView(world, app), ...secrets } };
    },
  },
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
