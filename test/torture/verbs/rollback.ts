import { deployedStage, run } from '../../actions/rollback/support.js';
import { NO_TOOLS, type Verb } from '../verb.js';

function rollback(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const world = await deployedStage();
      return {
        stage: world.stage,
        repositories: [world.ops],
        act({ signal, begin }) {
          begin();
          return run(world, 'rollback', inputs, { env: NO_TOOLS, signal });
        },
        [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
      };
    },
  };
}

export const proposedRollback = rollback('rollback', {});
export const directRollback = rollback('rollback at once', { direct: 'true' });
