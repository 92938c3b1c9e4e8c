import { type BranchDeed, intoProd, startAt, WEB, web } from '../support/branches.js';
import { type Guarded, merge, open, runGate } from '../support/guarded.js';

/** Somebody brings a version to stage, where nobody has to approve, and it is merged from there into prod. */
async function through(ops: Guarded, author: string, merger: string): Promise<string> {
  await startAt(ops, 'topic', 'stage');
  await ops.repository.commit('topic', { [WEB]: web('1.7.0') }, 'topic');
  const number = await open(ops, 'topic', { base: 'stage', as: author });
  await runGate(ops);
  const merged = await merge(ops, number, ops.person(merger));
  return `${merged} | ${await intoProd(ops, 'stage', { approved: true })}`;
}

/** An approver of prod who opened what the merge brings, or merged it, approves no change of somebody else. */
export const deed: BranchDeed = {
  attack: async (ops) => through(ops, 'grace', 'mallory'),
  refused: /^merged \| failure: Not yet: prod: 0 of 1 approval: waits for grace\. The approval of grace does not count/,
  honest: (ops) => through(ops, 'mallory', 'mallory'),
  allowed: /^merged \| success: Allowed: prod: Takes web 1\.7\.0; approved by grace\. \| merged$/,
};
