import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Committed, commitDirectly } from '../../../src/ops/pull-requests/commit-directly.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, saying, surveyed } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

async function committed(proposal: Proposal, before: () => unknown = () => {}) {
  const { snapshot, surveys, warnings } = await surveyed(world, [proposal]);
  before();
  const [one] = surveys;
  if (one?.base.state !== 'change') {
    throw new Error('The proposal changes nothing.');
  }
  return { done: await commitDirectly(snapshot, proposal, one.base), warnings };
}

/** Why it was not committed. */
const reasonOf = (done: Committed) =>
  done.state === 'failed' ? done.error.message : 'reason' in done ? done.reason : '';

test('a commit is the newest of the branch, with the words of its proposal', async () => {
  const { done, warnings } = await committed(saying('shop', '1.1.0'));
  const [newest] = await world.ops.log('main');
  expect([done, warnings]).toEqual([{ state: 'committed', oid: newest?.sha }, []]);
  expect(newest?.message).toBe(
    'shop 1.1.0 -> staging\n\nOstack-Action: say\nOstack-Environment: staging\nOstack-App: shop\nOstack-Version: 1.1.0',
  );
});

describe('nothing is committed', () => {
  test.each<[what: string, before: () => unknown, state: Committed['state'], reason: RegExp]>([
    [
      'where the branch moved, and it is looked at again',
      () => justBefore(world.stage, 'CommitProposal', () => world.push('main', { 'README.md': 'by hand\n' })),
      'again',
      /./,
    ],
    [
      'where the connection was lost, and it is looked at again',
      () => world.stage.github.faults.add({ match: /CommitProposal/, kind: 'reset', times: 9 }),
      'again',
      /^an answer was lost: /,
    ],
    [
      'where GitHub is down, and it is looked at again',
      () => world.stage.github.faults.add({ match: /CommitProposal/, kind: 'status', times: 9 }),
      'again',
      /^an answer was lost: /,
    ],
    [
      'where a rule keeps commits away, so that it takes a pull request',
      () => world.ops.protect('main', { requiredApprovals: 1 }),
      'guarded',
      /^GitHub takes no commit to main: .+/s,
    ],
  ])('%s', async (_what, before, state, reason) => {
    const { done } = await committed(saying('shop', '1.1.0'), before);
    expect(done.state).toBe(state);
    expect(reasonOf(done)).toMatch(reason);
    expect(await world.version('shop')).toBe('1.0.0');
  });

  test('where the token may not, which throws with the permission that it lacks', async () => {
    const refused = () => world.stage.github.faults.add({ match: /CommitProposal/, kind: 'status', status: 403 });
    await expect(committed(saying('shop', '1.1.0'), refused)).rejects.toThrow(
      /^Could not commit to the branch main in acme\/ops: .*contents: write/s,
    );
  });
});

test('a commit whose answer was lost is looked at again, and is there', async () => {
  const { done } = await committed(saying('shop', '1.1.0'), () =>
    world.stage.github.faults.add({ match: /CommitProposal/, kind: 'reset', when: 'after' }),
  );
  expect(done.state).toBe('again');
  expect(await world.version('shop')).toBe('1.1.0');
});

test('what goes along is sent with the commit, and what fails of it is a warning', async () => {
  const input = { repositoryId: '', name: 'urgent', color: '1d76db' };
  const mutation = { name: 'createLabel', input, select: 'clientMutationId' };
  const alongside = [{ mutation, otherwise: 'The label is missing' }];
  const { done, warnings } = await committed(saying('shop', '1.1.0', { alongside }));
  expect(done.state).toBe('committed');
  expect(warnings).toEqual([expect.stringMatching(/^The label is missing: /)]);
  expect(world.writes()).toEqual(['CommitProposal']);
});
