import { type BranchDeed, intoProd, startAt, WEB, web } from '../support/branches.js';
import { merge, open, review, runGate } from '../support/guarded.js';

/** A head that may come into stage is opened into prod, and merged before anybody judges it there. */
export const deed: BranchDeed = {
  async attack(ops) {
    await startAt(ops, 'topic', 'stage');
    await ops.repository.commit('topic', { [WEB]: web('1.7.0') }, 'topic');
    const number = await open(ops, 'topic', { base: 'stage' });
    await runGate(ops);
    return `${await intoProd(ops, 'topic', { judged: false })} | into stage: ${await merge(ops, number)}`;
  },
  refused: /^none \| .*oStack \/ gate into prod.* \| into stage: merged$/s,
  async honest(ops) {
    const number = await open(ops, 'stage', { base: 'prod' });
    await review(ops, number, 'grace');
    await runGate(ops);
    return merge(ops, number);
  },
  allowed: /^merged$/,
};
