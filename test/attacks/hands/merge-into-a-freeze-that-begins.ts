import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';
import { ROLES } from '../support/plain.js';

/** The policy with a freeze that begins in some minutes. */
function freezingIn(minutes: number): string {
  const [from, to] = [minutes, minutes + 600].map((each) =>
    new Date(Date.now() + each * 60_000).toISOString().replace(/\.\d+Z$/, 'Z'),
  );
  return ROLES.replace('staging: {}', `staging: { freeze: [{ from: "${from}", to: "${to}" }] }`);
}

/** The freeze begins after the verdict: in the hour before, only what GitHub merges at once is let in. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.commit('main', { 'ostack.yaml': freezingIn(30) }, 'freeze');
    await runGate(ops);
    return outcome(ops, good);
  },
  refused: /^failure: Not yet, until \S+: staging: staging freezes at \S+, within the hour.* \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    await ops.repository.commit('main', { 'ostack.yaml': freezingIn(90) }, 'freeze');
    await runGate(ops);
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
