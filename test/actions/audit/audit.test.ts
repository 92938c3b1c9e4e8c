import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADA, at, checksOf, overlay, PRODUCTION, propose, rest, review, runGate, STAGING } from '../gate/support.js';
import { AUDIT, type Audited, auditedStage, runAudit, told } from './support.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';
const SETTINGS = 'overlays/production/shop/replicas.yaml';

describe('The audit', () => {
  let ops: Audited;
  beforeAll(async () => {
    ops = await auditedStage(POLICY);
  });
  afterAll(() => ops.stage.close());

  const main = async () => (await ops.ops.refs())['refs/heads/main'] ?? '';
  const auditOf = async (oid: string) => (await checksOf(ops, oid))[AUDIT];
  const merge = async (number: number, token = ops.stage.token) =>
    at((await rest(ops.stage, `PUT /repos/${ops.name}/pulls/${number}/merge`, {}, token)).body, 'sha');
  /** Runs it, and gives what there is in issues and pull requests that was not there before. */
  async function news(
    ...args: Parameters<typeof runAudit> extends [unknown, ...infer R] ? R : never
  ): Promise<string[]> {
    const before = await told(ops);
    const run = await runAudit(ops, ...args);
    expect(run.stdout + run.stderr).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    return (await told(ops)).slice(before.length);
  }

  test('begins with a commit that it names, and judges nothing that was there before', async () => {
    await ops.ops.commit('main', { [SETTINGS]: 'replicas: 0\n' }, 'before', ADA);
    const first = await runAudit(ops);
    expect(first.stdout).toContain(`It begins with \`${await main()}\``);
    expect(await auditOf(await main())).toBe(
      'success: The audit begins with this commit: what the branch had before was not judged.',
    );
    const before = ops.stage.github.requests.length;
    expect(await news()).toEqual([]);
    const again = ops.stage.github.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(again.filter(({ path }) => path.includes('check-runs'))).toEqual([]);
  });

  test('permits what was merged by the rules', async () => {
    const { number } = await propose(ops, 'good', { [SETTINGS]: 'replicas: 2\n' });
    await review(ops, number, 'grace');
    const merged = await merge(number);
    const pushed = await ops.ops.commit('main', { [STAGING]: overlay('1.6.0') }, 'staging is free', ADA);
    expect(await news()).toEqual([]);
    expect(await auditOf(merged)).toBe(`success: The policy permits it (#${number}).`);
    expect(await auditOf(pushed)).toMatch(/^success: The policy permits it \(pushed by /);
  });

  test('finds what an administrator merged past the gate: who, what and which rule, once', async () => {
    const { number } = await propose(ops, 'bad', { [SETTINGS]: 'replicas: 9\n' });
    const merged = await merge(number);
    const short = merged.slice(0, 7);
    expect(await news({ inputs: { 'dry-run': 'true' } })).toEqual([]);
    expect(await auditOf(merged)).toBeUndefined();
    expect(await news()).toEqual([
      `pull request by ostack-ops[bot]: Take ${short} back (open)`,
      `issue by ostack-ops[bot]: ${short} reached production past the policy (open)`,
    ]);
    const issues = await rest(ops.stage, `GET /repos/${ops.name}/issues?labels=ostack-audit`);
    const body = at(issues.body, 0, 'body');
    expect(body).toMatch(/\*\*Who:\*\* octocat merged \S+, which octocat had opened\./);
    expect(body).toContain('| production | 0 of 1 approval: waits for grace.');
    expect(await auditOf(merged)).toMatch(/^failure: Not permitted\. See #\d+\. production: 0 of 1 approval/);
    const branch = `ostack-audit/revert-${merged.slice(0, 12)}`;
    expect(await ops.ops.read(branch, SETTINGS)).toBe('replicas: 2\n');
    expect(await news()).toEqual([]);

    // One approval is enough while nobody but the App has had a hand in it.
    const pulls = await rest(ops.stage, `GET /repos/${ops.name}/pulls?head=acme:${branch}`);
    const revert = at(pulls.body, 0, 'number');
    const approve = async () => {
      const grace = ops.stage.github.issueToken({ actor: 'grace' });
      await rest(ops.stage, `POST /repos/${ops.name}/pulls/${revert}/reviews`, { event: 'APPROVE', body: 'x' }, grace);
      await runGate(ops);
      const head = (await ops.ops.refs())[`refs/heads/${branch}`] ?? '';
      return (await checksOf(ops, head))['oStack / gate'];
    };
    expect(await approve()).toMatch(/^success: .*approved by grace/);
    await ops.ops.commit(branch, { [SETTINGS]: 'replicas: 8\n' }, 'ride along', ADA);
    expect(await approve()).toMatch(/^failure: .*1 of 2 approvals/);
  });

  test('finds pushes in a gap, each on its own, and judges what came between', async () => {
    const first = await ops.ops.commit('main', { [PRODUCTION]: overlay('9.9.9') }, 'never in staging', ADA);
    const between = await ops.ops.commit('main', { 'docs/a.md': 'x\n' }, 'docs', ADA);
    const last = await ops.ops.commit('main', { 'overlays/production/shop/b.yaml': 'b: 1\n' }, 'settings', ADA);
    expect((await news()).map((line) => line.replace(/.*: /, ''))).toEqual([
      `Take ${first.slice(0, 7)} back (open)`,
      `${first.slice(0, 7)} reached production past the policy (open)`,
      `Take ${last.slice(0, 7)} back (open)`,
      `${last.slice(0, 7)} reached production past the policy (open)`,
    ]);
    expect(await auditOf(first)).toContain('production takes shop 9.9.9 only once');
    expect(await auditOf(between)).toMatch(/^success/);
    expect(await news()).toEqual([]);
  });

  test('proposes no revert of what was taken back meanwhile, nor of what was changed again', async () => {
    const gone = await ops.ops.commit('main', { 'overlays/production/shop/c.yaml': 'c: 1\n' }, 'in', ADA);
    await ops.ops.commit('main', { 'overlays/production/shop/c.yaml': null }, 'out', ADA);
    const once = await ops.ops.commit('main', { 'overlays/production/shop/d.yaml': 'd: 1\n' }, 'one', ADA);
    const twice = await ops.ops.commit('main', { 'overlays/production/shop/d.yaml': 'd: 2\n' }, 'two', ADA);
    const found = await news();
    const reverts = found.filter((line) => line.startsWith('pull request')).map((line) => line.replace(/.*Take /, ''));
    expect(reverts.filter((line) => [gone, once].some((oid) => line.startsWith(oid.slice(0, 7))))).toEqual([]);
    expect(reverts).toContain(`${twice.slice(0, 7)} back (open)`);
    const issues = await rest(ops.stage, `GET /repos/${ops.name}/issues?labels=ostack-audit&per_page=100`);
    const bodies = JSON.stringify(issues.body);
    expect(bodies).toContain('It has been taken back already.');
    expect(bodies).toContain('has changed again since');
  });

  test('believes no check run and no issue of anybody else', async () => {
    const oid = await ops.ops.commit('main', { 'overlays/production/shop/e.yaml': 'e: 1\n' }, 'quiet', ADA);
    const done = { name: AUDIT, head_sha: oid, status: 'completed', conclusion: 'success' };
    const other = ops.stage.github.issueToken({ actor: 'other[bot]' });
    expect((await rest(ops.stage, `POST /repos/${ops.name}/check-runs`, done, other)).status).toBe(201);
    const issue = { title: 'known', body: `<!-- ostack-audit: ${oid} -->` };
    await rest(ops.stage, `POST /repos/${ops.name}/issues`, issue, ops.stage.github.issueToken({ actor: 'eve' }));
    expect(await news()).toHaveLength(2);
  });

  test('stops before the first commit that is to be taken back where its token may not, and goes on with one that may', async () => {
    const oid = await ops.ops.commit('main', { 'overlays/production/shop/f.yaml': 'f: 1\n' }, 'sixth', ADA);
    await ops.ops.commit('main', { 'docs/b.md': 'x\n' }, 'docs', ADA);
    const stopped = await runAudit(ops, { inputs: { 'revert-token': '' } });
    expect(stopped.outputs['needs-revert']).toBe('true');
    expect(await auditOf(oid)).toBeUndefined();
    expect(await news()).toHaveLength(2);
    expect(await auditOf(oid)).toMatch(/^failure/);
  });

  test('finds what a forced push made of the branch', async () => {
    const before = await main();
    const hold = '- { environment: production, app: shop, version: 9.9.9, since: 2026-11-01T10:00:00Z, by: ada }\n';
    await ops.ops.commit('main', { '.ostack/holds.yaml': hold }, 'hold', ADA);
    await runAudit(ops);
    const held = await told(ops);
    await rest(ops.stage, `PATCH /repos/${ops.name}/git/refs/heads/main`, { sha: before, force: true });
    await runAudit(ops);
    expect((await told(ops)).slice(held.length).join()).toContain(
      `${before.slice(0, 7)} reached production past the policy`,
    );
    const known = (await told(ops)).length;
    await runAudit(ops);
    expect((await told(ops)).length).toBe(known);
  });

  test('judges forty changes in a run, oldest first, and the rest in the next: none twice, and none left out', async () => {
    const heads: string[] = [];
    for (let index = 0; index < 42; index++) {
      heads.push(await ops.ops.commit('main', { 'docs/many.md': `${index}\n` }, `docs ${index}`, ADA));
    }
    const judged: string[][] = [];
    for (let run = 0; run < 3; run++) {
      const before = new Set((await Promise.all(heads.map(auditOf))).flatMap((each, at) => (each ? [heads[at]] : [])));
      await runAudit(ops);
      const after = await Promise.all(heads.map(auditOf));
      judged.push(heads.filter((head, at) => after[at] !== undefined && !before.has(head)));
    }
    expect(judged).toEqual([heads.slice(0, 40), heads.slice(40), []]);
  });

  test('goes on with what came since it was set up where GitHub has deleted its check runs, and opens nothing twice', async () => {
    const past = await ops.ops.commit('main', { 'overlays/production/shop/g.yaml': 'g: 1\n' }, 'past the gate', ADA);
    expect(await news()).toHaveLength(2);
    const gap = await ops.ops.commit('main', { 'overlays/production/shop/h.yaml': 'h: 1\n' }, 'in the gap', ADA);
    const file = '.github/workflows/ops-gate.yml';
    await ops.ops.commit('main', { [file]: 'on: push\n' }, 'docs', ADA);
    ops.ops.forgetChecks();
    ops.ops.workflowKnown(file, new Date(Date.now() - 3_600_000));
    const env = { GITHUB_WORKFLOW_REF: `${ops.name}/${file}@refs/heads/main` };
    const lost = await runAudit(ops, { env });
    expect(lost.stdout).toContain('Nothing tells where it stopped');
    for (let run = 0; run < 4; run++) {
      await runAudit(ops, { env });
    }
    const all = (await told(ops)).filter((line) => /: (?:Take )?[0-9a-f]{7} /.test(line));
    const of = (oid: string) => all.filter((line) => line.includes(oid.slice(0, 7)));
    expect([of(past).length, of(gap).length]).toEqual([2, 2]);
  });

  test('writes down anew where it stopped, before GitHub deletes that', async () => {
    const oid = await main();
    const old = { name: AUDIT, head_sha: oid, status: 'completed', conclusion: 'success' };
    const output = { title: 'Kept.', summary: 'Kept.' };
    const checks = `/repos/${ops.name}/check-runs`;
    const since = { completed_at: '2026-01-01T00:00:00Z', external_id: '7' };
    await rest(ops.stage, `POST ${checks}`, { ...old, ...since, output }, ops.tokens['report-token']);
    await runAudit(ops);
    const { body } = await rest(
      ops.stage,
      `GET /repos/${ops.name}/commits/${oid}/check-runs?check_name=${encodeURIComponent(AUDIT)}`,
    );
    const [title, id, year] = [['output', 'title'], ['external_id'], ['completed_at']].map((keys) =>
      at(body, 'check_runs', 0, ...keys),
    );
    expect([title, id, Number(year?.slice(0, 4)) > 2025 && !year?.startsWith('2026-01-01')]).toEqual([
      'Kept.',
      '7',
      true,
    ]);
  });
});
