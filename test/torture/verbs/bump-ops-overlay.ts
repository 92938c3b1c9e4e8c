import { opsStage } from '../../actions/bump-ops-overlay/support.js';
import type { Verb } from '../verb.js';

/** @param before versions that were bumped earlier, as open pull requests */
function bump(name: string, before: readonly string[]): Verb {
  return {
    name,
    async world() {
      const world = await opsStage();
      for (const tag of before) {
        await world.bump({ tag, 'apps-token': '' });
      }
      return {
        stage: world.stage,
        repositories: [world.ops],
        act({ signal, begin }) {
          begin();
          return world.bump({ 'apps-token': '' }, signal);
        },
        [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
      };
    },
  };
}

export const firstBump = bump('bump-ops-overlay', []);
export const nextBump = bump('bump-ops-overlay on top of another', ['1.3.5']);
