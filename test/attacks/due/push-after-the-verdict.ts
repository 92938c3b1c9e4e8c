import { ADA, overlay, PRODUCTION, propose } from '../../actions/merge-due/support.js';
import { beforeLastLook, type Due } from '../support/due.js';

/** A harmless pull request gets another commit between the verdict and the merge. */
export const deed: Due = {
  async attack(world) {
    const { number } = await propose(world, 'topic', { 'docs/a.md': 'a\n' });
    beforeLastLook(world, () => world.ops.commit('topic', { [PRODUCTION]: overlay('6.6.6') }, 'more', ADA));
    return number;
  },
  refused: /Refused by production: production takes shop 6\.6\.6 only once/,
  async honest(world) {
    const { number } = await propose(world, 'topic', { 'docs/a.md': 'a\n' });
    beforeLastLook(world, () => world.ops.commit('elsewhere', { 'docs/b.md': 'b\n' }, 'more', ADA));
    return number;
  },
};
