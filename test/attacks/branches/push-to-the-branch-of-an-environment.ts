import { type BranchDeed, startAt, WEB, web } from '../support/branches.js';
import { push } from '../support/push.js';

/** Whoever may write pushes without a pull request. */
export const deed: BranchDeed = {
  async attack(ops) {
    const pushing = {
      token: ops.person('mallory'),
      from: 'prod',
      to: 'refs/heads/prod',
      files: { [WEB]: web('1.6.0') },
    };
    return String((await push(ops, pushing)).refusal);
  },
  refused: /rule|protected|pull request/i,
  async honest(ops) {
    await startAt(ops, 'topic', 'prod');
    const pushing = {
      token: ops.person('mallory'),
      from: 'topic',
      to: 'refs/heads/topic',
      files: { [WEB]: web('1.6.0') },
    };
    return String((await push(ops, pushing)).refusal);
  },
  allowed: /^undefined$/,
};
