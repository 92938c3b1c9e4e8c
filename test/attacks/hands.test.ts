import { deed as callABranchLikeTheQueue } from './hands/call-a-branch-like-the-queue.js';
import { deed as comeBackToAnOldVerdictAcrossAFreeze } from './hands/come-back-to-an-old-verdict-across-a-freeze.js';
import { deed as fillBeforeItIsLedToInTheQueue } from './hands/fill-before-it-is-led-to-in-the-queue.js';
import { deed as hideACheckBehindStatuses } from './hands/hide-a-check-behind-statuses.js';
import { deed as judgeByARunThatIsStartedAgain } from './hands/judge-by-a-run-that-is-started-again.js';
import { deed as makeACheckOfTheSameName } from './hands/make-a-check-of-the-same-name.js';
import { deed as mergeAfterAFreezeWasDeclared } from './hands/merge-after-a-freeze-was-declared.js';
import { deed as mergeAfterAHold } from './hands/merge-after-a-hold.js';
import { deed as mergeAfterThePolicyChanged } from './hands/merge-after-the-policy-changed.js';
import { deed as mergeAsAnAdministrator } from './hands/merge-as-an-administrator.js';
import { deed as mergeIntoAFreezeThatBegins } from './hands/merge-into-a-freeze-that-begins.js';
import { deed as mergeWithTheKeyOfTheProposer } from './hands/merge-with-the-key-of-the-proposer.js';
import { deed as pushToTheDefaultBranch } from './hands/push-to-the-default-branch.js';
import { deed as pushToTheDefaultBranchWithTheKeyOfTheProposer } from './hands/push-to-the-default-branch-with-the-key-of-the-proposer.js';
import { deed as rebaseAwayTheRules } from './hands/rebase-away-the-rules.js';
import { deed as ridePastAFreezeWithARollback } from './hands/ride-past-a-freeze-with-a-rollback.js';
import { deed as setAStatusOfTheSameName } from './hands/set-a-status-of-the-same-name.js';
import { deed as setTheCheckWithTheKeyOfTheProposer } from './hands/set-the-check-with-the-key-of-the-proposer.js';
import { deed as skipTheCheck } from './hands/skip-the-check.js';
import { deed as splitAChangeOverTheQueue } from './hands/split-a-change-over-the-queue.js';
import { deed as useACheckFromAnotherBase } from './hands/use-a-check-from-another-base.js';
import { deed as useTheCheckOfATwin } from './hands/use-the-check-of-a-twin.js';
import { doAll } from './support/hands.js';
import { FILES } from './support/plain.js';

doAll('hands', FILES, {
  'split-a-change-over-the-queue': splitAChangeOverTheQueue,
  'fill-before-it-is-led-to-in-the-queue': fillBeforeItIsLedToInTheQueue,
  'call-a-branch-like-the-queue': callABranchLikeTheQueue,
  'come-back-to-an-old-verdict-across-a-freeze': comeBackToAnOldVerdictAcrossAFreeze,
  'hide-a-check-behind-statuses': hideACheckBehindStatuses,
  'judge-by-a-run-that-is-started-again': judgeByARunThatIsStartedAgain,
  'make-a-check-of-the-same-name': makeACheckOfTheSameName,
  'merge-after-a-freeze-was-declared': mergeAfterAFreezeWasDeclared,
  'merge-after-a-hold': mergeAfterAHold,
  'merge-after-the-policy-changed': mergeAfterThePolicyChanged,
  'merge-as-an-administrator': mergeAsAnAdministrator,
  'merge-into-a-freeze-that-begins': mergeIntoAFreezeThatBegins,
  'merge-with-the-key-of-the-proposer': mergeWithTheKeyOfTheProposer,
  'push-to-the-default-branch': pushToTheDefaultBranch,
  'push-to-the-default-branch-with-the-key-of-the-proposer': pushToTheDefaultBranchWithTheKeyOfTheProposer,
  'rebase-away-the-rules': rebaseAwayTheRules,
  'ride-past-a-freeze-with-a-rollback': ridePastAFreezeWithARollback,
  'set-a-status-of-the-same-name': setAStatusOfTheSameName,
  'set-the-check-with-the-key-of-the-proposer': setTheCheckWithTheKeyOfTheProposer,
  'use-a-check-from-another-base': useACheckFromAnotherBase,
  'use-the-check-of-a-twin': useTheCheckOfATwin,
  'skip-the-check': skipTheCheck,
});
