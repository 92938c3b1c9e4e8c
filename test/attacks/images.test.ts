import { attack as beQuickerThanTheRun } from './images/be-quicker-than-the-run.js';
import { attack as buildOnABranch } from './images/build-on-a-branch.js';
import { attack as callAWorkflowOfSomebody } from './images/call-a-workflow-of-somebody.js';
import { attack as deleteTheRecord } from './images/delete-the-record.js';
import { attack as exchangeTheRecord } from './images/exchange-the-record.js';
import { attack as keepAProofAsAnotherApp } from './images/keep-a-proof-as-another-app.js';
import { attack as leaveTheRunUnnamed } from './images/leave-the-run-unnamed.js';
import { attack as makeANamedBranchAnew } from './images/make-a-named-branch-anew.js';
import { attack as makeAReleaseBranchOfTheirOwn } from './images/make-a-release-branch-of-their-own.js';
import { attack as moveTheTagOfACalledWorkflow } from './images/move-the-tag-of-a-called-workflow.js';
import { attack as nameARunOfAnotherRepository } from './images/name-a-run-of-another-repository.js';
import { attack as nameATagLikeTheBranch } from './images/name-a-tag-like-the-branch.js';
import { attack as pushToAnOpenBranch } from './images/push-to-an-open-branch.js';
import { attack as recordASecondTime } from './images/record-a-second-time.js';
import { attack as recordAnotherCommit } from './images/record-another-commit.js';
import { attack as recordByAnotherWorkflow } from './images/record-by-another-workflow.js';
import { attack as recordInAFork } from './images/record-in-a-fork.js';
import { attack as recordInAPullRequest } from './images/record-in-a-pull-request.js';
import { attack as recordInARunThatFailed } from './images/record-in-a-run-that-failed.js';
import { attack as releaseFromABranchThatThePolicyDoesNotName } from './images/release-from-a-branch-that-the-policy-does-not-name.js';
import { attack as takeTheRecordOfAnotherApp } from './images/take-the-record-of-another-app.js';
import { attack as takeWhatAnEarlierRunBuilt } from './images/take-what-an-earlier-run-built.js';
import { tryAll } from './support/evidence.js';

tryAll('images', {
  'be-quicker-than-the-run': beQuickerThanTheRun,
  'build-on-a-branch': buildOnABranch,
  'call-a-workflow-of-somebody': callAWorkflowOfSomebody,
  'delete-the-record': deleteTheRecord,
  'exchange-the-record': exchangeTheRecord,
  'keep-a-proof-as-another-app': keepAProofAsAnotherApp,
  'leave-the-run-unnamed': leaveTheRunUnnamed,
  'make-a-named-branch-anew': makeANamedBranchAnew,
  'make-a-release-branch-of-their-own': makeAReleaseBranchOfTheirOwn,
  'move-the-tag-of-a-called-workflow': moveTheTagOfACalledWorkflow,
  'name-a-run-of-another-repository': nameARunOfAnotherRepository,
  'name-a-tag-like-the-branch': nameATagLikeTheBranch,
  'push-to-an-open-branch': pushToAnOpenBranch,
  'record-a-second-time': recordASecondTime,
  'record-another-commit': recordAnotherCommit,
  'record-by-another-workflow': recordByAnotherWorkflow,
  'record-in-a-fork': recordInAFork,
  'record-in-a-pull-request': recordInAPullRequest,
  'record-in-a-run-that-failed': recordInARunThatFailed,
  'release-from-a-branch-that-the-policy-does-not-name': releaseFromABranchThatThePolicyDoesNotName,
  'take-the-record-of-another-app': takeTheRecordOfAnotherApp,
  'take-what-an-earlier-run-built': takeWhatAnEarlierRunBuilt,
});
