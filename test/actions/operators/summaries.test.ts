import { expect, test } from '@jest/globals';
import type { Stage } from '../../../src/local/stage.js';
import { normalise } from '../bump-ops-overlay/support.js';
import { at, opsFiles, opsStage, overlay, promote } from '../promote/support.js';
import { run } from '../rollback/support.js';
import { fleetStage } from '../single-proposals/support.js';

/** Several runs one after the other. */
const PATIENCE_MS = 60_000;

/** Words as they are but for times, commits and addresses. */
function words(text: string | undefined, stage: Stage): string {
  return normalise(text ?? '', stage)
    .replace(/\d{4}\\?-\d\d\\?-\d\d(T[\d:.]+Z| \d\d:\d\d UTC)/g, 'TIME')
    .replace(/\[[0-9a-f]{7}\]/g, '[SHORT]')
    .trimEnd();
}

test(
  'a promotion says what goes, what stays behind and why, before, while and after it is done',
  async () => {
    const image = (app: string) => `ghcr.io/acme/${app}`;
    const files = opsFiles(', freeze: [{ cron: "* * * * *", for: 1h }]', {
      [at('staging', 'cart')]: overlay('7.0.0', image('cart')),
      [at('staging', 'search')]: overlay('2.0.0', image('search')),
      [at('production', 'search')]: overlay('2.0.0', image('search')),
    });
    await using world = await opsStage(files);
    await world.bump({ tag: '1.3.0', digest: '', environments: 'production', 'apps-token': '' });
    const refused = await promote(world);
    const wanted = { force: 'true', reason: 'Orders are *lost*' };
    const dry = await promote(world, { ...wanted, 'dry-run': 'true' });
    const merged = await promote(world, { ...wanted, merge: 'true' });
    const done = await promote(world, { apps: 'my-app' });
    expect(words(refused.summary, world.stage)).toMatchSnapshot('refused');
    expect(words(dry.summary, world.stage)).toMatchSnapshot('dry run');
    expect(words(merged.summary, world.stage)).toMatchSnapshot('merged');
    expect(words((await world.pulls()).at(-1)?.body, world.stage)).toMatchSnapshot('pull request');
    expect(words(done.summary, world.stage)).toMatchSnapshot('nothing to do');
  },
  PATIENCE_MS,
);

test(
  'a rollback says what goes back, why, and that it is held; lifting the hold what it was',
  async () => {
    await using world = await opsStage(opsFiles());
    await world.push('main', { [at('staging')]: overlay('1.4.0') }, 'my-app 1.4.0');
    await world.bump({ tag: '1.5.0', digest: '', environments: 'staging', 'apps-token': '' });
    const opened = await run(world, 'rollback');
    expect(words(opened.summary, world.stage)).toMatchSnapshot('opened');
    expect(words((await world.pulls()).at(-1)?.body, world.stage)).toMatchSnapshot('pull request');
    await run(world, 'rollback', { direct: 'true' });
    const lifted = await run(world, 'lift-hold', { direct: 'false', reason: 'It was the network' });
    expect(words(lifted.summary, world.stage)).toMatchSnapshot('lifted');
    expect(words((await world.pulls()).at(-1)?.body, world.stage)).toMatchSnapshot('pull request that lifts it');
    const refused = await run(world, 'rollback', { version: '9.0.0' });
    expect(words(refused.summary, world.stage)).toMatchSnapshot('refused');
  },
  PATIENCE_MS,
);

test(
  'the processes say what they do and what to look for',
  async () => {
    await using world = await fleetStage();
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tracking-api\nspec:\n  replicas: 3';
    const inputs = { app: 'tracking', environment: 'staging-eu', intent: 'replicas', patch, reason: 'load test' };
    const summaries = [
      (await world.run('override', inputs)).summary,
      (await world.run('onboard', { app: 'notify', environment: 'staging-eu' })).summary,
      (await world.run('lift', { app: 'tracking' })).summary,
    ];
    expect(words(summaries.join('\n'), world.stage)).toMatchSnapshot('job summaries');
    const listed = await fetch(`${world.stage.apiUrl}/repos/acme/fleet/pulls?direction=asc`, {
      headers: { authorization: `Bearer ${world.stage.token}` },
    });
    const pulls: unknown = await listed.json();
    const bodies = (Array.isArray(pulls) ? pulls : []).map(({ title, body }) => `${title}\n\n${body}`);
    expect(words(bodies.join('\n\n---\n\n'), world.stage)).toMatchSnapshot('pull requests');
  },
  PATIENCE_MS,
);
