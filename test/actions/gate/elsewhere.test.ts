import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { git } from '../../support/git.js';
import { runAudit, told } from '../audit/support.js';
import { EDGE_OVERLAY, type Elsewhere, elsewhereStage, FAR, FAR_OVERLAY, LONE } from './elsewhere-stage.js';
import { at, checksOf, open, overlay, PRODUCTION, propose, rest, review, runGate, STAGING } from './support.js';

const GATE = 'oStack / gate';
const INTO = 'oStack / gate into main';

let ops: Elsewhere;
let restore: () => Promise<void>;
beforeAll(async () => {
  ops = await elsewhereStage();
  restore = await ops.stage.github.checkpoint();
});
beforeEach(async () => {
  ops.stage.github.faults.clear();
  await restore();
});
afterAll(() => ops.stage.close());

/** A pull request of another repository, from a branch that is made of its base. */
async function proposeFar(branch: string, files: Record<string, string>, base = 'main') {
  await ops.far.ops.setRef(`refs/heads/${branch}`, await ops.tip(ops.far.ops, base));
  return propose(ops.far, branch, files, { base });
}

test('the gate judges what goes into another repository, by the policy and the history of its own', async () => {
  const next = await proposeFar('next', { [FAR_OVERLAY]: overlay('1.5.0') });
  const never = await proposeFar('never', { [FAR_OVERLAY]: overlay('1.9.0') });
  const edge = await proposeFar('edgy', { [EDGE_OVERLAY]: overlay('1.5.0') }, 'edge');
  const early = await propose(ops, 'early', { [PRODUCTION]: overlay('1.5.0') });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  expect(await checksOf(ops.far, next.head)).toEqual({
    [INTO]: 'failure: Not yet: far: 0 of 1 approval: waits for grace.',
    [`${INTO} / far`]: 'failure: 0 of 1 approval: waits for grace.',
  });
  expect((await checksOf(ops.far, never.head))[INTO]).toMatch(
    /^failure: Refused by far: far takes shop 1\.9\.0 only once it is in staging, which runs 1\.5\.0/,
  );
  // What far runs is asked where it is, for edge beside it and for production at home.
  const last = /takes shop 1\.5\.0 only once it is in far, which runs 1\.4\.0/;
  expect((await checksOf(ops.far, edge.head))['oStack / gate into edge']).toMatch(last);
  expect((await checksOf(ops, early.head))[GATE]).toMatch(last);
  await review(ops.far, next.number, 'grace');
  const after = await runGate(ops);
  expect((await checksOf(ops.far, next.head))[INTO]).toBe(
    'success: Allowed: far: Takes shop 1.5.0; approved by grace.',
  );
  expect(after.stdout).toContain(`${FAR}#${next.number}: Allowed`);
  expect(after.summary).toContain(`/${FAR}/pull/${next.number}`);
  expect(at(JSON.parse(after.outputs.verdicts ?? ''), 0, 'repository')).toBe('null');
  await rest(ops.stage, `PATCH /repos/${FAR}/pulls/${next.number}`, { state: 'closed' });
  await runGate(ops);
  expect((await checksOf(ops.far, next.head))[INTO]).toMatch(/^cancelled: Withdrawn/);
});

test('one that the App does not reach is told, and what does not go by it is judged', async () => {
  const alone = await propose(ops.lone, 'alone', { 'README.md': 'x\n' });
  const dark = await propose(ops, 'dark', { [PRODUCTION.replace('production', 'dark')]: overlay('1.5.0') });
  const docs = await propose(ops, 'docs', { 'docs/a.md': 'x\n' });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  expect(run.summary).toContain(`lone lives in ${LONE}, and neither the gate nor the audit judges what comes there`);
  expect(await checksOf(ops.lone, alone.head)).toEqual({});
  expect((await checksOf(ops, dark.head))[GATE]).toMatch(
    /^failure: Refused: It could not be judged: nobody can tell what lone ran, which lives on the default branch of acme\/lone/,
  );
  expect((await checksOf(ops, docs.head))[GATE]).toMatch(/^success/);
});

test('one that fails has nothing that is allowed, and the others have', async () => {
  const [far, home] = [
    await proposeFar('docs', { 'README.md': 'x\n' }),
    await propose(ops, 'docs', { 'docs/a.md': 'x\n' }),
  ];
  await review(ops.far, far.number, 'grace');
  await runGate(ops);
  expect((await checksOf(ops.far, far.head))[INTO]).toMatch(/^success/);
  ops.stage.github.faults.add({ match: /GET .*\/repos\/acme\/far\/activity/, kind: 'status', status: 404, times: 99 });
  const run = await runGate(ops);
  expect((await checksOf(ops.far, far.head))[INTO]).toMatch(/^failure: Not yet: the gate could not judge it/);
  expect((await checksOf(ops, home.head))[GATE]).toMatch(/^success/);
  expect(run.stdout).not.toContain('::error');
  expect(run.summary).toContain(`far and edge live in ${FAR}, and neither the gate nor the audit judges`);
});

test('one that has a gate of its own is left to it, and what was allowed from here is taken back once', async () => {
  const ours = await proposeFar('docs', { 'README.md': 'x\n' });
  await review(ops.far, ours.number, 'grace');
  await runGate(ops);
  expect((await checksOf(ops.far, ours.head))[INTO]).toMatch(/^success/);
  const theirs = await proposeFar('edgy', { 'docs/b.md': 'x\n' }, 'edge');
  const page = `${ops.stage.serverUrl}/${FAR}/actions/runs/5`;
  const write = async (name: string, head_sha: string) => {
    const done = { status: 'completed', conclusion: 'success', output: { title: 'Fine', summary: 'Fine' } };
    await rest(ops.stage, `POST /repos/${FAR}/check-runs`, { name, head_sha, details_url: page, ...done }, ops.app);
  };
  await write('oStack / gate into edge', theirs.head);
  await write('oStack / audit', await ops.tip(ops.far.ops, 'main'));
  const next = await proposeFar('next', { [FAR_OVERLAY]: overlay('1.5.0') });
  const home = await propose(ops, 'docs', { 'docs/a.md': 'x\n' });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  expect(run.summary).toContain(`far and edge live in ${FAR}, and neither the gate nor the audit judges`);
  expect(run.summary).toContain('a gate of its own by the same App');
  expect((await checksOf(ops.far, ours.head))[INTO]).toMatch(/^failure: Not yet/);
  expect(await checksOf(ops.far, theirs.head)).toEqual({ 'oStack / gate into edge': 'success: Fine' });
  expect(await checksOf(ops.far, next.head)).toEqual({});
  expect((await checksOf(ops, home.head))[GATE]).toMatch(/^success/);
  const audit = await runAudit(ops);
  expect(audit.summary).toContain('a gate of its own by the same App');
  expect(audit.stdout).not.toContain(`of ${FAR} judged`);
});

test('where judging fails, what is allowed elsewhere is withdrawn, too', async () => {
  const far = await proposeFar('docs', { 'README.md': 'x\n' });
  await review(ops.far, far.number, 'grace');
  await runGate(ops);
  await runGate(ops, {}, { withdraw: 'true' });
  expect((await checksOf(ops.far, far.head))[INTO]).toMatch(/^failure: Not yet/);
});

test('twins of number, branch and commit in two repositories never mix', async () => {
  // The same commit, pull request and branch: the policy lets it in at home, and far takes an approval.
  const home = await propose(ops, 'twin', { [FAR_OVERLAY]: overlay('1.5.0') });
  const theirs = await propose(ops.far, 'twin', { [FAR_OVERLAY]: overlay('1.5.0') });
  expect(theirs.number).toBe(home.number);
  await review(ops, home.number, 'grace');
  await runGate(ops);
  expect((await checksOf(ops, home.head))[GATE]).toMatch(/^success/);
  expect((await checksOf(ops.far, theirs.head))[INTO]).toBe('failure: Not yet: far: 0 of 1 approval: waits for grace.');
  await review(ops.far, theirs.number, 'grace');
  await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${home.number}`, { state: 'closed' });
  await runGate(ops);
  expect((await checksOf(ops, home.head))[GATE]).toMatch(/^cancelled/);
  expect((await checksOf(ops.far, theirs.head))[INTO]).toMatch(/^success/);
});

test('the same commit in two repositories is judged in each by itself, and a check in one lets nothing into the other', async () => {
  // Its history has both default branches, so that it may be proposed to either.
  const main = await ops.tip(ops.far.ops, 'main');
  await git(ops.ops.gitDir, ['fetch', '--quiet', ops.far.ops.gitDir, main]);
  const [tree, home] = await Promise.all(
    ['main^{tree}', 'main'].map((name) => git(ops.ops.gitDir, ['rev-parse', name])),
  );
  const both = ['commit-tree', tree ?? '', '-p', home ?? '', '-p', main, '-m', 'both'];
  await ops.ops.setRef(
    'refs/heads/same',
    await git(ops.ops.gitDir, ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...both]),
  );
  const here = await propose(ops, 'same', { 'docs/a.md': 'x\n', [FAR_OVERLAY]: overlay('1.5.0') });
  await git(ops.far.ops.gitDir, ['fetch', '--quiet', ops.ops.gitDir, here.head]);
  await ops.far.ops.setRef('refs/heads/same', here.head);
  const number = await open(ops.far, 'same', { base: 'main' });
  const gates = async () => [
    (await checksOf(ops, here.head))[GATE]?.split(':')[0],
    (await checksOf(ops.far, here.head))[INTO]?.split(':')[0],
  ];
  await runGate(ops);
  expect(await gates()).toEqual(['failure', 'failure']);
  await review(ops, here.number, 'grace');
  await runGate(ops);
  expect(await gates()).toEqual(['success', 'failure']);
  await review(ops.far, number, 'grace');
  await runGate(ops);
  expect(await gates()).toEqual(['success', 'success']);
  expect(Object.keys(await checksOf(ops, here.head))).not.toContain(INTO);
  expect(Object.keys(await checksOf(ops.far, here.head))).not.toContain(GATE);
  await rest(ops.stage, `PATCH /repos/${FAR}/pulls/${number}`, { state: 'closed' });
  await runGate(ops);
  expect(await gates()).toEqual(['success', 'cancelled']);
});

test('the audit judges what reaches another repository, and tells it at home', async () => {
  await runAudit(ops);
  const evil = await ops.far.ops.commit('main', { [FAR_OVERLAY]: overlay('1.9.0') }, 'past everybody');
  const run = await runAudit(ops);
  expect(run.stdout).toContain(`1 change of the default branch of ${FAR} judged as of its merge.`);
  const issue = `issue by ostack-ops[bot]: ${evil.slice(0, 7)} reached far past the policy (open)`;
  expect(await told(ops)).toEqual([issue]);
  expect(await told(ops.far)).toEqual([`pull request by ostack-ops[bot]: Take ${evil.slice(0, 7)} back (open)`]);
  expect((await checksOf(ops.far, evil))['oStack / audit into main']).toMatch(
    /^failure: Not permitted\. See acme\/ops#\d+\. far: far takes shop 1\.9\.0 only once/,
  );
  const { body } = await rest(ops.stage, `GET /repos/${ops.name}/issues?state=all`);
  expect(at(body, 0, 'body')).toContain(`/${FAR}/commit/${evil}`);
  expect(at(body, 0, 'body')).toContain(`<!-- ostack-audit: ${evil} into main of ${FAR} -->`);
  const again = await runAudit(ops);
  expect(again.stdout).toContain(`0 changes of the default branch of ${FAR} judged`);
  expect(run.summary).toContain('lone lives in acme/lone');
  // A revert of the App's own takes its approval there, as any other change does.
  await runGate(ops);
  const branch = `ostack-audit/revert-${evil.slice(0, 12)}-into-main`;
  expect((await checksOf(ops.far, await ops.tip(ops.far.ops, branch)))[INTO]).toMatch(/waits for grace/);
  expect(STAGING).toContain('staging');
});

test('one that fails is audited by the next run, and the others by this one', async () => {
  await runAudit(ops);
  const evil = await ops.far.ops.commit('main', { [FAR_OVERLAY]: overlay('1.9.0') }, 'past everybody');
  const bad = await ops.ops.commit('main', { [PRODUCTION]: overlay('1.8.0') }, 'past everybody');
  ops.stage.github.faults.add({ match: /GET .*\/repos\/acme\/far\/activity/, kind: 'status', status: 404, times: 99 });
  const run = await runAudit(ops);
  expect(run.summary).toContain(`far and edge live in ${FAR}, and neither the gate nor the audit judges`);
  expect((await checksOf(ops, bad))['oStack / audit']).toMatch(/^failure/);
  expect(await checksOf(ops.far, evil)).toEqual({});
  ops.stage.github.faults.clear();
  await runAudit(ops);
  expect((await checksOf(ops.far, evil))['oStack / audit into main']).toMatch(/^failure/);
});

test('a pull request of a branch that is made after it is judged where it is', async () => {
  await ops.far.ops.setRef('refs/heads/topic', await ops.tip(ops.far.ops, 'edge'));
  const number = await open(ops.far, 'topic', { base: 'main' });
  await runGate(ops);
  const checks = await checksOf(ops.far, await ops.tip(ops.far.ops, 'topic'));
  expect([number, Object.keys(checks).sort()[0]]).toEqual([number, INTO]);
});
