import type { Signature } from '../../git/commit.js';
import { accountOf } from '../../views/git.js';
import { timestamp } from '../../views/timestamp.js';
import { userNodeId } from '../../views/user.js';
import type { Account } from '../../world/accounts.js';
import { Refusal } from '../../world/refusal.js';
import { connection, type Paging } from '../connection.js';
import type { RepositoryScope, Scope } from '../scope.js';

/** An `Actor`. GraphQL leaves `[bot]` out of a bot's login. */
export function actorNode({ world }: Scope, account: Account) {
  const login = account.type === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login;
  return {
    __typename: account.type,
    id: userNodeId(account),
    databaseId: account.id,
    login,
    name: null,
    url: `${world.serverUrl}/${account.type === 'Bot' ? 'apps/' : ''}${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${world.serverUrl}/avatars/${account.id}`,
  };
}

/** A `User`, as the `user` of a commit's author, where bots keep their suffix. */
export function userNode(scope: Scope, account: Account) {
  return { ...actorNode(scope, account), __typename: 'User', login: account.login };
}

/** A `Team` of the organization that owns a repository. */
export function teamNode(scope: RepositoryScope, slug: string) {
  return organizationTeamNode(scope, scope.repository.owner, slug);
}

/** A `Team`; every team exists here. Who is in it, only a token with `members: read` sees. */
export function organizationTeamNode(scope: Scope, owner: Account, slug: string) {
  const { world, caller } = scope;
  return {
    __typename: 'Team',
    id: `TEAM_${slug}`,
    slug,
    name: slug,
    combinedSlug: `${owner.login}/${slug}`,
    url: `${world.serverUrl}/orgs/${owner.login}/teams/${slug}`,
    members: (paging: Paging) => {
      if (caller.permissions !== undefined && caller.permissions.members === undefined) {
        throw new Refusal(403, 'Resource not accessible by integration');
      }
      return connection('members', world.accounts.team(`${owner.login}/${slug}`), paging, (member) =>
        userNode(scope, member),
      );
    },
  };
}

/** A `GitActor`: who a commit names. */
export function gitActor(scope: Scope, signature: Signature) {
  const account = accountOf(scope.world, signature);
  return {
    name: signature.name,
    email: signature.email,
    date: timestamp(signature.date),
    avatarUrl: `${scope.world.serverUrl}/avatars/0`,
    user: account === undefined ? null : userNode(scope, account),
  };
}
