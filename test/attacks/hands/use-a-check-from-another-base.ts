import { runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { EVIL, GOOD, judged, outcome, setState } from '../support/judged.js';

/** The pull request goes into a branch that nobody guards, is left alone there, and is turned to the default branch. */
export const deed: Deed = {
  async attack(ops) {
    await ops.repository.setRef('refs/heads/side', (await ops.repository.refs())['refs/heads/main'] ?? null);
    const pull = await judged(ops, EVIL, 'side');
    await setState(ops, pull.number, { base: 'main' });
    return outcome(ops, pull);
  },
  refused: /^none \| .*oStack \/ gate/s,
  async honest(ops) {
    await ops.repository.setRef('refs/heads/side', (await ops.repository.refs())['refs/heads/main'] ?? null);
    const pull = await judged(ops, GOOD, 'side');
    await setState(ops, pull.number, { base: 'main' });
    await runGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged$/,
};
