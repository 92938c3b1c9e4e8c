import { HOLDS, hold } from '../support/claimed.js';
import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';

/** The version is held since the verdict. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.commit('main', { [HOLDS]: hold('shop', '1.5.0', 'staging') }, 'change');
    await runGate(ops);
    return outcome(ops, good);
  },
  refused: /^failure: Refused by staging: shop in staging is held at 1\.5\.0.* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    const pull = good;
    await ops.repository.commit('main', { 'docs/a.md': 'x\n' }, 'change');
    await runGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged$/,
};
