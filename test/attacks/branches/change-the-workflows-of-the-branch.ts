import { type BranchDeed, changeProd } from '../support/branches.js';

/** What runs on a push to the branch has the keys of the repository. */
export const deed: BranchDeed = {
  attack: (ops) => changeProd(ops, { '.github/workflows/steal.yml': 'on: push\njobs: {}\n' }),
  refused: /^failure: Not yet: prod: 0 of 1 approval: waits for grace\. \| .*oStack \/ gate into prod/s,
  honest: (ops) => changeProd(ops, { 'docs/prod.md': 'Production\n' }),
  allowed: /^success: Allowed: it changes no environment\. \| merged$/,
};
