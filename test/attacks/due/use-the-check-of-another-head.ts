import { ADA, propose, report } from '../../actions/merge-due/support.js';
import type { Due } from '../support/due.js';

/** The check was green for the commit before. */
export const deed: Due = {
  async attack(world) {
    const { number } = await propose(world, 'topic', { 'docs/a.md': 'a\n' });
    await world.ops.commit('topic', { 'docs/b.md': 'b\n' }, 'more', ADA);
    return number;
  },
  refused: /waits for Ops check \/ Check, which has not reported about its head/,
  async honest(world) {
    const { number } = await propose(world, 'topic', { 'docs/a.md': 'a\n' });
    const head = await world.ops.commit('topic', { 'docs/b.md': 'b\n' }, 'more', ADA);
    await report(world, head, 'success');
    return number;
  },
};
