import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome, setState } from '../support/judged.js';
import { ROLES } from '../support/plain.js';

const FROZEN = ROLES.replace('staging: {}', 'staging: { freeze: [{ cron: "* * * * *", for: 1h }] }');

/** A pull request that was allowed is closed, and comes back when the environment is frozen. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await setState(ops, good.number, { state: 'closed' });
    await runGate(ops);
    await ops.repository.commit('main', { 'ostack.yaml': FROZEN }, 'freeze');
    await setState(ops, good.number, { state: 'open' });
    return outcome(ops, good);
  },
  refused: /^cancelled: Withdrawn: .* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    const pull = good;
    await setState(ops, pull.number, { state: 'closed' });
    await runGate(ops);
    await setState(ops, pull.number, { state: 'open' });
    await runGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged$/,
};
