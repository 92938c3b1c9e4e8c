import { type BranchDeed, changeProd, WEB, web } from '../support/branches.js';

/** A branch without the commit that had brought a fix takes prod back to what it had before, as a rollback does. */
export const deed: BranchDeed = {
  attack: (ops) => changeProd(ops, { [WEB]: web('1.4.0') }),
  refused: /^failure: Not yet: prod: 0 of 1 approval: waits for grace\. \| .*oStack \/ gate into prod/s,
  honest: (ops) => changeProd(ops, { [WEB]: web('1.4.0') }, { approved: true }),
  allowed: /^success: Allowed: prod: Takes web 1\.4\.0; a rollback; approved by grace\. \| merged$/,
};
