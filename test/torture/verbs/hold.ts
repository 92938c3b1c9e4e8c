import { opsStage } from '../../actions/bump-ops-overlay/support.js';
import { run } from '../../actions/rollback/support.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

function hold(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const world = await opsStage();
      return worldOf(world, [world.ops], (signal) => run(world, 'hold', inputs, { env: NO_TOOLS, signal }));
    },
  };
}

export const directHold = hold('hold', { environment: '*', app: '*' });
export const mergedHold = hold('hold by pull request', { direct: 'false' });
