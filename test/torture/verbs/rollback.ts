import { deployedStage, run } from '../../actions/rollback/support.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

function rollback(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const world = await deployedStage();
      return worldOf(world, [world.ops], (signal) => run(world, 'rollback', inputs, { env: NO_TOOLS, signal }));
    },
  };
}

export const proposedRollback = rollback('rollback', {});
export const directRollback = rollback('rollback at once', { direct: 'true' });
