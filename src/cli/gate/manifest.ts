import { APP_ROLES, appName, type Role } from './app-roles.js';
import type { OpsState } from './state.js';

/** What GitHub makes an App of. */
export interface Manifest {
  name: string;
  url: string;
  description: string;
  public: false;
  redirect_url: string;
  hook_attributes: { url: string; active: false };
  default_permissions: Readonly<Record<string, string>>;
  default_events: [];
}

const PROJECT = 'https://github.com/ostack/actions';

/**
 * @param redirect where GitHub sends the browser afterwards, with a code
 * @see https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export function manifestOf(role: Role, repository: Pick<OpsState, 'owner' | 'name'>, redirect: string): Manifest {
  const { purpose, permissions } = APP_ROLES[role];
  return {
    name: appName(role, repository),
    url: PROJECT,
    description: `${purpose} For ${repository.owner}/${repository.name}.`,
    public: false,
    redirect_url: redirect,
    // Nothing listens: GitHub wants an address even of a hook that is off.
    hook_attributes: { url: PROJECT, active: false },
    default_permissions: permissions,
    default_events: [],
  };
}

/** Where a browser posts the manifest to. */
export function manifestForm(
  { owner, ownerIsOrganisation }: Pick<OpsState, 'owner' | 'ownerIsOrganisation'>,
  server: string,
  state: string,
): string {
  const of = ownerIsOrganisation ? `/organizations/${owner}` : '';
  return `${server}${of}/settings/apps/new?state=${state}`;
}

/** GitHub's page of an App's settings, where keys are made and the App is deleted. */
export function settingsOf(
  slug: string,
  { owner, ownerIsOrganisation }: Pick<OpsState, 'owner' | 'ownerIsOrganisation'>,
  server: string,
): string {
  return `${server}${ownerIsOrganisation ? `/organizations/${owner}` : ''}/settings/apps/${slug}`;
}
