import type { Guarded } from '../support/guarded.js';
import { OPS, rest, runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome, type Pull, setState } from '../support/judged.js';

/** More statuses than GitHub lists at once, so that the gate would not find its own check among them. */
async function flood({ stage, person }: Guarded, { head }: Pull): Promise<void> {
  const token = person('mallory');
  for (let index = 0; index <= 100; index++) {
    await rest(stage, `POST /repos/${OPS}/statuses/${head}`, { state: 'success', context: `flood ${index}` }, token);
  }
}

/** A pull request that was allowed is closed behind statuses, and comes back when nobody allows it any more. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await flood(ops, good);
    await setState(ops, good.number, { state: 'closed' });
    await runGate(ops);
    await setState(ops, good.number, { state: 'open' });
    return outcome(ops, good);
  },
  refused: /^cancelled: Withdrawn: .* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    await flood(ops, good);
    await runGate(ops);
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
