import { OPS_FILES, opsStage } from '../../actions/bump-ops-overlay/support.js';
import { type Verb, worldOf } from '../verb.js';

/**
 * @param before versions that were bumped earlier, as open pull requests
 * @param files the ops repository
 */
function bump(name: string, before: readonly string[], files = OPS_FILES): Verb {
  return {
    name,
    async world() {
      const world = await opsStage(files);
      for (const tag of before) {
        await world.bump({ tag, 'apps-token': '' });
      }
      return worldOf(world, [world.ops], (signal) => world.bump({ 'apps-token': '' }, signal));
    },
  };
}

export const firstBump = bump('bump-ops-overlay', []);
export const nextBump = bump('bump-ops-overlay on top of another', ['1.3.5']);

const FROZEN =
  'environments: { staging: { cd: true, freeze: [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T00:00:00Z" }] } }\n';
export const waitingBump = bump('bump-ops-overlay that waits', ['1.3.5'], { ...OPS_FILES, 'ostack.yaml': FROZEN });
