import { type BranchDeed, intoProd, startAt } from '../support/branches.js';

/** What stage never had, by the name of its branch or by another one. */
export const deed: BranchDeed = {
  async attack(ops) {
    await startAt(ops, 'topic', 'dev');
    const renamed = await intoProd(ops, 'topic', { approved: true });
    return `${await intoProd(ops, 'dev', { approved: true })} || ${renamed}`;
  },
  refused:
    /^failure: Refused: (#\d+ has the same head|dev is the branch of dev, and prod comes after stage).* \|\| failure: Refused by prod: prod takes web 1\.7\.0 only once it is in stage/s,
  honest: (ops) => intoProd(ops, 'stage', { approved: true }),
  allowed: /^success: Allowed: prod: Takes web 1\.6\.0; approved by grace\. \| merged$/,
};
