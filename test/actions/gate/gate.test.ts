import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../../src/local/spawner/spawner.js';
import {
  ADA,
  checksOf,
  type Guarded,
  guardedStage,
  open,
  overlay,
  PRODUCTION,
  propose,
  rest,
  review,
  runGate,
  STAGING,
} from './support.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, approvers: [grace] }\n';
const GATE = 'oStack / gate';

describe('The gate', () => {
  let ops: Guarded;
  beforeAll(async () => {
    ops = await guardedStage(POLICY);
  });
  afterAll(() => ops.stage.close());

  async function gateOf(head: string): Promise<string | undefined> {
    return (await checksOf(ops, head))[GATE];
  }

  test('allows, refuses and holds back by environment, and writes nothing twice', async () => {
    const next = await propose(ops, 'next', { [STAGING]: overlay('1.6.0') });
    const early = await propose(ops, 'early', { [PRODUCTION]: overlay('1.5.0') });
    const never = await propose(ops, 'never', { [PRODUCTION]: overlay('1.7.0') });
    const elsewhere = await propose(ops, 'elsewhere', { [PRODUCTION]: overlay('1.9.0') }, { base: 'next' });
    const run = await runGate(ops);
    expect(run.stdout).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(await checksOf(ops, next.head)).toEqual({
      [GATE]: 'success: Allowed: staging: Takes shop 1.6.0.',
      [`${GATE} / staging`]: 'success: Takes shop 1.6.0.',
    });
    expect(await gateOf(early.head)).toMatch(
      /^failure: Not yet, until \S+Z: production: shop 1\.5\.0 is in staging since/,
    );
    expect(await gateOf(never.head)).toMatch(
      /^failure: Refused by production: production takes shop 1\.7\.0 only once/,
    );
    expect(await checksOf(ops, elsewhere.head)).toEqual({});
    const before = ops.stage.github.requests.length;
    await runGate(ops);
    const again = ops.stage.github.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(again.filter((line) => /^(POST|PATCH) .*check-runs/.test(line))).toEqual([]);
    // Those that are allowed are judged first, and the others then.
    expect(again.length).toBeLessThan(24);
  });

  test('judges what a merge queue is about to merge', async () => {
    const { number, head } = await propose(ops, 'queued', { 'docs/queue.md': 'x\n' });
    const main = (await ops.ops.refs())['refs/heads/main'] ?? '';
    const group = await ops.ops.commit('building', { 'docs/queue.md': 'x\n' }, 'group', ADA);
    await ops.ops.setRef(`refs/heads/gh-readonly-queue/main/pr-${number}-${main}`, group);
    await runGate(ops);
    expect([await gateOf(head), await gateOf(group)]).toEqual(
      Array(2).fill('success: Allowed: it changes no environment.'),
    );
  });

  test('asks the approvers, and counts none who had a hand in it', async () => {
    const { number, head } = await propose(ops, 'settings', { 'overlays/production/shop/replicas.yaml': 'a: 1\n' });
    await runGate(ops);
    expect(await gateOf(head)).toBe('failure: Not yet: production: 0 of 1 approval: waits for grace.');
    await review(ops, number, 'eve');
    await runGate(ops);
    expect(await gateOf(head)).toContain('0 of 1 approval');
    await review(ops, number, 'grace');
    await runGate(ops);
    expect(await gateOf(head)).toContain('success: Allowed: production: No version changes; approved by grace.');
    const later = await ops.ops.commit('settings', { 'overlays/production/shop/replicas.yaml': 'a: 2\n' }, 'more', ADA);
    await runGate(ops);
    expect(await gateOf(later)).toContain('The approval of grace does not count: it is about an older commit.');
    expect(await gateOf(head)).toMatch(/^cancelled: Withdrawn/);
  });

  test('refuses a twin by name, and withdraws when it is closed', async () => {
    const { number, head } = await propose(ops, 'one', { 'docs/a.md': 'x\n' });
    await runGate(ops);
    expect(await gateOf(head)).toBe('success: Allowed: it changes no environment.');
    const refs = `/repos/${ops.name}/git/refs`;
    await rest(ops.stage, `POST ${refs}`, { ref: 'refs/heads/two', sha: head });
    const twin = await open(ops, 'two');
    await runGate(ops);
    expect(await gateOf(head)).toBe(
      `failure: Refused: #${twin} has the same head as #${number}, which is older. Close #${twin}.`,
    );
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${twin}`, { state: 'closed' });
    await runGate(ops);
    expect(await gateOf(head)).toBe('success: Allowed: it changes no environment.');
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^cancelled: Withdrawn/);
  });

  test('judges by the default branch as it is now, and not as it was when a pull request was opened', async () => {
    const { head } = await propose(ops, 'later', { 'overlays/staging/shop/extra.yaml': 'a: 1\n' });
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^success/);
    const held = '- { environment: staging, app: shop, version: 1.5.0, since: 2026-11-01T10:00:00Z, by: ada }\n';
    const frozen = POLICY.replace('staging: {}', 'staging: { freeze: [{ cron: "* * * * *", for: 1h }] }');
    await ops.ops.commit('main', { 'ostack.yaml': frozen, '.ostack/holds.yaml': held }, 'freeze', ADA);
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^failure: Not yet, until \S+Z: staging: staging is frozen until/);
  });

  test('judges again what it judged while the default branch moved', async () => {
    const { head } = await propose(ops, 'racing', { 'overlays/staging/other/kustomization.yaml': 'resources: []\n' });
    await ops.ops.commit('main', { 'ostack.yaml': POLICY }, 'thaw', ADA);
    const reads = { count: 0 };
    ops.stage.github.guard({
      async enter({ operation }) {
        if (operation === 'GateHead' && ++reads.count === 2) {
          await ops.ops.commit(
            'main',
            { 'ostack.yaml': POLICY.replace('staging: {}', 'staging: { approvers: [olga] }') },
            'ask',
            ADA,
          );
        }
        return () => {};
      },
    });
    const before = ops.stage.github.requests.length;
    await runGate(ops);
    ops.stage.github.guard(undefined);
    expect(await gateOf(head)).toBe('failure: Not yet: staging: 0 of 1 approval: waits for olga.');
    const bodies = ops.stage.github.requests.slice(before).filter(({ path }) => path.includes('check-runs'));
    expect(JSON.stringify(bodies)).not.toMatch(/"success","output":\{"title":"(Allowed: staging|Takes other)/);
  });

  test('what is allowed is withdrawn where judging failed, and given again by the next run', async () => {
    const { head } = await propose(ops, 'failing', { 'docs/failing.md': 'x\n' });
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^success/);
    await runGate(ops, {}, { withdraw: 'true', 'dry-run': 'true' });
    expect(await gateOf(head)).toMatch(/^success/);
    await runGate(ops, {}, { withdraw: 'true' });
    expect(await gateOf(head)).toMatch(/^failure: Not yet: the gate could not judge it/);
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^success/);
  });

  test('what is allowed is judged and withdrawn before anything of the others is fetched', async () => {
    await ops.ops.commit('main', { 'ostack.yaml': POLICY }, 'nobody is asked', ADA);
    const given = await propose(ops, 'given', { 'overlays/staging/given/kustomization.yaml': 'resources: []\n' });
    await runGate(ops);
    expect(await gateOf(given.head)).toMatch(/^success/);
    const other = await propose(ops, 'hostile', { 'docs/hostile.md': 'x\n' });
    await ops.ops.commit(
      'main',
      { 'ostack.yaml': POLICY.replace('staging: {}', 'staging: { approvers: [olga] }') },
      'ask',
      ADA,
    );
    let wasThere: string | undefined;
    ops.stage.github.guard({
      async enter({ method, path }) {
        if (method === 'POST' && path.includes('check-runs') && wasThere === undefined) {
          wasThere = await gateOf(given.head);
        }
        return () => {};
      },
    });
    await runGate(ops);
    ops.stage.github.guard(undefined);
    // The first check run of the other one is made when that of the allowed one is withdrawn already.
    expect(wasThere).toMatch(/^failure: Not yet: staging: 0 of 1 approval/);
    expect(await gateOf(other.head)).toMatch(/^success/);
  });

  test('believes no date of a commit that was pushed past it', async () => {
    const soaking = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h }\n';
    await ops.ops.commit('yesterday', { 'ostack.yaml': soaking, [STAGING]: overlay('1.9.0') }, 'now', ADA);
    const [gitDir, date] = [ops.ops.gitDir, new Date(Date.now() - 86_400_000).toISOString()];
    const { stdout } = await runCommand({
      ...{ file: 'git', args: ['--git-dir', gitDir, 'commit-tree', 'yesterday^{tree}', '-p', 'main', '-m', 'old'] },
      env: {
        ...{ PATH: process.env.PATH ?? '', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
        ...{
          GIT_AUTHOR_NAME: 'Ada',
          GIT_AUTHOR_EMAIL: ADA.email,
          GIT_COMMITTER_NAME: 'Ada',
          GIT_COMMITTER_EMAIL: ADA.email,
        },
      },
    });
    await ops.ops.setRef('refs/heads/main', stdout.toString().trim());
    const { head } = await propose(ops, 'soaked', { [PRODUCTION]: overlay('1.9.0') });
    await runGate(ops);
    expect(await gateOf(head)).toMatch(/^failure: Not yet, until \S+Z: production: shop 1\.9\.0 is in staging since/);
  });

  test('does nothing when it is run again, and says how to start anew', async () => {
    const before = ops.stage.github.requests.length;
    const { exitCode, stdout } = await runGate(ops, { GITHUB_RUN_ATTEMPT: '2' });
    expect([exitCode, ops.stage.github.requests.length]).toEqual([1, before]);
    expect(stdout).toContain(
      'This is attempt 2 of a run, and a run that is started again judges nothing. Start a new one',
    );
  });

  test('says which permission its token lacks', async () => {
    const app = ops.stage.github.issueToken({ repositories: [ops.name], permissions: { contents: 'read' } });
    const { exitCode, stdout } = await runGate({ ...ops, app });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('pull-requests: read');
  });
});
