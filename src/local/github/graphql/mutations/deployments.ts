import { addDeploymentStatus } from '../../world/deployments.js';
import { demandWrite } from '../../world/world.js';
import { deploymentById } from '../nodes.js';
import type { Scope } from '../scope.js';
import { statusNode } from '../views/deployments.js';

interface NewStatus {
  deploymentId: string;
  state: string;
  description: string;
  environmentUrl: string;
  logUrl: string;
  autoInactive: boolean;
}

/** Statuses of deployments. They demand `deployments: write`. */
export function deploymentMutations(scope: Scope) {
  return {
    createDeploymentStatus: async (input: NewStatus) => {
      const { scope: inside, deployment } = deploymentById(scope, input.deploymentId);
      const { world, repository, caller } = inside;
      demandWrite(caller, repository, ['deployments']);
      const { description, environmentUrl, logUrl, autoInactive } = input;
      const status = { state: input.state.toLowerCase(), description, environmentUrl, logUrl };
      const made = await addDeploymentStatus(world, repository, caller, deployment, status, autoInactive);
      return { deploymentStatus: () => statusNode(inside, made) };
    },
  };
}
