import { opsFiles, opsStage, promote } from '../../actions/promote/support.js';
import { NO_TOOLS, type Verb } from '../verb.js';

export const promotion: Verb = {
  name: 'promote',
  async world() {
    const world = await opsStage(opsFiles(', cd: true'));
    return {
      stage: world.stage,
      repositories: [world.ops],
      act({ signal, begin }) {
        begin();
        return promote(world, { apps: 'my-app' }, { env: NO_TOOLS, signal });
      },
      [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
    };
  },
};
