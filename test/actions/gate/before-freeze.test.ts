import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ADA,
  at,
  checksOf,
  type Guarded,
  guardedStage,
  overlay,
  propose,
  rest,
  review,
  runGate,
  STAGING,
} from './support.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';
const GATE = 'oStack / gate';
const MINUTE = 60_000;

let ops: Guarded;
let folder: string;
beforeAll(async () => {
  ops = await guardedStage(POLICY);
  ops.ops.protect('main', { requiredChecks: [GATE, 'ci'] });
  await rest(ops.stage, `PATCH /repos/${ops.name}`, { allow_auto_merge: true });
  folder = await mkdtemp(join(tmpdir(), 'ostack-clock-'));
});
afterAll(async () => {
  await ops.stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** A freeze of staging that begins in some minutes. */
async function freezeIn(minutes: number): Promise<number> {
  const from = Date.now() + minutes * MINUTE;
  const [begin, end] = [from, from + 600 * MINUTE].map((each) => new Date(each).toISOString().replace(/\.\d+Z$/, 'Z'));
  const policy = POLICY.replace('staging: {}', `staging: { freeze: [{ from: "${begin}", to: "${end}" }] }`);
  await ops.ops.commit('main', { 'ostack.yaml': policy }, 'freeze', ADA);
  return from;
}

/** @param ahead minutes that the gate's clock is ahead */
async function gateAt(ahead: number, inputs: Record<string, string> = {}) {
  const file = join(folder, 'ahead');
  await writeFile(file, String(ahead * MINUTE));
  return runGate(ops, { OSTACK_TEST_CLOCK: file }, inputs);
}

async function gateOf(head: string): Promise<string | undefined> {
  return (await checksOf(ops, head))[GATE];
}

async function autoMerge(number: number): Promise<void> {
  const { body } = await rest(ops.stage, `GET /repos/${ops.name}/pulls/${number}`);
  const query = `mutation { enablePullRequestAutoMerge(input: { pullRequestId: "${at(body, 'node_id')}" }) { clientMutationId } }`;
  const headers = { authorization: `Bearer ${ops.stage.token}`, 'content-type': 'application/json' };
  const answer = await fetch(ops.stage.graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query }) });
  expect(await answer.text()).not.toContain('"errors"');
}

describe('Within the hour before a freeze', () => {
  test('what GitHub merges is let in by a run that judges again, and taken back when it has had its time', async () => {
    await freezeIn(40);
    const { number, head } = await propose(ops, 'soon', { [STAGING]: overlay('1.6.0') });
    await autoMerge(number);
    await gateAt(0);
    expect(await gateOf(head)).toMatch(
      /^failure: Not yet: staging: staging freezes at \S+, and this run does not stay/,
    );
    const { outputs } = await gateAt(0, { 'judges-again': 'true' });
    expect(await gateOf(head)).toBe('success: Allowed: staging: Takes shop 1.6.0.');
    const left = new Date(outputs['again-at'] ?? '').getTime() - Date.now();
    expect(left).toBeGreaterThan(9 * MINUTE);
    expect(left).toBeLessThan(12 * MINUTE);
    const other = await gateAt(5, { 'judges-again': 'true' });
    expect(other.outputs['again-at']).toBe('');
    await gateAt(11);
    expect(await gateOf(head)).toMatch(
      /^failure: Not yet.* GitHub did not merge it in its time before staging freezes/,
    );
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
  });

  test('the time for a merge begins when the last environment lets it in, and stays what it was', async () => {
    await freezeIn(40);
    const files = { [STAGING]: overlay('1.6.5'), 'overlays/production/shop/extra.yaml': 'a: 1\n' };
    const { number, head } = await propose(ops, 'both', files);
    await autoMerge(number);
    const waiting = await gateAt(0, { 'judges-again': 'true' });
    expect(await gateOf(head)).toMatch(/^failure: Not yet: production: 0 of 1 approval/);
    expect(waiting.outputs['again-at']).toBe('');
    await review(ops, number, 'grace');
    const allowed = await gateAt(9, { 'judges-again': 'true' });
    expect(await gateOf(head)).toMatch(/^success/);
    expect(allowed.outputs['again-by']).not.toBe('hour');
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
  });

  test('nothing is let in that could still be merging when the freeze begins', async () => {
    await freezeIn(14);
    const { number, head } = await propose(ops, 'late', { [STAGING]: overlay('1.7.0') });
    await autoMerge(number);
    const { outputs } = await gateAt(0, { 'judges-again': 'true' });
    expect(await gateOf(head)).toMatch(/^failure: Not yet.* too soon for a merge to be over by then/);
    expect(outputs['again-at']).toBe('');
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
  });
});

test('what was let in before the hour is judged again as the hour begins', async () => {
  const from = await freezeIn(70);
  const { head } = await propose(ops, 'early', { [STAGING]: overlay('1.8.0') });
  const { outputs } = await gateAt(0, { 'judges-again': 'true' });
  expect(await gateOf(head)).toMatch(/^success/);
  expect(outputs['again-by']).toBe('hour');
  expect(Math.abs(new Date(outputs['again-at'] ?? '').getTime() - (from - 60 * MINUTE))).toBeLessThan(MINUTE);
  await gateAt(11);
  expect(await gateOf(head)).toMatch(/^failure: Not yet.* within the hour/);
});
