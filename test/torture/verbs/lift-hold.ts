import { heldStage } from '../../actions/lift-hold/support.js';
import { run } from '../../actions/rollback/support.js';
import { NO_TOOLS, type Verb } from '../verb.js';

function liftHold(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const world = await heldStage();
      return {
        stage: world.stage,
        repositories: [world.ops],
        act({ signal, begin }) {
          begin();
          return run(world, 'lift-hold', inputs, { env: NO_TOOLS, signal });
        },
        [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
      };
    },
  };
}

export const directLiftHold = liftHold('lift-hold', {});
export const mergedLiftHold = liftHold('lift-hold by pull request', { direct: 'false', merge: 'true' });
