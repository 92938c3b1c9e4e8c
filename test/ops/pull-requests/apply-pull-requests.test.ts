import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { applyPullRequests } from '../../../src/ops/pull-requests/apply-pull-requests.js';
import type { ProposeOptions } from '../../../src/ops/pull-requests/options.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, outcomesOf, runIn, saying, surveyed, versionFiles } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

async function applied(proposals: Proposal[], options: Partial<ProposeOptions> = {}) {
  const run = runIn(world, options);
  const { snapshot, surveys, warnings } = await surveyed(world, proposals);
  await applyPullRequests(run, snapshot, surveys);
  return { run, warnings, outcomes: outcomesOf(run), mayBeMerged: [...run.report.mayBeMerged] };
}

const merging = (app: string, version: string) => saying(app, version, { merges: true });

describe('the pull requests of one round', () => {
  test('are opened, updated, closed and left, and each is noted', async () => {
    await world.opened(saying('cart', '1.1.0'));
    await world.opened(saying('blog', '1.1.0'));
    await world.push('main', versionFiles('blog', '1.1.0'));
    world.stage.github.requests.length = 0;
    const { outcomes, warnings } = await applied([
      saying('shop', '1.1.0', { labels: ['ostack'] }),
      saying('cart', '1.2.0'),
      saying('blog', '1.1.0'),
      saying('shop', '1.0.0', { subject: 'shop as it is', branch: 'ostack/staging/other' }),
    ]);
    expect([outcomes, warnings]).toEqual([
      {
        'shop as it is': 'unchanged: 1.0.0 is already in staging',
        'staging/shop': 'created',
        'staging/cart': 'updated',
        'staging/blog': 'closed: 1.1.0 is already in staging',
      },
      [],
    ]);
    expect(await world.pulls()).toMatchObject([
      { number: 1, state: 'open', title: 'cart 1.2.0 -> staging' },
      { number: 2, state: 'closed' },
      { number: 3, state: 'open', title: 'shop 1.1.0 -> staging', labels: ['ostack'] },
    ]);
    expect(await world.version('cart', 'ostack/staging/cart')).toBe('1.2.0');
  });

  test('are left where each says what it should, without a request that writes', async () => {
    await world.opened(saying('shop', '1.1.0'));
    const { outcomes } = await applied([saying('shop', '1.1.0')]);
    expect(outcomes).toEqual({ 'staging/shop': 'unchanged' });
    expect(world.writes()).toEqual([]);
  });

  test('stay closed where a person closed them for this', async () => {
    await world.opened(saying('shop', '1.1.0'));
    await world.connected.github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: 'acme',
      repo: 'ops',
      pull_number: 1,
      state: 'closed',
    });
    const { outcomes } = await applied([saying('shop', '1.1.0', { staysClosed: () => true })]);
    expect(outcomes).toEqual({ 'staging/shop': 'skipped: a person closed #1' });
  });

  test('of which nobody knows what became are looked at again', async () => {
    world.stage.github.faults.add({ match: /FinishProposals/, kind: 'reset', when: 'after' });
    const { outcomes } = await applied([merging('shop', '1.1.0'), saying('cart', '1.1.0')]);
    expect(outcomes).toEqual({
      'staging/shop': expect.stringMatching(/^again: an answer was lost/),
      'staging/cart': expect.stringMatching(/^again: an answer was lost/),
    });
    expect(await world.pulls()).toMatchObject([{ state: 'merged' }, { state: 'open' }]);
  });

  test('that are done but written on a base that moved are noted and looked at again', async () => {
    justBefore(world.stage, 'WriteProposals', () => world.push('main', { 'README.md': 'by hand\n' }));
    const { outcomes } = await applied([saying('shop', '1.1.0')]);
    expect(outcomes).toEqual({ 'staging/shop': 'again: main moved while it was written (created)' });
  });
});

describe('what this run may have merged', () => {
  test('is what it tried to merge, and nothing else', async () => {
    await world.push('main', versionFiles('blog', '1.1.0'));
    const { outcomes, mayBeMerged } = await applied([
      merging('shop', '1.1.0'),
      saying('cart', '1.1.0'),
      merging('blog', '1.1.0'),
    ]);
    expect(outcomes).toEqual({
      'staging/shop': 'merged',
      'staging/cart': 'created',
      'staging/blog': 'unchanged: 1.1.0 is already in staging',
    });
    expect(mayBeMerged).toEqual(['staging/shop']);
  });

  test('is what it tried to merge where the answer was lost', async () => {
    world.stage.github.faults.add({ match: /FinishProposals/, kind: 'reset', when: 'after' });
    const { mayBeMerged } = await applied([merging('shop', '1.1.0')]);
    expect(mayBeMerged).toEqual(['staging/shop']);
    expect(await world.version('shop')).toBe('1.1.0');
  });

  test('is nothing that it closed', async () => {
    await world.opened(saying('shop', '1.1.0'));
    await world.push('main', versionFiles('shop', '1.1.0'));
    const { outcomes, mayBeMerged } = await applied([merging('shop', '1.1.0')]);
    expect([outcomes, mayBeMerged]).toEqual([{ 'staging/shop': 'closed: 1.1.0 is already in staging' }, []]);
  });
});

describe('what goes along with a proposal', () => {
  const label = (name: string) => ({
    mutation: { name: 'createLabel', input: { repositoryId: '', name, color: '1d76db' }, select: 'clientMutationId' },
    otherwise: `The label ${name} is missing`,
  });

  test.each<[what: string, version: string, warnings: unknown[]]>([
    [
      'is sent where it changes something, and what fails of it is a warning',
      '1.1.0',
      [/^The label urgent is missing: /],
    ],
    ['is not sent where there is nothing to do', '1.0.0', []],
  ])('%s', async (_what, version, warnings) => {
    const done = await applied([saying('shop', version, { alongside: [label('urgent')] })]);
    expect(done.warnings).toEqual(
      warnings.map((warning) => (warning instanceof RegExp ? expect.stringMatching(warning) : warning)),
    );
  });
});
