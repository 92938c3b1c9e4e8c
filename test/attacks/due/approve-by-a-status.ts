import { overlay, PRODUCTION, propose, rest, STAGING } from '../../actions/merge-due/support.js';
import type { Due } from '../support/due.js';

/** Whoever may write says for the policy that it allows it. */
export const deed: Due = {
  async attack(world) {
    const { number, head } = await propose(world, 'evil', { [PRODUCTION]: overlay('1.5.0') });
    const token = world.stage.github.issueToken({ actor: 'mallory' });
    for (const context of ['ostack/production', 'oStack / gate']) {
      await rest(world.stage, `POST /repos/${world.name}/statuses/${head}`, { state: 'success', context }, token);
    }
    return number;
  },
  refused: /production: 0 of 1 approval: waits for grace/,
  async honest(world) {
    const { number, head } = await propose(world, 'good', { [STAGING]: overlay('1.6.0') });
    // What the policy said before, and no longer does, keeps nothing back.
    const status = { state: 'pending', context: 'ostack/staging' };
    await rest(world.stage, `POST /repos/${world.name}/statuses/${head}`, status);
    return number;
  },
};
