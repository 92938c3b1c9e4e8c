import { heldStage } from '../../actions/lift-hold/support.js';
import { run } from '../../actions/rollback/support.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

function liftHold(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const world = await heldStage();
      return worldOf(world, [world.ops], (signal) => run(world, 'lift-hold', inputs, { env: NO_TOOLS, signal }));
    },
  };
}

export const directLiftHold = liftHold('lift-hold', {});
export const mergedLiftHold = liftHold('lift-hold by pull request', { direct: 'false', merge: 'true' });
