import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { applyDirectly } from '../../../src/ops/pull-requests/apply-directly.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, outcomesOf, runIn, saying, surveyed, versionFiles } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

async function applied(...proposals: Proposal[]) {
  const run = runIn(world, { direct: true });
  const { snapshot, surveys, warnings } = await surveyed(world, proposals);
  const wasCommitted = await applyDirectly(run, snapshot, surveys);
  return { run, wasCommitted, warnings, outcomes: outcomesOf(run) };
}

describe('of what is committed directly', () => {
  test('the first that changes something is, and the others are planned again on top of it', async () => {
    const { wasCommitted, outcomes } = await applied(
      saying('blog', '1.0.0'),
      saying('shop', '1.1.0'),
      saying('cart', '1.1.0'),
    );
    expect(wasCommitted).toBe(true);
    expect(outcomes).toEqual({
      'staging/blog': 'unchanged: 1.0.0 is already in staging',
      'staging/shop': 'committed',
      'staging/cart': 'again: another commit of this run came first',
    });
    expect(await world.heads()).toEqual(['shop 1.1.0 -> staging', 'Initial commit']);
    expect(world.writes()).toEqual(['CommitProposal']);
  });

  test('all is planned again where the branch moved', async () => {
    justBefore(world.stage, 'CommitProposal', () => world.push('main', versionFiles('shop', '1.2.0')));
    const { wasCommitted, outcomes } = await applied(saying('shop', '1.1.0'), saying('cart', '1.1.0'));
    expect(wasCommitted).toBe(false);
    expect(outcomes).toEqual({
      'staging/shop': expect.stringMatching(/^again: /),
      'staging/cart': 'again: another commit of this run came first',
    });
    expect(await world.heads()).toEqual(['by hand', 'Initial commit']);
  });

  test('nothing is committed where a rule keeps commits away, and the run goes on with pull requests', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    const { wasCommitted, outcomes, run } = await applied(saying('shop', '1.1.0'));
    expect([wasCommitted, run.direct]).toEqual([false, false]);
    expect(outcomes['staging/shop']).toMatch(/^again: GitHub takes no commit to main: /);
  });
});

describe('the open pull request of what is committed directly', () => {
  test.each<[what: string, version: string, there: string, outcome: string, comment: RegExp]>([
    [
      'is closed after the commit',
      ...(['1.2.0', '1.0.0', 'committed'] as const),
      /^Closed: it was committed to main directly, as [0-9a-f]{40}\.$/,
    ],
    [
      'is closed where the branch has it already',
      ...(['1.2.0', '1.2.0', 'closed: 1.2.0 is already in staging'] as const),
      /^Closed: 1\.2\.0 is already in staging\.$/,
    ],
    [
      'is closed where the branch has something newer',
      ...(['1.2.0', '1.3.0', 'closed: staging holds 1.3.0, which is newer'] as const),
      /^Closed: staging holds 1\.3\.0, which is newer\.$/,
    ],
  ])('%s', async (_what, version, there, outcome, comment) => {
    await world.opened(saying('shop', '1.1.0'));
    await world.push('main', versionFiles('shop', there));
    const { outcomes, warnings, run } = await applied(saying('shop', version));
    expect([outcomes, warnings]).toEqual([{ 'staging/shop': outcome }, []]);
    expect(await world.pulls()).toMatchObject([{ state: 'closed', number: 1 }]);
    const { github } = world.connected;
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: 'acme',
      repo: 'ops',
      issue_number: 1,
    });
    expect(data.map(({ body }) => body)).toEqual([expect.stringMatching(comment)]);
    const result = run.outcomes.get('staging/shop');
    expect(result).toMatchObject({ result: { number: outcome === 'committed' ? null : 1 } });
  });

  test('stays where the commit was not made', async () => {
    await world.opened(saying('shop', '1.1.0'));
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await applied(saying('shop', '1.2.0'));
    expect(await world.pulls()).toMatchObject([{ state: 'open' }]);
  });
});
