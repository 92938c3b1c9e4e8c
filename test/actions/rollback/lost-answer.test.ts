import { describe, expect, test } from '@jest/globals';
import { overlay } from '../bump-ops-overlay/support.js';
import { deployedStage, run, STAGING } from './support.js';

describe.each([
  ['by pull request', {}],
  ['at once', { direct: 'true' }],
])('a rollback %s', (_name, inputs: Record<string, string>) => {
  test('finds its way when the answer of a write is lost', async () => {
    await using world = await deployedStage();
    world.stage.github.faults.add({ match: /WriteProposals|CommitProposal/, kind: 'reset', when: 'after' });
    expect((await run(world, 'rollback', inputs)).exitCode).toBe(0);
    expect(await world.ops.read('main', STAGING)).toBe(overlay('1.4.0'));
  });
});
