import { describe, expect, test } from '@jest/globals';
import { overlay } from '../bump-ops-overlay/support.js';
import { deployedStage, endState, run, STAGING } from './support.js';

describe.each([
  ['by pull request', {}],
  ['at once', { direct: 'true' }],
])('a rollback %s that is killed', (_name, inputs: Record<string, string>) => {
  test('after any request ends the same when it runs again', async () => {
    await using straight = await deployedStage();
    const { requests } = await run(straight, 'rollback', inputs);
    const wanted = await endState(straight);
    for (const skip of requests.keys()) {
      await using world = await deployedStage();
      world.stage.github.faults.add({ match: /graphql/, kind: 'status', status: 401, when: 'after', skip });
      await run(world, 'rollback', inputs);
      world.stage.github.faults.clear();
      expect((await run(world, 'rollback', inputs)).exitCode).toBe(0);
      expect(await endState(world)).toEqual(wanted);
    }
  });

  test('finds its way when the answer of a write is lost', async () => {
    await using world = await deployedStage();
    world.stage.github.faults.add({ match: /WriteProposals|CommitProposal/, kind: 'reset', when: 'after' });
    expect((await run(world, 'rollback', inputs)).exitCode).toBe(0);
    expect(await world.ops.read('main', STAGING)).toBe(overlay('1.4.0'));
  });
});
