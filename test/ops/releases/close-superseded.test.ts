import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { BUMP } from '../../../src/ops/ledger/action-names.js';
import { formatTrailers } from '../../../src/ops/ledger/trailers.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { closeSuperseded } from '../../../src/ops/releases/close-superseded.js';
import { PATIENCE } from '../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld, saying, versionFiles } from '../pull-requests/engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const BRANCH = 'ostack/staging/shop';

/** The pull request of a release. */
function releaseOf(app: string, version: string): Proposal {
  const trailers = { action: BUMP, environment: 'staging', app, version, images: [] };
  const body = formatTrailers({ ...trailers, source: undefined, run: undefined });
  return saying(app, version, { message: () => ({ headline: `${app} ${version}`, body }) });
}

async function closed(...apps: string[]) {
  const warnings: string[] = [];
  world.stage.github.requests.length = 0;
  const spots = apps.map((app) => ({ environment: 'staging', app }));
  const pulls = await closeSuperseded(world.connected, spots, (message) => warnings.push(message), PATIENCE);
  return { pulls, warnings, writes: world.writes() };
}

const states = async () => (await world.pulls()).map(({ state }) => state);
const hasBranch = async () => `refs/heads/${BRANCH}` in (await world.ops.refs());

describe('the open pull request of a release', () => {
  test.each<[what: string, there: string, reason: string]>([
    ['is closed where its environment has that version', '1.1.0', 'staging runs 1.1.0 already'],
    ['is closed where its environment has a newer one', '1.2.0', 'staging runs 1.2.0, which is newer'],
  ])('%s, with its branch, and says why', async (_what, there, reason) => {
    await world.opened(releaseOf('shop', '1.1.0'));
    await world.push('main', versionFiles('shop', there));
    const { pulls, warnings } = await closed('shop', 'cart');
    expect(pulls).toMatchObject([{ app: 'shop', number: 1, version: '1.1.0', reason }]);
    expect(warnings).toEqual([]);
    expect([await states(), await hasBranch()]).toEqual([['closed'], false]);
    const { github } = world.connected;
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: 'acme',
      repo: 'ops',
      issue_number: 1,
    });
    expect(data.map(({ body }) => body)).toEqual([`Closed: ${reason}.`]);
  });

  test.each<[what: string, prepare: () => Promise<unknown>]>([
    ['proposes something newer', () => world.push('main', versionFiles('shop', '1.0.5'))],
    ['proposes what cannot be compared', () => world.push('main', versionFiles('shop', 'main-3f2a1b'))],
    [
      'is about an app that is not there',
      () => world.push('main', { 'overlays/staging/shop/kustomization.yaml': null }),
    ],
    [
      'has a commit of a person',
      async () => {
        await world.push('main', versionFiles('shop', '1.2.0'));
        await world.push(BRANCH, { 'README.md': 'by hand\n' });
      },
    ],
  ])('stays where it %s, and nothing is written', async (_what, prepare) => {
    await world.opened(releaseOf('shop', '1.1.0'));
    await prepare();
    expect(await closed('shop')).toEqual({ pulls: [], warnings: [], writes: [] });
    expect([await states(), await hasBranch()]).toEqual([['open'], true]);
  });

  test('stays where it is no release', async () => {
    await world.opened(saying('shop', '1.1.0'));
    await world.push('main', versionFiles('shop', '1.2.0'));
    expect((await closed('shop')).pulls).toEqual([]);
    expect(await states()).toEqual(['open']);
  });

  test('is closed with those of other apps, each for its own reason', async () => {
    await world.opened(releaseOf('shop', '1.1.0'));
    await world.opened(releaseOf('cart', '1.1.0'));
    await world.opened(releaseOf('blog', '1.1.0'));
    await world.push('main', { ...versionFiles('shop', '1.1.0'), ...versionFiles('blog', '1.3.0') });
    const { pulls } = await closed('blog', 'cart', 'shop');
    expect(pulls.map(({ app, reason }) => `${app}: ${reason}`)).toEqual([
      'blog: staging runs 1.3.0, which is newer',
      'shop: staging runs 1.1.0 already',
    ]);
    expect(await states()).toEqual(['closed', 'open', 'closed']);
  });

  test('that cannot be closed is a warning or an error that says so, and stays open', async () => {
    await world.opened(releaseOf('shop', '1.1.0'));
    await world.push('main', versionFiles('shop', '1.1.0'));
    world.stage.github.faults.add({
      match: ({ body }) => body.includes('updatePullRequest'),
      ...{ kind: 'reset', times: 99 },
    });
    const { pulls, warnings } = await closed('shop');
    expect(pulls).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/could not be closed|kept changing/)]);
    expect(await states()).toEqual(['open']);
  });

  test('that cannot be read fails', async () => {
    world.stage.github.faults.add({ match: /OpenOps/, kind: 'status', status: 403 });
    await expect(closed('shop')).rejects.toThrow(/^Could not read the files in acme\/ops: /);
  });
});
