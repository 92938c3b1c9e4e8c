import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { disableAutoMerge } from '../../../src/ops/pull-requests/disable-auto-merge.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, saying, surveyed } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const BY_HAND = 'it would merge past the hold. Turn that off by hand';
const shop = saying('shop', '1.1.0', { merges: true });
const cart = saying('cart', '1.1.0', { merges: true });
const blog = saying('blog', '1.1.0');

/** Three pull requests, of which two wait for auto-merge. */
async function waiting() {
  world.ops.protect('main', { requiredChecks: ['validate'] });
  for (const proposal of [shop, cart, blog]) {
    await world.opened(proposal);
  }
  expect(await autoMerges()).toEqual([true, true, false]);
  return surveyed(world, [shop, cart, blog]);
}

const autoMerges = async () => (await world.pulls()).map(({ autoMerge }) => autoMerge);

describe('auto-merge of pull requests whose app is held', () => {
  test('is turned off in one document, where it is on', async () => {
    const { snapshot, surveys, warnings } = await waiting();
    await disableAutoMerge(snapshot, surveys);
    expect(await autoMerges()).toEqual([false, false, false]);
    expect([world.writes(), warnings]).toEqual([['DisableAutoMerge'], []]);
  });

  test('costs no request where it is on nowhere', async () => {
    const { snapshot, surveys } = await waiting();
    await disableAutoMerge(snapshot, surveys.slice(2));
    await disableAutoMerge(snapshot, []);
    expect(world.writes()).toEqual([]);
  });

  test('is a warning where one cannot be turned off, and the others are', async () => {
    const { snapshot, surveys, warnings } = await waiting();
    justBefore(world.stage, 'DisableAutoMerge', async () => {
      const { github } = world.connected;
      await github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
        owner: 'acme',
        repo: 'ops',
        pull_number: 1,
        state: 'closed',
      });
    });
    await disableAutoMerge(snapshot, surveys);
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^Auto-merge of #1 is still on \\(.+\\): ${BY_HAND}\\.$`)),
    ]);
    expect(await autoMerges()).toEqual([false, false, false]);
  });

  test('is a warning where the request fails, and the run goes on', async () => {
    const { snapshot, surveys, warnings } = await waiting();
    world.stage.github.faults.add({ match: /DisableAutoMerge/, kind: 'status', status: 403 });
    await disableAutoMerge(snapshot, surveys);
    expect(warnings).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Could not turn off auto-merge in acme/ops: .+ Auto-merge of #1, #2 is still on: ${BY_HAND}\\.$`,
          's',
        ),
      ),
    ]);
    expect(await autoMerges()).toEqual([true, true, false]);
  });
});
