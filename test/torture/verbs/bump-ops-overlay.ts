import { DIGEST, opsStage, stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { runAction } from '../../support/run-action.js';
import type { Verb } from '../verb.js';

export const bumpOpsOverlay: Verb = {
  name: 'bump-ops-overlay',
  async world() {
    const { stage, ops, pulls, [Symbol.asyncDispose]: dispose } = await opsStage();
    return {
      stage,
      act: (signal) =>
        runAction({
          action: 'bump-ops-overlay',
          inputs: { image: 'ghcr.io/acme/my-app', tag: '1.4.0', digest: DIGEST, token: stage.token },
          env: stageEnv(stage),
          signal,
        }),
      async endState() {
        const list = await pulls();
        return {
          branches: Object.keys(await ops.refs()).sort(),
          pulls: list.map(({ title, state, labels }) => `${title}: ${state} ${labels.join()}`).sort(),
          comments: list.flatMap(({ comments }) => comments),
          staging: await ops.read('main', 'overlays/staging/my-app/kustomization.yaml'),
          production: await ops.read('ostack/production/my-app', 'overlays/production/my-app/kustomization.yaml'),
          commits: (await ops.log('main')).map(({ message }) => message.split('\n')[0]),
        };
      },
      [Symbol.asyncDispose]: dispose,
    };
  },
};
