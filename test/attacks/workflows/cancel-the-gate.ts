import { HOLDS, hold } from '../support/claimed.js';
import { OPS, rest } from '../support/guarded.js';
import { GOOD, outcome, propose } from '../support/judged.js';
import { startGate } from '../support/steal.js';
import type { Run, Running } from '../support/workflows.js';

/** Pushes while somebody cancels each run of the gate that this starts, by force. @returns how these runs ended */
async function pushUnjudged(ops: Running, files: Record<string, string>): Promise<string> {
  const cancelled: Promise<unknown>[] = [];
  const end = ops.runner.runner.follow({
    report: (event) => {
      if (event.type === 'job-started' && event.run.workflow === 'Ops gate' && event.run.event === 'push') {
        const path = `/repos/${OPS}/actions/runs/${event.run.id}/force-cancel`;
        cancelled.push(rest(ops.stage, `POST ${path}`, {}, ops.person('mallory')));
      }
    },
  });
  await ops.repository.commit('main', files, 'push');
  await ops.runner.idle();
  await Promise.all(cancelled);
  end();
  return ops.runner.runs
    .filter(({ workflow, event }) => workflow === 'Ops gate' && event === 'push')
    .map(({ conclusion }) => conclusion)
    .join();
}

/** Whoever may write may cancel the run that would withdraw a success: the next run, which the schedule starts, does it. */
export const deed: Run = {
  async attack(ops) {
    const pull = await propose(ops, GOOD);
    await ops.runner.idle();
    const push = await pushUnjudged(ops, { [HOLDS]: hold('shop', '1.5.0', 'staging') });
    await startGate(ops);
    return `${push} | ${await outcome(ops, pull)}`;
  },
  refused: /^cancelled \| failure: Refused by staging: shop in staging is held at 1\.5\.0.* \| .*oStack \/ gate/s,
  async honest(ops) {
    const pull = await propose(ops, GOOD);
    await ops.runner.idle();
    const push = await pushUnjudged(ops, { 'docs/a.md': 'x\n' });
    await startGate(ops);
    return `${push} | ${await outcome(ops, pull)}`;
  },
  allowed: /^cancelled \| success: .* \| merged/,
};
