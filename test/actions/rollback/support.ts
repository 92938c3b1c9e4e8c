import { type ActionRun, runAction } from '../../support/run-action.js';
import {
  DIGEST,
  errorsOf,
  OPS_FILES,
  type OpsStage,
  opsStage,
  overlay,
  stageEnv,
} from '../bump-ops-overlay/support.js';
import { NO_KUSTOMIZE } from '../promote/support.js';

export { DIGEST, errorsOf, type OpsStage };

export const STAGING = 'overlays/staging/my-app/kustomization.yaml';

/** An ops repository whose staging had 1.3.0, 1.4.0 and, now, 1.5.0. */
export async function deployedStage(options?: Parameters<typeof opsStage>[1]): Promise<OpsStage> {
  const world = await opsStage(OPS_FILES, options);
  for (const version of ['1.4.0', '1.5.0']) {
    await world.push('main', { [STAGING]: overlay(version) }, `my-app ${version}`);
  }
  return world;
}

/** Runs a verb in the ops repository as `ada`. */
export async function run(
  { stage }: OpsStage,
  action: 'rollback' | 'hold' | 'lift-hold',
  inputs: Record<string, string> = {},
  { env, signal }: Pick<ActionRun, 'env' | 'signal'> = {},
) {
  const before = stage.github.requests.length;
  const result = await runAction({
    action,
    inputs: { environment: 'staging', app: 'my-app', reason: 'Checkout fails', token: stage.token, ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada', PATH: NO_KUSTOMIZE, ...env },
    signal,
  });
  return { ...result, requests: stage.github.requests.slice(before).map(({ operation }) => operation) };
}

/** What is left in the end, without times. */
export async function endState({ ops, pulls }: OpsStage) {
  const holds = await ops.read('main', '.ostack/holds.yaml');
  return {
    branches: Object.keys(await ops.refs()).sort(),
    pulls: (await pulls()).map(({ title, state, labels }) => ({ title, state, labels })),
    staging: await ops.read('main', STAGING),
    holds: holds?.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME').replace(/127\.0\.0\.1:\d+/g, 'github.test'),
    commits: (await ops.log('main')).map(({ message }) => message.replace(/127\.0\.0\.1:\d+/g, 'github.test')),
  };
}
