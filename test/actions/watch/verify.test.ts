import { afterEach, expect, test } from '@jest/globals';
import { website } from '../create-preview-env/support.js';
import { at, rest, STAGING } from '../gate/support.js';
import { comments, overlay, release, report, runWatch } from './support.js';
import { endRun, type Verifying, verified, verifyingStage } from './verify-support.js';

const PATIENCE_MS = 300_000;

let world: Verifying | undefined;
afterEach(() => world?.stage.close());

async function opened(policy?: string): Promise<Verifying> {
  world = await verifyingStage(policy);
  return world;
}

/** Runs it. @returns what is reported of the app, and what was done */
async function watched(world: Verifying): Promise<string> {
  const { exitCode, outputs, stdout } = await runWatch(world);
  expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
  const live: unknown = JSON.parse(outputs.live ?? '[]');
  const states = Array.isArray(live)
    ? live.map((each: { version: string; state: string }) => `${each.version} ${each.state}`)
    : [];
  const done: unknown = JSON.parse(outputs['pull-requests'] || '[]');
  const acts = Array.isArray(done)
    ? done.map((each: { title: string; action: string }) => `${each.title}: ${each.action}`)
    : [];
  return [...states, ...acts].join('; ');
}

/** The pull requests of rollbacks. */
async function rollbacks({ stage, name }: Verifying): Promise<string[]> {
  const { body } = await rest(stage, `GET /repos/${name}/pulls?state=all`);
  const all = (Array.isArray(body) ? body : []).map((_, index) => index);
  return all
    .filter((index) => String(at(body, index, 'head', 'ref')).startsWith('ostack-rollback/'))
    .map(
      (index) =>
        `${at(body, index, 'title')}: ${at(body, index, 'merged_at') === 'null' ? at(body, index, 'state') : 'merged'}`,
    );
}

test(
  'a version is live once its workflow succeeds, which runs once; the next one fails and is taken back once, and what fails after that stays',
  async () => {
    const world = await opened();
    const first = await release(world, '1.6.0', undefined);
    expect(await watched(world)).toBe('1.6.0 pending');
    expect(world.runs).toEqual([]);
    await report(world, first.oid, 'success');
    expect(await watched(world)).toBe('1.6.0 progressing');
    expect(await watched(world)).toBe('1.6.0 progressing');
    expect(world.runs).toEqual([`Smoke staging/shop@${first.oid}: 1.6.0`]);
    await endRun(world, 'success');
    expect(await watched(world)).toBe('1.6.0 live');

    const bad = await release(world, '1.7.0', undefined);
    await report(world, bad.oid, 'success');
    expect(await watched(world)).toBe('1.7.0 progressing');
    await endRun(world, 'failure');
    expect(await watched(world)).toBe('1.7.0 failed; Roll back shop to 1.6.0 in staging: merged');
    expect(world.runs).toHaveLength(2);
    expect(await comments(world, bad.number)).toEqual([
      expect.stringMatching(/Ops watch takes it back to 1\.6\.0, once/),
    ]);
    expect(await world.ops.read('main', STAGING)).toBe(overlay('1.6.0'));
    const holds = (await world.ops.read('main', '.ostack/holds.yaml')) ?? '';
    expect(holds).toMatch(
      /app: shop[\s\S]*version: 1\.6\.0[\s\S]*by: Ops watch[\s\S]*1\.7\.0 failed within 30m of its merge: ostack\/verify\/staging\/shop: smoke\.yml failed \(http/,
    );

    // What was there before fails, too: nothing goes on from there.
    const [head = ''] = Object.entries(await world.ops.refs()).flatMap(([ref, oid]) =>
      ref === 'refs/heads/main' ? [oid] : [],
    );
    await report(world, head, 'failure');
    expect(await watched(world)).toBe('1.6.0 failed');
    expect(await watched(world)).toBe('1.6.0 failed');
    expect(await rollbacks(world)).toEqual(['Roll back shop to 1.6.0 in staging: merged']);
  },
  PATIENCE_MS,
);

test(
  'what failed before a change, and what only reports late, is rolled back by nobody; a person who closes a rollback has the last word',
  async () => {
    const world = await opened(verified().replace('cd: true, ', ''));
    const first = await release(world, '1.6.0', undefined);
    await report(world, first.oid, 'failure');
    const second = await release(world, '1.7.0', undefined);
    expect(await watched(world)).toBe('1.7.0 pending');
    await report(world, second.oid, 'failure');
    const { summary } = await runWatch(world);
    expect(summary).toMatch(/Nothing is done by itself: 1\.6\.0 had failed too when it was replaced/);
    expect(await rollbacks(world)).toEqual([]);

    const good = await release(world, '1.8.0', undefined);
    await report(world, good.oid, 'success');
    expect(await watched(world)).toBe('1.8.0 progressing');
    await endRun(world, 'success');
    expect(await watched(world)).toBe('1.8.0 live');
    const bad = await release(world, '1.9.0', undefined);
    await report(world, bad.oid, 'failure');
    const title = 'Roll back shop to 1.8.0 in staging';
    expect(await watched(world)).toBe(`1.9.0 failed; ${title}: created`);
    expect(await watched(world)).toBe(`1.9.0 failed; ${title}: unchanged`);
    const { body } = await rest(world.stage, `GET /repos/${world.name}/pulls?state=open`);
    await rest(world.stage, `PATCH /repos/${world.name}/pulls/${at(body, 0, 'number')}`, { state: 'closed' });
    expect(await watched(world)).toBe(`1.9.0 failed; ${title}: skipped`);
    expect(await rollbacks(world)).toEqual([`${title}: closed`]);
  },
  PATIENCE_MS,
);

test(
  'with "hold" nothing more comes in, and a check that is posted by somebody else than the policy names is said, and starts nothing',
  async () => {
    const world = await opened(verified('hold'));
    const good = await release(world, '1.6.0', undefined);
    await report(world, good.oid, 'success');
    await watched(world);
    await endRun(world, 'success');
    await watched(world);
    const bad = await release(world, '1.7.0', undefined);
    await report(world, bad.oid, 'failure');
    expect(await watched(world)).toBe('1.7.0 failed; Hold shop in staging: committed');
    expect(await watched(world)).toBe('1.7.0 failed');
    expect(await world.ops.read('main', STAGING)).toBe(overlay('1.7.0'));

    const other = verified().replace('ready: {', 'ready: { watcher: "acme-watch[bot]",');
    const oid = await world.ops.commit('main', { 'ostack.yaml': other }, 'watcher', {
      name: 'Ada',
      email: 'ada@acme.dev',
    });
    await report(world, oid, 'success');
    const { stdout } = await runWatch(world);
    expect(stdout).toMatch(
      /posts its checks in acme\/ops as "github-actions\[bot\]", and ostack\.yaml counts those of "acme-watch\[bot\]"/,
    );
    expect(world.runs).toHaveLength(1);
  },
  PATIENCE_MS,
);

test(
  'with a probe a version is live once its address shows that version, and one that does not is no failure',
  async () => {
    await using site = await website({ status: 200, version: '1.5.0' });
    const ready = `creators: ["acme-flux[bot]"], url: "http://127.0.0.1:${site.port}/{app}", probe: { version: x-version }`;
    const world = await opened(`environments:\n  staging: { ready: { ${ready} }, on-failure: rollback }\n`);
    const { oid } = await release(world, '1.6.0', undefined);
    await report(world, oid, 'success');
    expect(await watched(world)).toBe('1.6.0 progressing');
    const posted = async () => {
      const { body } = await rest(world.stage, `GET /repos/${world.name}/commits/${oid}/statuses`);
      const all = Array.isArray(body) ? body.map((_, index) => index) : [];
      return all.map((index) => `${at(body, index, 'context')}: ${at(body, index, 'description')}`);
    };
    const wrong = 'ostack/probe/staging/shop: runs "1.5.0", expected 1.6.0';
    expect((await posted())[0]).toBe(wrong);
    expect(await watched(world)).toBe('1.6.0 progressing');
    site.answers[0] = { status: 200, version: '1.6.0' };
    expect(await watched(world)).toBe('1.6.0 live');
    expect(await watched(world)).toBe('1.6.0 live');
    expect((await posted()).slice(0, 2)).toEqual(['ostack/probe/staging/shop: answers as it has to', wrong]);
  },
  PATIENCE_MS,
);
