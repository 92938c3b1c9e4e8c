import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readHolds } from '../../../../src/ops/policy/holds.js';
import type { ProposeOptions } from '../../../../src/ops/pull-requests/options.js';
import { type RollbackRequest, rollBack } from '../../../../src/ops/verbs/rollback/rollback.js';
import { deployment } from '../../../support/deployment.js';
import { justBefore } from '../../../support/just-before.js';
import { overlay, overlayPath, versionIn } from '../../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld, saying, versionFiles } from '../../pull-requests/engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const HOLDS = '.ostack/holds.yaml';

/** Takes apps of an environment back, as ada started it. */
function back(request: Partial<RollbackRequest> = {}, options: Partial<ProposeOptions> = {}) {
  return rollBack(
    world.connected,
    {
      ...{ environment: 'staging', apps: ['shop'], version: undefined, reason: 'Checkout fails', hold: true },
      ...{ holdForMs: undefined, by: 'ada', merge: 'auto', labels: ['ostack'], runUrl: '' },
      ...request,
    },
    { ...world.options, ...options },
  );
}

/** A version that an environment got, which is the bad one. */
async function deployed(app: string, version: string, environment = 'staging'): Promise<void> {
  await world.push('main', { [overlayPath(environment, app)]: overlay(app, version) });
}

async function holds(): Promise<string[]> {
  return readHolds(await world.ops.read('main', HOLDS)).map(
    ({ environment, app, version, by }) => `${environment}/${app} at ${version} by ${by}`,
  );
}

const HELD = ['staging/shop at 1.0.0 by ada'];

describe('a rollback merges by itself', () => {
  // Staging has cd in its policy, production has not.
  test.each<[what: string, environment: string, merge: RollbackRequest['merge'], action: string]>([
    ['where the policy of its environment does', 'staging', 'auto', 'merged'],
    ['nowhere else', 'production', 'auto', 'created'],
    ['where it was asked for', 'production', 'true', 'merged'],
    ['never where it was asked not to', 'staging', 'false', 'created'],
  ])('%s: in %s, asked for %s, it is %s', async (_what, environment, merge, action) => {
    await deployed('shop', '1.1.0', environment);
    const { results, failures } = await back({ environment, merge });
    expect(failures).toEqual([]);
    expect(results).toMatchObject([{ action, number: 1 }]);
    const there = versionIn(await world.ops.read('main', overlayPath(environment, 'shop')));
    expect(there).toBe(action === 'merged' ? '1.0.0' : '1.1.0');
  });
});

describe('a rollback', () => {
  test('takes the app back and holds it there, in one commit', async () => {
    await deployed('shop', '1.1.0');
    await back();
    expect([await world.version('shop'), await holds()]).toEqual(['1.0.0', HELD]);
    expect(await world.heads()).toEqual(['Roll back shop to 1.0.0 in staging (#1)', 'by hand', 'Initial commit']);
    expect((await world.pulls())[0]).toMatchObject({ labels: ['ostack'], branch: 'ostack-rollback/staging/shop' });
  });

  test('takes it back to what its base says, where the environment said nothing', async () => {
    const bare = 'resources: [../../../bases/shop]\n';
    await world.push('main', {
      'bases/shop/deployment.yaml': deployment('shop', '{ name: shop, image: "ghcr.io/acme/shop:0.9.0" }'),
      [overlayPath('staging', 'shop')]: bare,
    });
    await world.push('main', {
      [overlayPath('staging', 'shop')]: `${bare}images: [{ name: ghcr.io/acme/shop, newTag: 1.1.0 }]\n`,
    });
    await back();
    expect(await world.ops.read('main', overlayPath('staging', 'shop'))).toContain('newTag: 0.9.0');
    expect(await holds()).toEqual(['staging/shop at 0.9.0 by ada']);
  });

  test('holds nothing where it was asked not to', async () => {
    await deployed('shop', '1.1.0');
    await back({ hold: false });
    expect([await world.version('shop'), await holds()]).toEqual(['1.0.0', []]);
  });

  test('that is started twice is started once', async () => {
    await deployed('shop', '1.1.0');
    await back();
    world.stage.github.requests.length = 0;
    const { results, there } = await back();
    expect([results, world.writes()]).toEqual([[], []]);
    expect(there).toMatchObject([{ app: 'shop', version: '1.0.0' }]);
    expect(await world.version('shop')).toBe('1.0.0');
  });

  test('to the version that is held already changes nothing', async () => {
    await deployed('shop', '1.1.0');
    await back();
    const before = await world.ops.read('main', HOLDS);
    const { results } = await back({ version: '1.0.0' });
    expect(results).toMatchObject([
      { action: 'unchanged', reason: 'shop 1.0.0 is in staging already, and held there' },
    ]);
    expect(await world.ops.read('main', HOLDS)).toBe(before);
  });

  test('of several apps is one for all of them', async () => {
    await deployed('shop', '1.1.0');
    await deployed('cart', '1.2.0');
    const { results } = await back({ apps: ['shop', 'cart'] });
    expect(results).toMatchObject([{ action: 'merged', proposal: { subject: 'staging/shop, cart' } }]);
    expect([await world.version('shop'), await world.version('cart')]).toEqual(['1.0.0', '1.0.0']);
    expect(await holds()).toEqual([...HELD, 'staging/cart at 1.0.0 by ada']);
  });

  test('goes to where it was going when it began, whatever comes meanwhile', async () => {
    await deployed('shop', '1.1.0');
    justBefore(world.stage, 'WriteProposals', () => deployed('shop', '1.2.0'));
    await back();
    expect(await world.version('shop')).toBe('1.0.0');
  });

  test('is committed where that was asked for', async () => {
    await deployed('shop', '1.1.0');
    const { results } = await back({}, { direct: true });
    expect(results).toMatchObject([{ action: 'committed', number: null }]);
    expect([await world.version('shop'), await holds(), await world.pulls()]).toEqual(['1.0.0', HELD, []]);
  });

  test('is rehearsed without a write', async () => {
    await deployed('shop', '1.1.0');
    world.stage.github.requests.length = 0;
    const { results, diffs } = await back({}, { dryRun: true });
    expect(results).toMatchObject([{ action: 'created', reason: 'dry run' }]);
    expect(diffs.get('staging/shop')).toContain('+  newTag: "1.0.0"');
    expect(world.writes()).toEqual([]);
  });

  test.each<[what: string, request: Partial<RollbackRequest>, message: RegExp]>([
    [
      'an app that is not there',
      { apps: ['news'] },
      /^There is no app "news" in staging, so there is nothing to roll back/,
    ],
    [
      'a version that was never there',
      { version: '9.9.9' },
      /^shop 9\.9\.9 was never in staging\. It ran, newest first: 1\.0\.0/,
    ],
    ['what had nothing before it', {}, /^shop ran nothing but 1\.0\.0 in staging/],
  ])('of %s fails', async (_what, request, message) => {
    await expect(back(request)).rejects.toThrow(message);
  });
});

describe('a release that waits while its app goes back', () => {
  const waiting = () => world.opened(saying('shop', '1.2.0', RELEASE));
  const RELEASE = {
    message: () => ({
      headline: 'shop 1.2.0 -> staging',
      body: 'Ostack-Action: bump-ops-overlay\nOstack-Environment: staging\nOstack-App: shop\nOstack-Version: 1.2.0',
    }),
  };

  test('says that it is held, and stays open', async () => {
    await deployed('shop', '1.1.0');
    await waiting();
    const { warnings } = await back();
    expect(warnings).toEqual([]);
    const [release] = await world.pulls();
    expect(release).toMatchObject({ state: 'open', title: 'shop 1.2.0 -> staging' });
    expect(release?.body).toContain('is held in **staging** at `1.0.0` from when');
  });

  test('says nothing where nothing is held', async () => {
    await deployed('shop', '1.1.0');
    await waiting();
    await back({ hold: false });
    expect((await world.pulls())[0]?.body).not.toContain('IMPORTANT');
  });

  test('does not merge by itself any more', async () => {
    await deployed('shop', '1.1.0');
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await world.opened(saying('shop', '1.2.0', { ...RELEASE, merges: true }));
    expect((await world.pulls())[0]?.autoMerge).toBe(true);
    const { warnings } = await back();
    expect((await world.pulls())[0]).toMatchObject({ state: 'open', autoMerge: false });
    expect(warnings).toEqual(['Auto-merge of #1 ("shop 1.2.0 -> staging") is turned off: it would undo the rollback.']);
  });
});

describe('when a rollback took effect', () => {
  test('a release that merges this very moment goes back, too, where the app is held', async () => {
    await deployed('shop', '1.1.0');
    justBefore(world.stage, 'FinishProposals', async () => {
      // The next look is the one after the merge.
      justBefore(world.stage, 'OpenOps', () => world.push('main', versionFiles('shop', '1.3.0')));
    });
    const { failures } = await back();
    expect(failures).toEqual([]);
    expect([await world.version('shop'), await holds()]).toEqual(['1.0.0', HELD]);
  });

  test.each([
    ['twice, where the app is held', true, 2],
    ['once, where it is not: what comes next is to stay', false, 1],
  ])('the repository was read %s', async (_what, hold, looks) => {
    await deployed('shop', '1.1.0');
    world.stage.github.requests.length = 0;
    await back({ hold });
    expect(world.stage.github.requests.filter(({ operation }) => operation === 'OpenOps')).toHaveLength(looks);
  });
});
