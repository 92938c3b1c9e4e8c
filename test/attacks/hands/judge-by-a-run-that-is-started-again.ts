import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';
import { ROLES } from '../support/plain.js';

/** Yesterday’s run of the gate is started again, to judge by yesterday’s rules. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.commit(
      'main',
      { 'ostack.yaml': ROLES.replace('staging: {}', 'staging: { approvers: [heidi] }') },
      'policy',
    );
    await runGate(ops);
    const { stdout } = await runGate(ops, { GITHUB_RUN_ATTEMPT: '2' });
    return `${stdout} | ${await outcome(ops, good)}`;
  },
  refused:
    /attempt 2 of a run, and a run that is started again judges nothing\. Start a new one.* \| failure: Not yet/s,
  async honest(ops, { good }) {
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
