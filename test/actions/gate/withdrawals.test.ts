import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADA, checksOf, type Guarded, guardedStage, open, propose, rest, runGate } from './support.js';

const GATE = 'oStack / gate';
const WORKFLOW = '.github/workflows/ops-gate.yml';
/** More than one page of GitHub's lists has. */
const MANY = 101;

let ops: Guarded;
let restore: () => Promise<void>;
/** How far the clock of GitHub is ahead of that of the machine. */
let aheadMs = 0;
beforeAll(async () => {
  const files = { [WORKFLOW]: 'name: Ops gate\non: push\njobs: {}\n' };
  const now = () => new Date(Date.now() + aheadMs);
  ops = await guardedStage('environments:\n  staging: {}\n', files, undefined, { now });
  restore = await ops.stage.github.checkpoint();
});
afterAll(() => ops.stage.close());

/** A pull request that was allowed and closed, and since then as many others into another branch as one list has. */
async function longAgo(): Promise<string> {
  const { number, head } = await propose(ops, 'old', { 'docs/old.md': 'x\n' });
  await runGate(ops);
  expect((await checksOf(ops, head))[GATE]).toMatch(/^success/);
  await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
  await ops.ops.commit('release', { 'docs/r.md': 'r\n' }, 'release', ADA);
  const sha = await ops.ops.commit('many', { 'docs/m.md': 'm\n' }, 'many', ADA);
  for (let index = 0; index < MANY; index++) {
    await rest(ops.stage, `POST /repos/${ops.name}/git/refs`, { ref: `refs/heads/many-${index}`, sha });
    await open(ops, `many-${index}`, { base: 'release' });
  }
  return head;
}

/** A run of the gate that ended, and began in another second than what was there before: GitHub tells times to the second. */
async function ran(event: string, conclusion: string): Promise<void> {
  aheadMs += 1000;
  const head = (await ops.ops.refs())['refs/heads/main'] ?? '';
  await ops.ops.reportRun({
    ...{ id: 7_000 + Math.floor(Math.random() * 1_000), number: 1, attempt: 1, title: 'x', workflow: 'Ops gate' },
    ...{ file: WORKFLOW, event, actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion },
    ...{
      headBranch: 'main',
      headSha: head,
      headRepository: ops.name,
      pulls: [],
      referenced: [],
      annotations: [],
      jobs: [],
    },
  });
}

const env = { GITHUB_WORKFLOW_REF: `acme/ops/${WORKFLOW}@refs/heads/main`, GITHUB_RUN_ID: '9999' };
const requests = async (work: () => Promise<unknown>) => {
  const before = ops.stage.github.requests.length;
  await work();
  return ops.stage.github.requests.slice(before).map(({ operation, path }) => operation ?? path);
};

test('what was allowed is withdrawn however much has happened since the last run', async () => {
  const head = await longAgo();
  await ran('schedule', 'failure');
  await ran('workflow_dispatch', 'success');
  await runGate(ops, env);
  expect((await checksOf(ops, head))[GATE]).toMatch(/^cancelled: Withdrawn/);
  const all = await requests(() => runGate(ops, env));
  await ran('schedule', 'success');
  // Everything before that run was seen to by it.
  const since = await requests(() => runGate(ops, env));
  expect(since.length).toBeLessThan(all.length);
  expect(since.filter((path) => path.includes('/activity'))).toHaveLength(1);
  await restore();
}, 60_000);

test('what was allowed of a fork is withdrawn when its branch is forced elsewhere, which no list of pushes has', async () => {
  await ran('schedule', 'success');
  const fork = await ops.stage.github.fork(ops.name, 'mallory/ops');
  const main = (await ops.ops.refs())['refs/heads/main'] ?? '';
  const first = await fork.commit('topic', { 'docs/a.md': 'a\n' }, 'a', ADA);
  const token = ops.stage.github.issueToken({ actor: 'mallory' });
  await open(ops, 'mallory:topic', { token });
  await runGate(ops, env);
  expect((await checksOf(ops, first))[GATE]).toMatch(/^success/);
  const second = await fork.commit('topic', { 'docs/a.md': 'b\n' }, 'b', ADA);
  await fork.setRef('refs/heads/other', main);
  const third = await fork.commit('other', { 'docs/c.md': 'c\n' }, 'c', ADA);
  await fork.setRef('refs/heads/topic', third);
  await runGate(ops, env);
  expect(second).not.toBe(first);
  expect((await checksOf(ops, third))[GATE]).toMatch(/^success/);
  expect((await checksOf(ops, first))[GATE]).toMatch(/^cancelled: Withdrawn/);
  await restore();
}, 60_000);
