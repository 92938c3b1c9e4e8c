import { type BranchDeed, changeProd, WEB, web } from '../support/branches.js';

/** The branch gets a policy of its own that lets everything in. */
export const deed: BranchDeed = {
  attack: (ops) =>
    changeProd(
      ops,
      { 'ostack.yaml': 'environments: { prod: { branch: prod } }\n', [WEB]: web('1.7.0') },
      { approved: true },
    ),
  refused:
    /^failure: Refused by prod: prod takes web 1\.7\.0 only once it is in stage, .* \| .*oStack \/ gate into prod/s,
  honest: (ops) => changeProd(ops, { [WEB]: web('1.6.0') }, { approved: true }),
  allowed: /^success: Allowed: prod: Takes web 1\.6\.0; approved by grace\. \| merged$/,
};
