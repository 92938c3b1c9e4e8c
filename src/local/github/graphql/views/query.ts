import { notFound, Refusal } from '../../world/refusal.js';
import { nodeById } from '../nodes.js';
import type { Scope } from '../scope.js';
import { actorNode, organizationTeamNode } from './actors.js';
import { repositoryNode } from './repository.js';

/** GitHub gives at most this many nodes by their ids. */
const MOST_IDS = 100;

/** The root of queries. */
export function queryRoot(scope: Scope) {
  const { world, caller } = scope;
  return {
    repository: ({ owner, name }: { owner: string; name: string }) =>
      repositoryNode({ ...scope, repository: world.repositoryFor(caller, `${owner}/${name}`) }),
    node: ({ id }: { id: string }) => nodeById(scope, id),
    nodes: ({ ids }: { ids: string[] }) => {
      if (ids.length > MOST_IDS) {
        const message = `You may not provide more than ${MOST_IDS} node ids; you provided ${ids.length}.`;
        throw new Refusal(422, message, { type: 'ARGUMENT_LIMIT' });
      }
      return ids.map((id) => nodeById(scope, id));
    },
    viewer: () => actorNode(scope, caller.account),
    user: ({ login }: { login: string }) => {
      const account = world.accounts.find(login);
      if (account?.type !== 'User') {
        throw notFound(`Could not resolve to a User with the login of '${login}'.`);
      }
      return actorNode(scope, account);
    },
    organization: ({ login }: { login: string }) => {
      const account = world.accounts.find(login);
      if (account?.type !== 'Organization') {
        throw notFound(`Could not resolve to an Organization with the login of '${login}'.`);
      }
      return {
        ...actorNode(scope, account),
        team: ({ slug }: { slug: string }) => organizationTeamNode(scope, account, slug),
      };
    },
    rateLimit: () => {
      const { resetAt, ...left } = world.usage.left(caller);
      return { ...left, resetAt: resetAt.toISOString() };
    },
  };
}
