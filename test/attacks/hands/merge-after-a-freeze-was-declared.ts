import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';
import { ROLES } from '../support/plain.js';

const FROZEN = ROLES.replace('staging: {}', 'staging: { freeze: [{ cron: "* * * * *", for: 1h }] }');

/** A freeze is declared since the verdict. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.commit('main', { 'ostack.yaml': FROZEN }, 'change');
    await runGate(ops);
    return outcome(ops, good);
  },
  refused: /^failure: Not yet, until \S+: staging: staging is frozen until.* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    const pull = good;
    await ops.repository.commit('main', { 'docs/a.md': 'x\n' }, 'change');
    await runGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged$/,
};
