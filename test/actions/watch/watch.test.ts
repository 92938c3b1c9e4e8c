import { afterEach, expect, test } from '@jest/globals';
import { checksOf, propose, runGate } from '../gate/support.js';
import {
  comments,
  deployments,
  overlay,
  PRODUCTION,
  release,
  report,
  runWatch,
  type Watching,
  watchingStage,
} from './support.js';

const PATIENCE_MS = 300_000;

let world: Watching | undefined;
afterEach(() => world?.stage.close());

async function opened(): Promise<Watching> {
  world = await watchingStage();
  return world;
}

test(
  'a release goes live, fails, and is replaced: deployments, the comment, and what the gate lets into production',
  async () => {
    const world = await opened();
    const [first = '', second = ''] = world.sources;
    const shop = await release(world, '1.6.0', first);
    const wanted = await propose(world, 'promote', { [PRODUCTION]: overlay('1.6.0') });
    const gate = async () => {
      await runGate(world);
      return (await checksOf(world, wanted.head))['oStack / gate / production'];
    };

    const run = async () => {
      const { exitCode, outputs, stdout } = await runWatch(world);
      expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
      const states: unknown = JSON.parse(outputs.live ?? '[]');
      return Array.isArray(states) ? states.map((each: { state: string }) => each.state).join() : '';
    };

    expect(await run()).toBe('pending');
    expect(await deployments(world, 'acme/ops')).toEqual(['staging deploy:shop 1.6.0: pending']);
    expect(await comments(world, shop.number)).toEqual([]);
    expect(await gate()).toMatch(/^failure: .*once it is live in staging, and it is pending there/);

    // A member with write says that it is live.
    await report(world, shop.oid, 'success', world.stage.github.issueToken({ actor: 'mallory' }));
    expect(await run()).toBe('pending');

    await report(world, shop.oid, 'success');
    expect(await run()).toBe('live');
    expect(await run()).toBe('live');
    const live = 'staging deploy:shop 1.6.0: pending, success https://shop.staging.acme.dev';
    expect(await deployments(world, 'acme/ops')).toEqual([live]);
    expect(await deployments(world, 'acme/apps')).toEqual([live]);
    expect(await comments(world, shop.number)).toEqual([
      expect.stringMatching(/\| shop `1\.6\.0` \| staging \| `live` since/),
    ]);
    expect(await gate()).toMatch(/^success: /);

    await report(world, shop.oid, 'failure');
    expect(await run()).toBe('failed');
    expect(await comments(world, shop.number)).toEqual([
      expect.stringMatching(/\*\*failed\*\* since .*health check failed/),
    ]);
    expect(await gate()).toMatch(/^failure: .*only while staging is live, and staging has failed/);

    const next = await release(world, '1.7.0', second);
    await report(world, next.oid, 'success');
    expect(await run()).toBe('live');
    const replaced = `${live}, failure, inactive`;
    const now = 'staging deploy:shop 1.7.0: success https://shop.staging.acme.dev';
    expect(await deployments(world, 'acme/ops')).toEqual([replaced, now]);
    expect(await deployments(world, 'acme/apps')).toEqual([replaced, now]);
  },
  PATIENCE_MS,
);

test(
  'a dry run writes nothing, what cannot be written in apps is a note, and what reports nothing is said',
  async () => {
    const world = await opened();
    const shop = await release(world, '1.6.0', world.sources[0]);
    await report(world, shop.oid, 'success');
    const dry = await runWatch(world, { inputs: { 'dry-run': 'true' } });
    expect(dry.summary).toMatch(/1 deployments to be made/);
    expect(dry.summary).toMatch(/Nothing says whether production is live/);
    expect(await deployments(world, 'acme/ops')).toEqual([]);
    const reader = world.stage.github.issueToken({ repositories: ['acme/apps'], permissions: { contents: 'read' } });
    const { exitCode, stdout } = await runWatch(world, { inputs: { 'apps-token': reader } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Could not record deployments in acme\/apps: the token lacks the permission "deployments: /);
    expect(await deployments(world, 'acme/ops')).toHaveLength(1);
  },
  PATIENCE_MS,
);
