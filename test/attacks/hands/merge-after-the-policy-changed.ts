import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';
import { ROLES } from '../support/plain.js';

/** The policy asks for an approval since the verdict. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.commit(
      'main',
      { 'ostack.yaml': ROLES.replace('staging: {}', 'staging: { approvers: [heidi] }') },
      'change',
    );
    await runGate(ops);
    return outcome(ops, good);
  },
  refused: /^failure: Not yet: staging: 0 of 1 approval.* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    const pull = good;
    await ops.repository.commit('main', { 'docs/a.md': 'x\n' }, 'change');
    await runGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged$/,
};
