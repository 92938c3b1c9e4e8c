import { deed as askASecondTime } from './previews/ask-a-second-time.js';
import { deed as askByAnOldAttempt } from './previews/ask-by-an-old-attempt.js';
import { deed as askByTheRunOfAFork } from './previews/ask-by-the-run-of-a-fork.js';
import { deed as askForAClosedPullRequest } from './previews/ask-for-a-closed-pull-request.js';
import { deed as askForAnotherCommit } from './previews/ask-for-another-commit.js';
import { deed as askForAnotherPullRequest } from './previews/ask-for-another-pull-request.js';
import { deed as bringAnImageOfARelease } from './previews/bring-an-image-of-a-release.js';
import { deed as bringImagesOfAnotherRegistry } from './previews/bring-images-of-another-registry.js';
import { deed as dispatchWhatIsToRun } from './previews/dispatch-what-is-to-run.js';
import { deed as dispatchWithoutARun } from './previews/dispatch-without-a-run.js';
import { deed as exchangeWhatWasAsked } from './previews/exchange-what-was-asked.js';
import { deed as giveACommandWithoutTheRightTo } from './previews/give-a-command-without-the-right-to.js';
import { deed as labelAForkWithTriageAlone } from './previews/label-a-fork-with-triage-alone.js';
import { deed as moveTheBranchWithTheKeyOfTheProposer } from './previews/move-the-branch-with-the-key-of-the-proposer.js';
import { deed as nameARunOfAnotherRepository } from './previews/name-a-run-of-another-repository.js';
import { deed as nameTheRunOfAnotherPullRequest } from './previews/name-the-run-of-another-pull-request.js';
import { deed as openAForkWithoutTheLabel } from './previews/open-a-fork-without-the-label.js';
import { deed as pushToTheBranchWithTheKeyOfTheProposer } from './previews/push-to-the-branch-with-the-key-of-the-proposer.js';
import { tryAll } from './support/previews.js';

tryAll('previews', {
  'ask-a-second-time': askASecondTime,
  'ask-by-an-old-attempt': askByAnOldAttempt,
  'ask-by-the-run-of-a-fork': askByTheRunOfAFork,
  'ask-for-a-closed-pull-request': askForAClosedPullRequest,
  'ask-for-another-commit': askForAnotherCommit,
  'ask-for-another-pull-request': askForAnotherPullRequest,
  'bring-an-image-of-a-release': bringAnImageOfARelease,
  'bring-images-of-another-registry': bringImagesOfAnotherRegistry,
  'dispatch-what-is-to-run': dispatchWhatIsToRun,
  'dispatch-without-a-run': dispatchWithoutARun,
  'exchange-what-was-asked': exchangeWhatWasAsked,
  'give-a-command-without-the-right-to': giveACommandWithoutTheRightTo,
  'label-a-fork-with-triage-alone': labelAForkWithTriageAlone,
  'move-the-branch-with-the-key-of-the-proposer': moveTheBranchWithTheKeyOfTheProposer,
  'name-a-run-of-another-repository': nameARunOfAnotherRepository,
  'name-the-run-of-another-pull-request': nameTheRunOfAnotherPullRequest,
  'open-a-fork-without-the-label': openAForkWithoutTheLabel,
  'push-to-the-branch-with-the-key-of-the-proposer': pushToTheBranchWithTheKeyOfTheProposer,
});
