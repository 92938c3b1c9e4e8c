import { deed as approveWhatTheyBroughtToTheOneBefore } from './branches/approve-what-they-brought-to-the-one-before.js';
import { deed as changeTheWorkflowsOfTheBranch } from './branches/change-the-workflows-of-the-branch.js';
import { deed as dropAFixByARebase } from './branches/drop-a-fix-by-a-rebase.js';
import { deed as makeTheBranchAnew } from './branches/make-the-branch-anew.js';
import { deed as mergeDevStraightIntoProd } from './branches/merge-dev-straight-into-prod.js';
import { deed as passAnEditOffAsRendered } from './branches/pass-an-edit-off-as-rendered.js';
import { deed as pushToTheBranchOfAnEnvironment } from './branches/push-to-the-branch-of-an-environment.js';
import { deed as rewriteThePolicyOnTheBranch } from './branches/rewrite-the-policy-on-the-branch.js';
import { deed as useTheCheckOfAnotherEnvironment } from './branches/use-the-check-of-another-environment.js';
import { tryBranches } from './support/branches.js';

tryBranches('branches', {
  'approve-what-they-brought-to-the-one-before': approveWhatTheyBroughtToTheOneBefore,
  'change-the-workflows-of-the-branch': changeTheWorkflowsOfTheBranch,
  'drop-a-fix-by-a-rebase': dropAFixByARebase,
  'make-the-branch-anew': makeTheBranchAnew,
  'merge-dev-straight-into-prod': mergeDevStraightIntoProd,
  'pass-an-edit-off-as-rendered': passAnEditOffAsRendered,
  'push-to-the-branch-of-an-environment': pushToTheBranchOfAnEnvironment,
  'rewrite-the-policy-on-the-branch': rewriteThePolicyOnTheBranch,
  'use-the-check-of-another-environment': useTheCheckOfAnotherEnvironment,
});
