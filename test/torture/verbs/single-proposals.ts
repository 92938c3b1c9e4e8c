import { fleetStage } from '../../actions/single-proposals/support.js';
import { deployment } from '../../support/deployment.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

interface SingleProposal {
  inputs: Record<string, string>;
  /** Files of the ops repository; the fleet of the fixtures by default. */
  files?: Record<string, string>;
  env?: Record<string, string>;
}

function processOf(action: string, { inputs, files, env = NO_TOOLS }: SingleProposal): Verb {
  return {
    name: action,
    async world() {
      const world = await fleetStage(files === undefined ? {} : { seed: { files } });
      return worldOf(world, [world.fleet], (signal) => world.run(action, inputs, env, signal));
    },
  };
}

export const onboard = processOf('onboard', { inputs: { app: 'notify', environment: 'staging-eu', merge: 'true' } });

export const override = processOf('override', {
  inputs: {
    app: 'tracking',
    environment: 'staging-eu',
    intent: '_replicas.yaml',
    reason: 'load test',
    patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tracking-api\nspec:\n  replicas: 3',
  },
});

const OVERLAY = 'resources: [../../../bases/shop]\npatches:\n  - path: limits.yaml\n';
const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { minReadySeconds: 5 }\n';

/** One app in two environments with the same patch: kustomize, which proves what is moved, takes most of the time. */
const SHARED = {
  'bases/shop/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/shop/deployment.yaml': deployment('shop'),
  'overlays/production/shop/kustomization.yaml': OVERLAY,
  'overlays/production/shop/limits.yaml': PATCH,
  'overlays/staging/shop/kustomization.yaml': OVERLAY,
  'overlays/staging/shop/limits.yaml': PATCH,
};

export const lift = processOf('lift', {
  inputs: { app: 'shop', merge: 'true' },
  files: SHARED,
  env: { PATH: process.env.PATH ?? '' },
});
