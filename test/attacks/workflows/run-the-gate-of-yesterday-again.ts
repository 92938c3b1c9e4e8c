import { OPS, rest } from '../support/guarded.js';
import { GOOD, outcome, propose } from '../support/judged.js';
import { ROLES } from '../support/plain.js';
import { startGate } from '../support/steal.js';
import type { Run } from '../support/workflows.js';

const STRICTER = ROLES.replace('staging: {}', 'staging: { approvers: [heidi] }');

/** A run of the gate is started again, to judge by the rules of its time. */
export const deed: Run = {
  async attack(ops) {
    const pull = await propose(ops, GOOD);
    await ops.runner.idle();
    const [yesterday] = ops.runner.runs.filter(({ workflow }) => workflow === 'Ops gate');
    await ops.repository.commit('main', { 'ostack.yaml': STRICTER }, 'policy');
    await ops.runner.idle();
    const path = `/repos/${OPS}/actions/runs/${yesterday?.id}/rerun`;
    await rest(ops.stage, `POST ${path}`, {}, ops.person('mallory'));
    await ops.runner.idle();
    const again = ops.runner.runs.filter(({ attempt }) => attempt === 2);
    return `${again.map((each) => JSON.stringify(each)).join()} | ${await outcome(ops, pull)}`;
  },
  refused:
    /attempt 2 of a run, and a run that is started again judges nothing\. Start a new one.* \| failure: Not yet: staging.* \| .*oStack \/ gate/s,
  async honest(ops) {
    const pull = await propose(ops, GOOD);
    await ops.runner.idle();
    await startGate(ops);
    return outcome(ops, pull);
  },
  allowed: /^success: .* \| merged/,
};
