import type { Scope } from '../scope.js';
import { deploymentMutations } from './deployments.js';
import { issueMutations } from './issues.js';
import { pullMutations } from './pulls.js';
import { refMutations } from './refs.js';

type Mutation = (input: never) => Promise<object>;

/** The root of mutations. Each runs alone, after all earlier changes. */
export function mutationRoot(scope: Scope) {
  const all: Record<string, Mutation> = {
    ...refMutations(scope),
    ...pullMutations(scope),
    ...issueMutations(scope),
    ...deploymentMutations(scope),
  };
  const root: Record<string, (args: { input: never & { clientMutationId?: string | null } }) => Promise<object>> = {};
  for (const [name, mutate] of Object.entries(all)) {
    root[name] = ({ input }) =>
      scope.world.exclusive(async () => ({ clientMutationId: clientId(input), ...(await mutate(input)) }));
  }
  return root;
}

function clientId(input: object): string | null {
  const id: unknown = 'clientMutationId' in input ? input.clientMutationId : null;
  return typeof id === 'string' ? id : null;
}
