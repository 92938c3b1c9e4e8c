import { fleetStage } from '../../actions/processes/support.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

function processOf(action: string, inputs: Record<string, string>, env = NO_TOOLS): Verb {
  return {
    name: action,
    async world() {
      const world = await fleetStage();
      return worldOf(world, [world.fleet], (signal) => world.run(action, inputs, env, signal));
    },
  };
}

export const onboard = processOf('onboard', { app: 'notify', environment: 'staging-eu', merge: 'true' });

export const override = processOf('override', {
  app: 'tracking',
  environment: 'staging-eu',
  intent: '_replicas.yaml',
  reason: 'load test',
  patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tracking-api\nspec:\n  replicas: 3',
});

/** Needs kustomize, for it proves what it moves. */
export const lift = processOf('lift', { app: 'tracking', merge: 'true' }, { PATH: process.env.PATH ?? '' });
