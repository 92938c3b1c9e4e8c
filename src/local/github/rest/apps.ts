import * as v from 'valibot';
import { repositoryView } from '../views/repository.js';
import { appView, installationView } from '../views/user.js';
import type { Account } from '../world/accounts.js';
import { undecodable } from '../world/app-sign-in.js';
import { type AppRecord, covers, type Installation, narrowed } from '../world/apps.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { paginated, type RestRequest, type RestResponse, type Route, readBody } from './router.js';

const HOUR = 3_600_000;

const newToken = v.object({
  repositories: v.optional(v.array(v.string())),
  repository_ids: v.optional(v.array(v.number())),
  permissions: v.optional(v.record(v.string(), v.picklist(['read', 'write', 'admin']))),
});

/** What an App does as itself, signed in with a JSON web token: it reads about itself, and takes installation tokens. */
export const appRoutes: Route[] = [
  asApp('GET', '/app', async ({ world }, app) => ({
    status: 200,
    body: { ...appView(world, app), installations_count: world.apps.installationsOf(app).length },
  })),
  asApp('GET', '/app/installations', async (request, app) =>
    paginated(request, request.world.apps.installationsOf(app), (found) => installationView(request.world, found)),
  ),
  asApp('GET', '/app/installations/{installation_id}', async (request, app) => ({
    status: 200,
    body: installationView(request.world, installationOf(request, app)),
  })),
  asApp('DELETE', '/app/installations/{installation_id}', async (request, app) => {
    request.world.apps.uninstall(installationOf(request, app));
    return { status: 204 };
  }),
  asApp('POST', '/app/installations/{installation_id}/access_tokens', makeToken),
  asApp('GET', '/repos/{owner}/{repo}/installation', async ({ world, params }, app) => {
    const repository = world.repositories.get(`${params.owner}/${params.repo}`.toLowerCase());
    const found = repository === undefined ? undefined : world.apps.installationOn(app, repository);
    return shown(world, found);
  }),
  asApp('GET', '/orgs/{org}/installation', async ({ world, params }, app) =>
    shown(world, installationFor(world, app, params.org, 'Organization')),
  ),
  asApp('GET', '/users/{username}/installation', async ({ world, params }, app) =>
    shown(world, installationFor(world, app, params.username, undefined)),
  ),
  {
    method: 'GET',
    template: '/apps/{app_slug}',
    async handle({ world, params }) {
      const app = world.apps.bySlug(params.app_slug ?? '');
      if (app === undefined) {
        throw notFound();
      }
      return { status: 200, body: appView(world, app) };
    },
  },
  {
    method: 'DELETE',
    template: '/installation/token',
    async handle({ world, caller, token }) {
      if (caller === undefined || token === undefined || caller.account.type !== 'Bot' || caller.asApp !== undefined) {
        throw new Refusal(401, 'Requires authentication');
      }
      world.accounts.revoke(token);
      return { status: 204 };
    },
  },
];

/** A route that only an App may ask, signed in as itself. */
function asApp(
  method: Route['method'],
  template: string,
  handle: (request: RestRequest, app: AppRecord) => Promise<RestResponse>,
): Route {
  return {
    method,
    template,
    async handle(request) {
      const app = request.caller?.asApp;
      if (app === undefined) {
        throw undecodable();
      }
      return request.world.exclusive(() => handle(request, app));
    },
  };
}

async function makeToken(request: RestRequest, app: AppRecord): Promise<RestResponse> {
  const { world, body } = request;
  const installation = installationOf(request, app);
  const input = readBody(newToken, body);
  const chosen = chosenRepositories(world, installation, input);
  const permissions = narrowed(installation, input.permissions);
  const expiresAt = new Date(world.now().getTime() + HOUR);
  const names = (chosen ?? installed(world, installation)).map(({ fullName }) => fullName);
  const grant = { repositories: names, permissions, startsWorkflows: true };
  const token = world.accounts.issueTo({
    ...world.accounts.caller(grant, app.account.login),
    installation,
    expiresAt,
  });
  const selected = chosen !== undefined || installation.repositories !== 'all';
  return {
    status: 201,
    body: {
      token,
      expires_at: expiresAt.toISOString(),
      permissions,
      repository_selection: selected ? 'selected' : 'all',
      ...(chosen === undefined ? {} : { repositories: chosen.map((repository) => repositoryView(world, repository)) }),
    },
  };
}

/** The repositories that a token is asked for; `undefined` for all of the installation's. @throws Refusal 422 */
function chosenRepositories(
  world: World,
  installation: Installation,
  { repositories: names, repository_ids: ids }: v.InferOutput<typeof newToken>,
): Repository[] | undefined {
  if (names === undefined && ids === undefined) {
    return undefined;
  }
  const all = installed(world, installation);
  const find = (fits: (repository: Repository) => boolean) => {
    const found = all.find(fits);
    if (found === undefined) {
      throw new Refusal(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    return found;
  };
  const named = (names ?? []).map((name) => find((one) => one.name.toLowerCase() === name.toLowerCase()));
  return [...named, ...(ids ?? []).map((id) => find((one) => one.id === id))];
}

function installed(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter((repository) => covers(installation, repository));
}

function installationOf({ world, params }: RestRequest, app: AppRecord): Installation {
  const found = world.apps.installation(Number(params.installation_id));
  if (found === undefined || found.app !== app) {
    throw notFound();
  }
  return found;
}

function installationFor(world: World, app: AppRecord, login = '', type: Account['type'] | undefined) {
  return world.apps
    .installationsOf(app)
    .find(
      ({ account }) => account.login.toLowerCase() === login.toLowerCase() && (type ?? account.type) === account.type,
    );
}

function shown(world: World, installation: Installation | undefined): RestResponse {
  if (installation === undefined) {
    throw notFound();
  }
  return { status: 200, body: installationView(world, installation) };
}
