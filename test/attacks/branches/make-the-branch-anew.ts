import { type BranchDeed, startAt, tip, WEB, web } from '../support/branches.js';
import { OPS, rest, runAudit, verdictOn } from '../support/guarded.js';
import { push } from '../support/push.js';

const REF = 'refs/heads/prod';

/**
 * Whoever may write cannot delete it, nor make it where an administrator has deleted it. What an administrator makes of it is judged as
 * one change.
 */
export const deed: BranchDeed = {
  async attack(ops) {
    await runAudit(ops);
    const { status } = await rest(ops.stage, `DELETE /repos/${OPS}/git/${REF}`, {}, ops.person('mallory'));
    await startAt(ops, 'topic', 'prod');
    await ops.repository.setRef(REF, null);
    const token = ops.person('mallory');
    const { refusal } = await push(ops, { token, from: 'topic', to: REF, files: { [WEB]: web('6.6.6') } });
    await ops.repository.commit('topic', { [WEB]: web('6.6.6') }, 'evil');
    await startAt(ops, 'prod', 'topic');
    await runAudit(ops);
    const audited = await verdictOn(ops, await tip(ops, 'prod'), 'oStack / audit into prod');
    return `${status} | ${/rule|creat/i.test(refusal ?? '') ? 'refused' : refusal} | ${audited}`;
  },
  refused:
    /^4\d\d \| refused \| failure: Not permitted\. See #\d+\. prod: prod takes web 6\.6\.6 only once it is in stage/,
  async honest(ops) {
    await startAt(ops, 'topic', 'prod');
    const { status } = await rest(ops.stage, `DELETE /repos/${OPS}/git/refs/heads/topic`, {}, ops.person('mallory'));
    return String(status);
  },
  allowed: /^204$/,
};
