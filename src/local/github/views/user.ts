import type { Account } from '../world/accounts.js';
import type { AppRecord, Installation } from '../world/apps.js';
import type { World } from '../world/world.js';
import { timestamp } from './timestamp.js';

/** An account as REST shows it (`simple-user`). */
export function userView(world: World, account: Account) {
  const url = `${world.apiUrl}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: userNodeId(account),
    avatar_url: `${world.serverUrl}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.serverUrl}/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

const prefixes = { User: 'U', Bot: 'BOT', Organization: 'O' } as const;

export function userNodeId(account: Account): string {
  return `${prefixes[account.type]}_${account.id}`;
}

/** The e-mail address GitHub writes into commits it makes for an account. */
export function noReplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

/** An App as REST shows it (`integration`). */
export function appView(world: World, app: AppRecord) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    client_id: app.clientId,
    owner: userView(world, app.owner),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${world.serverUrl}/apps/${encodeURIComponent(app.slug)}`,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

/** An App on an account as REST shows it (`installation`). */
export function installationView(world: World, installation: Installation) {
  const { app, account, repositories, permissions } = installation;
  const url = `${world.apiUrl}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    account: userView(world, account),
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.serverUrl}/settings/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events: app.events,
    created_at: timestamp(installation.createdAt),
    updated_at: timestamp(installation.createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}
