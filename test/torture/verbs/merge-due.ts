import { overlay } from '../../actions/gate/support.js';
import { propose, runMergeDue, STAGING, unguardedStage } from '../../actions/merge-due/support.js';
import { type Verb, worldOf } from '../verb.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';
const CHECK = { '.github/workflows/ops-check.yml': 'on: { push: { branches: [main] }, workflow_dispatch: }\n' };

/** Two pull requests that are due, with one between that the policy keeps out. */
export const mergeDue: Verb = {
  name: 'merge-due',
  async world() {
    const world = await unguardedStage(POLICY, CHECK);
    await propose(world, 'bump', { [STAGING]: overlay('1.6.0') });
    await propose(world, 'never', { 'overlays/production/shop/a.yaml': 'a: 1\n' });
    await propose(world, 'docs', { 'docs/a.md': 'a\n' });
    const held = { stage: world.stage, [Symbol.asyncDispose]: () => world.stage.close() };
    return worldOf(held, [world.ops], (signal) => runMergeDue(world, { signal }));
  },
};
