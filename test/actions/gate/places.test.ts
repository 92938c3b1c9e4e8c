import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checksOf, type Guarded, guardedStage, overlay, PRODUCTION, propose, runGate, STAGING } from './support.js';

const POLICY = 'environments:\n  staging: { branch: staging }\n  production: { after: staging }\n';

let ops: Guarded;
beforeAll(async () => {
  // What the default branch has of staging is nobody's.
  ops = await guardedStage(POLICY, { [STAGING]: overlay('1.9.0') });
  await ops.ops.commit('staging', { [STAGING]: overlay('1.5.0'), 'ostack.yaml': 'environments: {}\n' }, 'shop 1.5.0');
});
afterAll(() => ops.stage.close());

test('the gate goes by what an environment on another branch runs there, and says that it does not judge that branch', async () => {
  const [right, wrong] = [
    await propose(ops, 'right', { [PRODUCTION]: overlay('1.5.0') }),
    await propose(ops, 'wrong', { [PRODUCTION]: overlay('1.9.0') }),
  ];
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  const gate = async ({ head }: { head: string }) => (await checksOf(ops, head))['oStack / gate'];
  expect(await gate(right)).toBe('success: Allowed: production: Takes shop 1.5.0.');
  expect(await gate(wrong)).toMatch(
    /^failure: Refused by production: production takes shop 1\.9\.0 only once it is in staging, which runs 1\.5\.0/,
  );
  expect(run.summary).toContain(
    'staging lives on the branch staging, and neither the gate nor the audit judges what comes there',
  );
});
