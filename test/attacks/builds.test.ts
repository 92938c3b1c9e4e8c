import { deed as beQuickerThanTheBuild } from './builds/be-quicker-than-the-build.js';
import { deed as changeWhatADockerfileLinksTo } from './builds/change-what-a-dockerfile-links-to.js';
import { deed as exchangeTheRecord } from './builds/exchange-the-record.js';
import { deed as nameATagLikeTheBranch } from './builds/name-a-tag-like-the-branch.js';
import { deed as nameAnotherRegistry } from './builds/name-another-registry.js';
import { deed as poisonTheCache } from './builds/poison-the-cache.js';
import { deed as putAnImageUnderTheKeyOfARelease } from './builds/put-an-image-under-the-key-of-a-release.js';
import { deed as recordASecondTime } from './builds/record-a-second-time.js';
import { deed as recordByAnotherWorkflow } from './builds/record-by-another-workflow.js';
import { deed as recordInAPullRequest } from './builds/record-in-a-pull-request.js';
import { deed as recordInARunThatFailed } from './builds/record-in-a-run-that-failed.js';
import { deed as recordOnABranch } from './builds/record-on-a-branch.js';
import { deed as writeOverTheKeyOfARelease } from './builds/write-over-the-key-of-a-release.js';
import { tryAll } from './support/builds.js';

tryAll('builds', {
  'be-quicker-than-the-build': beQuickerThanTheBuild,
  'change-what-a-dockerfile-links-to': changeWhatADockerfileLinksTo,
  'exchange-the-record': exchangeTheRecord,
  'name-a-tag-like-the-branch': nameATagLikeTheBranch,
  'name-another-registry': nameAnotherRegistry,
  'poison-the-cache': poisonTheCache,
  'put-an-image-under-the-key-of-a-release': putAnImageUnderTheKeyOfARelease,
  'record-a-second-time': recordASecondTime,
  'record-by-another-workflow': recordByAnotherWorkflow,
  'record-in-a-pull-request': recordInAPullRequest,
  'record-in-a-run-that-failed': recordInARunThatFailed,
  'record-on-a-branch': recordOnABranch,
  'write-over-the-key-of-a-release': writeOverTheKeyOfARelease,
});
