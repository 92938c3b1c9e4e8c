import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import { rehearseAll } from '../../../src/ops/pull-requests/rehearse.js';
import { overlayPath } from '../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld, outcomesOf, runIn, saying, surveyed, versionFiles } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

async function rehearsed(direct: boolean, ...proposals: Proposal[]) {
  world.stage.github.requests.length = 0;
  const run = runIn(world, { direct, dryRun: true });
  const { snapshot, surveys } = await surveyed(world, proposals);
  await rehearseAll(run, snapshot, surveys);
  const { diffs, texts } = run.report;
  return { run, diffs, texts, outcomes: outcomesOf(run) };
}

function diffOf(app: string, from: string, to: string): string {
  const path = overlayPath('staging', app);
  return [
    ...[`--- a/${path}`, `+++ b/${path}`, '@@ -4,3 +4,3 @@', ' images:', ` - name: ghcr.io/acme/${app}`],
    ...[`-  newTag: "${from}"`, `+  newTag: "${to}"`, ''],
  ].join('\n');
}

describe('a dry run of pull requests', () => {
  test('says what each would come to, with its lines and its text, and writes nothing', async () => {
    await world.opened(saying('cart', '1.1.0'));
    await world.opened(saying('blog', '1.1.0'));
    await world.push('main', versionFiles('blog', '1.1.0'));
    const { outcomes, diffs, texts, run } = await rehearsed(
      false,
      saying('shop', '1.1.0', { merges: true, labels: ['ostack'] }),
      saying('cart', '1.2.0'),
      saying('blog', '1.1.0'),
    );
    expect(outcomes).toEqual({
      'staging/shop': 'created: dry run',
      'staging/cart': 'updated: dry run',
      'staging/blog': 'closed: dry run',
    });
    expect([...diffs]).toEqual([
      ['staging/shop', diffOf('shop', '1.0.0', '1.1.0')],
      ['staging/cart', diffOf('cart', '1.0.0', '1.2.0')],
    ]);
    expect(texts.get('staging/shop')).toBe('<!-- ostack:say 1.1.0 -->\nBrings shop 1.1.0.\n<!-- /ostack:say -->');
    expect(texts.get('staging/cart')).toContain('Brings cart 1.2.0.');
    expect(run.outcomes.get('staging/cart')).toMatchObject({ result: { number: 1 } });
    expect(world.writes()).toEqual([]);
    expect(await world.pulls()).toMatchObject([{ state: 'open', title: 'cart 1.1.0 -> staging' }, { state: 'open' }]);
  });

  test('says what would stay as it is', async () => {
    await world.opened(saying('cart', '1.1.0'));
    const { outcomes, diffs, texts } = await rehearsed(false, saying('shop', '1.0.0'), saying('cart', '1.1.0'));
    expect(outcomes).toEqual({
      'staging/shop': 'unchanged: 1.0.0 is already in staging',
      'staging/cart': 'unchanged: dry run',
    });
    expect([[...diffs.keys()], [...texts.keys()]]).toEqual([['staging/cart'], ['staging/cart']]);
  });

  test('finds a branch without a pull request as one that is opened', async () => {
    await world.ops.commit('ostack/staging/shop', versionFiles('shop', '1.0.9'), 'by hand');
    const { outcomes } = await rehearsed(false, saying('shop', '1.1.0'));
    expect(outcomes).toEqual({ 'staging/shop': 'created: dry run' });
  });
});

describe('a dry run of direct commits', () => {
  test('says what would be committed, with its lines and without a text, and writes nothing', async () => {
    await world.opened(saying('shop', '1.1.0'));
    const { outcomes, diffs, texts, run } = await rehearsed(true, saying('shop', '1.1.0'), saying('cart', '1.0.0'));
    expect(outcomes).toEqual({
      'staging/shop': 'committed: dry run',
      'staging/cart': 'unchanged: 1.0.0 is already in staging',
    });
    expect([...diffs]).toEqual([['staging/shop', diffOf('shop', '1.0.0', '1.1.0')]]);
    expect([...texts]).toEqual([]);
    expect(run.outcomes.get('staging/shop')).toMatchObject({ result: { number: null, url: '', commit: '' } });
    expect(world.writes()).toEqual([]);
    expect(await world.heads()).toEqual(['Initial commit']);
  });

  test.each([
    ['is committed directly', true],
    ['is left without a pull request', false],
  ])('finds that what a person closed %s', async (_what, direct) => {
    await world.opened(saying('shop', '1.1.0'));
    await world.connected.github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: 'acme',
      repo: 'ops',
      pull_number: 1,
      state: 'closed',
    });
    const { outcomes } = await rehearsed(direct, saying('shop', '1.1.0', { staysClosed: () => true }));
    expect(outcomes).toEqual({
      'staging/shop': direct ? 'committed: dry run' : 'skipped: a person closed #1',
    });
  });
});

test.each([true, false])('a dry run is one round of reads, direct (%s) or not', async (direct) => {
  let rounds = 0;
  const prepare = async () => {
    rounds += 1;
    return [saying('shop', '1.1.0'), saying('cart', '1.1.0')];
  };
  const report = await propose(world.connected, prepare, { ...world.options, direct, dryRun: true });
  expect(report.results.map(({ reason }) => reason)).toEqual(['dry run', 'dry run']);
  expect([rounds, world.writes(), report.failures]).toEqual([1, [], []]);
});
