import { open, review, runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { EVIL, outcome, propose } from '../support/judged.js';
import { queue } from '../support/queue.js';

/** A branch that is called as one of the queue has what nobody approved, under the number of a pull request that grace approved. */
export const deed: Deed = {
  async attack(ops) {
    const files = { 'overlays/production/shop/note.yaml': 'a: 1\n' };
    const { number } = await propose(ops, files, 'main', 'approved');
    await review(ops, number, 'grace');
    const main = (await ops.repository.refs())['refs/heads/main'] ?? '';
    const head = await ops.repository.commit('queued', EVIL, 'queued');
    await ops.repository.setRef(`refs/heads/gh-readonly-queue/main/pr-${number}-${main}`, head);
    const evil = await open(ops, 'queued');
    await runGate(ops);
    return outcome(ops, { number: evil, head });
  },
  refused: /^failure: .* \| .*oStack \/ gate/s,
  honest: (ops) =>
    queue(ops, 'good', [{ files: { 'overlays/production/shop/note.yaml': 'a: 1\n' }, approvedBy: 'grace' }]),
  allowed: /^success: Allowed: production/,
};
