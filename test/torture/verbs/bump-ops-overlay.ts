import { opsStage } from '../../actions/bump-ops-overlay/support.js';
import { type Verb, worldOf } from '../verb.js';

/** @param before versions that were bumped earlier, as open pull requests */
function bump(name: string, before: readonly string[]): Verb {
  return {
    name,
    async world() {
      const world = await opsStage();
      for (const tag of before) {
        await world.bump({ tag, 'apps-token': '' });
      }
      return worldOf(world, [world.ops], (signal) => world.bump({ 'apps-token': '' }, signal));
    },
  };
}

export const firstBump = bump('bump-ops-overlay', []);
export const nextBump = bump('bump-ops-overlay on top of another', ['1.3.5']);
