import type { Deed } from '../support/hands.js';
import { EVIL, forgeCheck, outcome, propose } from '../support/judged.js';

/** A workflow of any branch may make check runs, as the App of GitHub Actions. */
export const deed: Deed = {
  async attack(ops) {
    const evil = await propose(ops, EVIL);
    const token = ops.stage.github.issueToken({ actor: 'github-actions[bot]' });
    const status = await forgeCheck(ops, evil.head, token);
    return `${status} ${await outcome(ops, evil)}`;
  },
  refused: /^201 none \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
