import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { Ruleset } from '../../../../src/local/github/world/records.js';
import { type Stage, seededDelays, startStage } from '../../../../src/local/stage.js';
import { addHold, HOLDS_FILE, holdReason } from '../../../../src/ops/policy/holds.js';
import { type BumpReport, bump } from '../../../../src/ops/verbs/bump/bump.js';
import { enforceHolds } from '../../../../src/ops/verbs/enforce-holds/enforce-holds.js';
import { promote } from '../../../../src/ops/verbs/promote/promote.js';
import { readStatus } from '../../../../src/ops/verbs/status/read-status.js';
import { justBefore } from '../../../support/just-before.js';
import {
  type OpsWorld,
  opsFiles,
  opsWorld,
  overlay,
  overlayPath,
  PATIENCE,
  releaseRequest,
} from '../../../torture/races/ops-world.js';

const STAGING = overlayPath('staging', 'shop');
const PRODUCTION = overlayPath('production', 'shop');
const POLICY = 'environments:\n  staging: { cd: true }\n  production: { after: staging, cd: true }\n';
const ADA = { name: 'ada', email: 'ada@acme.dev' };

const DELAYS = seededDelays(14);
let stage: Stage;
let world: OpsWorld;
beforeAll(async () => {
  stage = await startStage({ delays: DELAYS });
});
afterAll(() => stage.close());
beforeEach(async () => {
  world = await opsWorld(stage, { ...opsFiles(['shop']), 'ostack.yaml': POLICY }, { allowAutoMerge: true });
});
afterEach(async () => {
  stage.github.guard(undefined);
  stage.github.delay(DELAYS);
  stage.github.faults.clear();
  await world[Symbol.asyncDispose]();
});

/** A hold of 1.0.0, as a rollback writes it that began a minute ago. */
const SINCE = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
function holdOf(app: string, environment: string) {
  return { app, environment, version: '1.0.0', since: SINCE, by: 'ada', reason: 'Checkout fails' };
}

async function hold(app = 'shop', environment = 'staging'): Promise<void> {
  await world.ops.commit('main', { [HOLDS_FILE]: addHold(undefined, holdOf(app, environment)) }, 'hold', ADA);
}

/** A hold in the second before a merge that GitHub does not refuse. */
async function holdAtLast(app = 'shop', environment = 'staging'): Promise<void> {
  await hold(app, environment);
  await stage.github.passTime();
}

function release(version: string, environment = 'staging'): Promise<BumpReport> {
  const request = releaseRequest(world, 'shop', version, [environment]);
  return bump(world.connected('ostack[bot]').connected, undefined, request, PATIENCE);
}

/** A release's pull request that a run merged past a hold before it was stopped. */
async function mergedBeside(actor: string): Promise<void> {
  await bump(world.connected('ostack[bot]').connected, undefined, { ...openOnly('1.2.0') }, PATIENCE);
  await hold();
  // Whoever merges by hand waits until GitHub lets them.
  await stage.github.passTime();
  const { token } = world.connected(actor);
  const response = await fetch(`${stage.apiUrl}/repos/${world.ops.name}/pulls/1/merge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ merge_method: 'squash' }),
  });
  expect(response.status).toBe(200);
}

const openOnly = (version: string) => {
  return { ...releaseRequest(world, 'shop', version, ['staging']), merge: 'false' as const };
};

async function waitsForAutoMerge(number: number): Promise<boolean> {
  const { github, repository } = world.connected('ada').connected;
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    owner: 'acme',
    repo: repository.name,
    pull_number: number,
  });
  return data.auto_merge !== null;
}

const heads = async () => (await world.ops.log('main')).map(({ message }) => message.split('\n')[0]);

describe('a release that merges when a hold has come', () => {
  test('takes itself back and says that the app is held', async () => {
    justBefore(stage, 'FinishProposals', holdAtLast);
    const { results, failures } = await release('1.2.0');
    expect(failures).toEqual([]);
    expect(results).toMatchObject([{ action: 'held', number: 1 }]);
    expect(results[0]?.reason).toMatch(
      /^held at 1\.0\.0 since .* by ada: Checkout fails; 1\.2\.0 was merged past the hold and was taken back: http.*\/commit\/[0-9a-f]{40}$/,
    );
    expect(await world.ops.read('main', STAGING)).toBe(overlay('shop', '1.0.0'));
    expect(await heads()).toEqual([
      'Take shop back to 1.0.0 in staging: a hold came first',
      'shop 1.2.0 -> staging (#1)',
      'hold',
      'Initial commit',
    ]);
    expect((await world.ops.log('main'))[0]?.message).toBe(
      [
        'Take shop back to 1.0.0 in staging: a hold came first',
        '',
        '1.2.0 (#1) was merged by a run that had not seen the hold.',
        '',
        'Ostack-Action: rollback',
        'Ostack-Environment: staging',
        'Ostack-App: shop',
        'Ostack-Version: 1.0.0',
        'Ostack-Image: ghcr.io/acme/shop:1.0.0',
        'Ostack-From: 1.2.0',
        'Ostack-Reason: a hold came first',
      ].join('\n'),
    );
  });

  test('does not merge at all where GitHub is late, and it sees the hold before it tries again', async () => {
    stage.github.delay({ head: () => 3, merge: () => 2 });
    justBefore(stage, 'FinishProposals', hold);
    const { results, failures } = await release('1.2.0');
    expect(failures).toEqual([]);
    expect(results).toMatchObject([{ action: 'held', number: 1, reason: holdReason(holdOf('shop', 'staging')) }]);
    // It stays open for when the hold is lifted.
    expect(await world.pulls()).toMatchObject([{ state: 'OPEN' }]);
    expect(await waitsForAutoMerge(1)).toBe(false);
    expect(await heads()).toEqual(['hold', 'Initial commit']);
  });

  test('takes itself back when the answer of the merge was lost', async () => {
    justBefore(stage, 'FinishProposals', holdAtLast);
    stage.github.faults.add({ match: /FinishProposals/, kind: 'reset', when: 'after' });
    const { results } = await release('1.2.0');
    expect(results).toMatchObject([{ action: 'held' }]);
    expect(await world.ops.read('main', STAGING)).toBe(overlay('shop', '1.0.0'));
  });

  test('stays where the hold is of something else', async () => {
    justBefore(stage, 'FinishProposals', () => holdAtLast('cart'));
    expect((await release('1.2.0')).results).toMatchObject([{ action: 'merged', reason: '' }]);
    expect(await heads()).toEqual(['shop 1.2.0 -> staging (#1)', 'hold', 'Initial commit']);
  });

  test('stays where the hold is lifted before it is taken back', async () => {
    justBefore(stage, 'FinishProposals', async () => {
      await holdAtLast();
      justBefore(stage, 'CommitProposal', () => world.ops.commit('main', { [HOLDS_FILE]: '[]\n' }, 'lift', ADA));
    });
    expect((await release('1.2.0')).results).toMatchObject([{ action: 'merged', reason: '' }]);
    expect(await world.ops.read('main', STAGING)).toContain('newTag: "1.2.0"');
  });

  test('does not wait for auto-merge any more', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    justBefore(stage, 'FinishProposals', holdAtLast);
    expect((await release('1.2.0')).results).toMatchObject([{ action: 'held', number: 1 }]);
    expect(await waitsForAutoMerge(1)).toBe(false);
  });

  test('does not wait for its checks any more', async () => {
    const files = { ...opsFiles(['shop']), 'ostack.yaml': POLICY };
    const { ops, connected } = await opsWorld(stage, files, { allowAutoMerge: false });
    ops.protect('main', { requiredChecks: ['validate'] });
    const hold = addHold(undefined, holdOf('shop', 'staging'));
    justBefore(stage, 'MergeStates', () => ops.commit('main', { [HOLDS_FILE]: hold }, 'hold', ADA));
    const request = releaseRequest(world, 'shop', '1.2.0', ['staging']);
    const patience = { timeoutMs: 600_000, pollMs: 1 };
    const { results } = await bump(connected('ostack[bot]').connected, undefined, request, patience);
    expect(results).toMatchObject([{ action: 'held', number: 1 }]);
  });

  test('goes back by a pull request where rules keep commits away', async () => {
    justBefore(stage, 'FinishProposals', async () => {
      await holdAtLast();
      justBefore(stage, 'CommitProposal', async () => world.ops.protect('main', { requiredChecks: ['validate'] }));
    });
    const { results, failures } = await release('1.2.0');
    expect(failures).toEqual([]);
    expect(results[0]?.reason).toContain(
      '1.2.0 was merged past the hold and goes back with #2 (merges by itself when its checks allow): ',
    );
    const title = 'Take shop back to 1.0.0 in staging: a hold came first';
    expect((await world.pulls())[1]).toMatchObject({ state: 'OPEN', title, branch: 'ostack-take-back/staging/shop' });
    // The next run finds it, and opens no other.
    expect((await release('1.3.0')).results[0]?.reason).toContain('goes back with #2');
    expect(await world.pulls()).toHaveLength(2);
  });
});

describe('a promotion', () => {
  const toProduction = () =>
    promote(
      world.connected('ostack[bot]').connected,
      undefined,
      {
        ...{ apps: 'all', from: '', to: ['production'], includeNew: false, force: false, reason: undefined },
        ...{ merge: 'auto', labels: [], actor: 'ada', runUrl: '', serverUrl: stage.serverUrl },
      },
      {
        ...{ reviewers: [], assignees: [], dryRun: false, direct: false, mergeMethod: undefined },
        ...{ patience: PATIENCE, serverUrl: stage.serverUrl },
      },
    );
  beforeEach(async () => {
    await world.ops.commit('main', { [STAGING]: overlay('shop', '1.2.0') }, 'shop 1.2.0', ADA);
    justBefore(stage, 'FinishProposals', () => holdAtLast('shop', 'production'));
  });

  test('that merges when a hold has come takes back what is held', async () => {
    const { failures, warnings } = await toProduction();
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^shop in production is held at 1\.0\.0 since .*; 1\.2\.0 was merged past the hold and was taken back: /,
      ),
    ]);
    expect(await world.ops.read('main', PRODUCTION)).toBe(overlay('shop', '1.0.0'));
  });

  test('that would wait for auto-merge when a hold has come is closed', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    const { results } = await toProduction();
    expect(results).toMatchObject([{ action: 'closed', reason: expect.stringContaining('held at 1.0.0') }]);
    expect(await world.pulls()).toMatchObject([{ state: 'CLOSED' }]);
  });
});

describe('what an earlier run left past a hold', () => {
  test('is told by the status, and taken back by the next release', async () => {
    await mergedBeside('ostack[bot]');
    const { github, repository } = world.connected('ada').connected;
    const status = await readStatus(github, repository, ['shop'], new Date());
    expect(status.apps[0]?.environments.get('staging')).toMatchObject({ version: '1.2.0', violatesHold: true });
    const { results } = await release('1.3.0');
    expect(results).toMatchObject([{ action: 'held', version: '1.3.0' }]);
    expect(results[0]?.reason).toContain('1.2.0 was merged past the hold and was taken back');
    expect(await world.ops.read('main', STAGING)).toBe(overlay('shop', '1.0.0'));
  });

  /** Put into the merge queue, which merges it with the pull request's title alone, after a hold has come. */
  async function queuedBeside(actor: string): Promise<void> {
    world.ops.ruleset('queue', queueByTitle);
    await bump(world.connected('ostack[bot]').connected, undefined, openOnly('1.2.0'), PATIENCE);
    await world.ops.commit('ostack/staging/shop', { 'README.md': 'more' }, 'more', ADA);
    const { github } = world.connected(actor).connected;
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner: 'acme',
      repo: world.ops.name.slice(5),
      pull_number: 1,
    });
    await github.query(
      v.unknown(),
      'mutation($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { clientMutationId } }',
      { id: data.node_id },
    );
    await hold();
    await world.pulls();
    await world.pulls();
    world.ops.ruleset('queue', undefined);
    expect(await world.ops.read('main', STAGING)).toContain('1.2.0');
    expect((await world.ops.log('main'))[0]?.message).not.toMatch(/Ostack-Action: .*$/);
  }

  const queueByTitle: Ruleset = {
    ...{ target: 'branch', include: ['~DEFAULT_BRANCH'] },
    rules: { mergeQueue: { method: 'squash' } },
  };

  test('is taken back by the next release also where a bot put it into a merge queue, which leaves no trailers', async () => {
    await queuedBeside('ostack[bot]');
    const { results } = await release('1.3.0');
    expect(results).toMatchObject([{ action: 'held' }]);
    expect(await world.ops.read('main', STAGING)).toBe(overlay('shop', '1.0.0'));
  });

  test('stays where a person put it into the merge queue', async () => {
    await queuedBeside('ada');
    const { warnings } = await release('1.3.0');
    expect(warnings.join(' ')).toContain('1.2.0');
    expect(await world.ops.read('main', STAGING)).toContain('1.2.0');
  });

  test('stays where a person merged it, and is told', async () => {
    await mergedBeside('ada');
    const { results, warnings } = await release('1.3.0');
    expect(results).toMatchObject([{ action: 'held', reason: holdReason(holdOf('shop', 'staging')) }]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^staging runs shop 1\.2\.0 \(#1 by .*\), although it is held at 1\.0\.0 since .* Run rollback to 1\.0\.0 to take it back, or lift-hold where it is to stay\.$/,
      ),
    ]);
    expect(await world.ops.read('main', STAGING)).toContain('newTag: "1.2.0"');
  });

  test('stays where what is held was never there', async () => {
    await mergedBeside('ostack[bot]');
    const never = addHold(undefined, { ...holdOf('shop', 'staging'), version: '0.9.0' });
    await world.ops.commit('main', { [HOLDS_FILE]: never }, 'hold', ADA);
    const { connected } = world.connected('ostack[bot]');
    const appEnvironment = { environment: 'staging', app: 'shop', merged: undefined };
    const options = { runUrl: '', serverUrl: stage.serverUrl, mergeMethod: undefined, patience: PATIENCE };
    const { found, failures } = await enforceHolds(connected, [appEnvironment], options);
    expect(failures).toEqual([]);
    expect(found).toMatchObject([{ became: 'stays', sentence: expect.stringContaining('0.9.0 was never in staging') }]);
  });

  test('is left alone in a dry run', async () => {
    await mergedBeside('ostack[bot]');
    const request = { ...releaseRequest(world, 'shop', '1.3.0', ['staging']), dryRun: true };
    await bump(world.connected('ostack[bot]').connected, undefined, request, PATIENCE);
    expect(await world.ops.read('main', STAGING)).toContain('newTag: "1.2.0"');
  });

  test('fails the run where it cannot be seen, and nothing else of it', async () => {
    justBefore(stage, 'FinishProposals', async () => {
      await holdAtLast();
      justBefore(stage, 'OpenOps', () => world.ops.commit('main', { [HOLDS_FILE]: 'nonsense: true\n' }, 'broken', ADA));
    });
    const { results, failures } = await release('1.2.0');
    expect(results).toMatchObject([{ action: 'merged' }]);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Whether staging\/shop got a version that a hold keeps out could not be read, and nothing was taken back: .*holds\.yaml.* Run it again: it checks this first\.$/s,
      ),
    ]);
  });
});
