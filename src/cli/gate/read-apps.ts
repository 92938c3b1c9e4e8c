import * as v from 'valibot';
import { isRefusal } from '../../github/errors.js';
import { APP_ROLES, appName, type Permissions, type Role, slugOf } from './app-roles.js';
import { type Asking, askAll, askIfThere } from './ask.js';
import type { AppState, Holder, OpsState, Wanted } from './state.js';

/** An App that is installed on repositories of an organisation. */
export interface Installation {
  appId: number;
  slug: string;
  clientId: string | undefined;
  permissions: Permissions;
  selection: 'all' | 'selected';
}

/** What an App is looked for in. */
export interface Looking {
  repository: OpsState;
  /** `undefined` where GitHub does not tell: of a person's repositories, or a token without the right to see it. */
  installations: readonly Installation[] | undefined;
  slugs: Wanted['slugs'];
}

const permissionsSchema = v.record(v.string(), v.picklist(['read', 'write', 'admin']));

/** @returns what an administrator is told; only owners of organisations are */
export async function readInstallations(
  asking: Asking,
  { owner, ownerIsOrganisation }: OpsState,
): Promise<Installation[] | undefined> {
  if (!ownerIsOrganisation) {
    return undefined;
  }
  const schema = v.object({
    app_id: v.number(),
    app_slug: v.string(),
    client_id: v.optional(v.string()),
    permissions: permissionsSchema,
    repository_selection: v.picklist(['all', 'selected']),
  });
  const how = { doing: `list the Apps of ${owner}`, permission: 'organization-administration: read' };
  try {
    const found = await askAll(asking, `/orgs/${owner}/installations`, 'installations', schema, how);
    return found.map((each) => ({
      appId: each.app_id,
      slug: each.app_slug,
      clientId: each.client_id,
      permissions: each.permissions,
      selection: each.repository_selection,
    }));
  } catch (error) {
    if (error instanceof Error && isRefusal(error.cause)) {
      return undefined;
    }
    throw error;
  }
}

const appSchema = v.object({
  id: v.number(),
  slug: v.string(),
  client_id: v.string(),
  owner: v.object({ login: v.optional(v.string(), '') }),
  permissions: permissionsSchema,
});

/**
 * Finds the App of a role: the one that is named, else the one that variables name, else one that is installed and has their
 * client ID, else the one that an interrupted run has made under the name that it proposes.
 *
 * @throws Error when the named App is not there
 */
export async function findApp(
  asking: Asking,
  role: Role,
  holders: readonly Holder[],
  { repository, installations, slugs }: Looking,
): Promise<AppState | undefined> {
  const named = slugs[role];
  const clientIds = holders.flatMap(({ clientId }) => clientId ?? []);
  const installed = installations?.find(({ clientId }) => clientId !== undefined && clientIds.includes(clientId));
  const known = named ?? holders.find(({ slug }) => slug !== undefined)?.slug ?? installed?.slug;
  const slug = known ?? slugOf(appName(role, repository));
  const how = { doing: `read the App ${slug}`, permission: 'metadata: read' };
  const found = await askIfThere(asking, `GET /apps/${encodeURIComponent(slug)}`, appSchema, how, [403, 404]);
  const at = installations?.find((each) => (found === undefined ? each.slug === known : each.appId === found.id));
  if (found === undefined && at?.clientId !== undefined) {
    // A private App that the token is not shown, of which the owner of the organisation is told all the same.
    return { id: at.appId, slug: at.slug, clientId: at.clientId, permissions: at.permissions, installed: at.selection };
  }
  if (found === undefined) {
    if (named !== undefined) {
      throw new Error(`There is no App "${named}" for this token, which is to be the ${APP_ROLES[role].title}.`);
    }
    return undefined;
  }
  const isOurs = found.owner.login.toLowerCase() === repository.owner.toLowerCase();
  // A name that nobody gave and that another owner has is no trace of ours.
  if (known === undefined && !isOurs) {
    return undefined;
  }
  const { id, client_id: clientId, permissions } = found;
  const nowhere = installations === undefined ? 'unknown' : 'nowhere';
  return {
    id,
    slug: found.slug,
    clientId,
    permissions: at?.permissions ?? permissions,
    installed: at?.selection ?? nowhere,
  };
}
