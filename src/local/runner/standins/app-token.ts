/**
 * The stand-in for `actions/create-github-app-token`: issues a token of the registered app.
 *
 * @see https://github.com/actions/create-github-app-token
 */
import type { KnownApp } from '../../github/app-registry.js';
import type { StandIn, StandInCall, StandInResult } from './stand-in.js';

export const appToken: StandIn = {
  inputs: new Map(
    ['client-id', 'app-id', 'private-key', 'owner', 'repositories', 'skip-token-revoke', 'github-api-url', 'enterprise']
      .concat(permissionInputs())
      .map((name) => [name, undefined]),
  ),
  refused: { enterprise: '' },
  async run(call: StandInCall): Promise<StandInResult> {
    const { job, inputs } = call;
    const app = authenticate(call);
    const owner = inputs.owner || ownerOf(job.plan.run.event.repository);
    const installation = installationOf(call, app, owner);
    const repositories = reach(call, app, installation, owner);
    const token = job.plan.run.services.host.issueToken({
      actor: `${app.slug}[bot]`,
      repositories,
      permissions: narrowed(installation, inputs),
      startsWorkflows: true,
    });
    job.masker.add(token);
    job.log(`Created a token of ${app.slug} for ${repositories.join(', ')}`);
    return { outputs: { token, 'app-slug': app.slug, 'installation-id': String(installation.id) } };
  },
};

type Installation = KnownApp['installations'][number];

function authenticate({ job, inputs }: StandInCall): KnownApp {
  const id = inputs['client-id'] || inputs['app-id'] || '';
  const key = inputs['private-key'] ?? '';
  if (id === '') {
    throw new Error("Either 'client-id' or 'app-id' input must be set");
  }
  if (key === '') {
    throw new Error('Input required and not supplied: private-key');
  }
  const app = job.plan.run.services.host.apps.find(id);
  if (app === undefined) {
    throw new Error(
      `Integration not found: no GitHub App with id "${id}" is registered on the local stage - https://docs.github.com/rest`,
    );
  }
  if (!app.holds(key)) {
    throw new Error('A JSON web token could not be decoded - https://docs.github.com/rest');
  }
  return app;
}

/** The installation of the app on the account that the token is for. */
function installationOf(call: StandInCall, app: KnownApp, owner: string): Installation {
  const found = app.installations.find(({ repositories }) =>
    repositories.some((name) => ownerOf(name).toLowerCase() === owner.toLowerCase()),
  );
  if (found !== undefined) {
    return found;
  }
  const [first] = requestedOf(call, owner);
  throw new Error(
    first === undefined
      ? `Not Found: ${app.slug} is not installed for "${owner}" - https://docs.github.com/rest`
      : notInstalled(app, first),
  );
}

/** Full names that the inputs ask for; none for all of the owner's. */
function requestedOf({ job, inputs }: StandInCall, owner: string): string[] {
  const names = (inputs.repositories ?? '')
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) {
    return (inputs.owner ?? '') === '' ? [job.plan.run.event.repository] : [];
  }
  return names.map((name) => (name.includes('/') ? name : `${owner}/${name}`));
}

/** Repositories of the token: the named ones, all of the owner, or the current one. */
function reach(call: StandInCall, app: KnownApp, { repositories }: Installation, owner: string): string[] {
  const installed = new Map(repositories.map((name) => [name.toLowerCase(), name]));
  const requested = requestedOf(call, owner);
  if (requested.length === 0) {
    return repositories;
  }
  const foreign = requested.find((name) => ownerOf(name).toLowerCase() !== owner.toLowerCase());
  if (foreign !== undefined) {
    throw new Error(`The repository "${foreign}" does not belong to the owner "${owner}".`);
  }
  return requested.map((name) => {
    const found = installed.get(name.toLowerCase());
    if (found === undefined) {
      throw new Error(notInstalled(app, name));
    }
    return found;
  });
}

function notInstalled(app: KnownApp, name: string): string {
  return `Not Found: ${app.slug} is not installed on ${name} - https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app`;
}

/** Permissions of the token: all of the installation's, or those that the `permission-*` inputs name. */
function narrowed(app: Installation, inputs: Record<string, string>): Installation['permissions'] {
  const named = Object.entries(inputs).filter(([name, value]) => name.startsWith('permission-') && value !== '');
  if (named.length === 0) {
    return app.permissions;
  }
  const permissions: Record<string, 'read' | 'write' | 'admin'> = { metadata: 'read' };
  for (const [input, level] of named) {
    const name = input.slice('permission-'.length).replaceAll('-', '_');
    if (level !== 'read' && level !== 'write') {
      throw new Error(`Input "${input}" is "${level}", expected read or write.`);
    }
    const granted = app.permissions[name];
    if (granted === undefined || (level === 'write' && granted === 'read')) {
      throw new Error(
        'The permissions requested are not granted to this installation. - https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app',
      );
    }
    permissions[name] = level;
  }
  return permissions;
}

function permissionInputs(): string[] {
  return [
    'actions',
    'administration',
    'checks',
    'contents',
    'deployments',
    'environments',
    'issues',
    'members',
    'metadata',
    'packages',
    'pages',
    'pull-requests',
    'secrets',
    'statuses',
    'variables',
    'workflows',
  ].map((name) => `permission-${name}`);
}

function ownerOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}
