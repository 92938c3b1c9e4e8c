import type { Account } from '../world/accounts.js';
import type { World } from '../world/world.js';

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

/** The app behind a bot as REST shows it (`integration`). */
export function appView(world: World, account: Account) {
  const slug = account.login.replace(/\[bot\]$/, '');
  return {
    id: account.id,
    slug,
    node_id: `A_${account.id}`,
    owner: userView(world, account),
    name: slug,
    description: null,
    external_url: `${world.serverUrl}/apps/${encodeURIComponent(slug)}`,
    html_url: `${world.serverUrl}/apps/${encodeURIComponent(slug)}`,
    created_at: new Date(0).toISOString(),
    updated_at: new Date(0).toISOString(),
    permissions: {},
    events: [],
  };
}
