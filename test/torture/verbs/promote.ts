import { opsFiles, opsStage, promote } from '../../actions/promote/support.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

export const promotion: Verb = {
  name: 'promote',
  async world() {
    const world = await opsStage(opsFiles(', cd: true'));
    return worldOf(world, [world.ops], (signal) => promote(world, { apps: 'my-app' }, { env: NO_TOOLS, signal }));
  },
};
