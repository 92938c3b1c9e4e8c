/** What was allowed in another repository while that was out of reach. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Elsewhere, elsewhereStage, FAR } from './elsewhere-stage.js';
import { ADA, checksOf, open, runGate } from './support.js';

const WORKFLOW = '.github/workflows/ops-gate.yml';
const INTO = 'oStack / gate into edge';
const env = { GITHUB_WORKFLOW_REF: `acme/ops/${WORKFLOW}@refs/heads/main`, GITHUB_RUN_ID: '9999' };
const HOUR_MS = 3_600_000;

let ops: Elsewhere;
/** What the clock of GitHub is ahead. */
let ahead = 0;
beforeAll(async () => {
  const now = () => new Date(Date.now() + ahead);
  ops = await elsewhereStage(undefined, { [WORKFLOW]: 'name: Ops gate\non: push\njobs: {}\n' }, { now });
});
afterAll(() => ops.stage.close());

/** A run of the gate that ended well. */
async function ran(id: number): Promise<void> {
  await ops.ops.reportRun({
    ...{ id, number: 1, attempt: 1, title: 'x', workflow: 'Ops gate', file: WORKFLOW, event: 'schedule' },
    ...{ actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion: 'success', headBranch: 'main' },
    ...{ headSha: await ops.tip(ops.ops, 'main'), headRepository: ops.name, jobs: [], annotations: [] },
    ...{ pulls: [], referenced: [] },
  });
}

test('what was allowed of a fork there is withdrawn, although runs since then ended well and did not reach it', async () => {
  const fork = await ops.stage.github.fork(FAR, 'mallory/far');
  const edge = await ops.tip(ops.far.ops, 'edge');
  await fork.setRef('refs/heads/topic', edge);
  const first = await fork.commit('topic', { 'docs/a.md': 'a\n' }, 'a', ADA);
  const token = ops.stage.github.issueToken({ actor: 'mallory' });
  await open(ops.far, 'mallory:topic', { token, base: 'edge' });
  await runGate(ops, env);
  expect((await checksOf(ops.far, first))[INTO]).toMatch(/^success/);

  await fork.setRef('refs/heads/other', edge);
  const next = await fork.commit('other', { 'docs/b.md': 'b\n' }, 'b', ADA);
  await fork.setRef('refs/heads/topic', next);
  const lost = { match: /\/repos\/acme\/far\/activity/, kind: 'status', status: 404, times: 99 } as const;
  ops.stage.github.faults.add(lost);
  await runGate(ops, env);
  ops.stage.github.faults.clear();
  expect((await checksOf(ops.far, first))[INTO]).toMatch(/^success/);

  ahead = HOUR_MS / 2;
  await ran(7001);
  await runGate(ops, env);
  expect((await checksOf(ops.far, next))[INTO]).toMatch(/^success/);
  expect((await checksOf(ops.far, first))[INTO]).toMatch(/^cancelled: Withdrawn/);
});
