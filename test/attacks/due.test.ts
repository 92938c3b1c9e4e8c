import { deed as approveByAStatus } from './due/approve-by-a-status.js';
import { deed as beQuickerThanThePolicy } from './due/be-quicker-than-the-policy.js';
import { deed as labelAFork } from './due/label-a-fork.js';
import { deed as labelWhatThePolicyRefuses } from './due/label-what-the-policy-refuses.js';
import { deed as pushAfterTheVerdict } from './due/push-after-the-verdict.js';
import { deed as useTheCheckOfAnotherHead } from './due/use-the-check-of-another-head.js';
import { tryAll } from './support/due.js';

tryAll('due', {
  'approve-by-a-status': approveByAStatus,
  'be-quicker-than-the-policy': beQuickerThanThePolicy,
  'label-a-fork': labelAFork,
  'label-what-the-policy-refuses': labelWhatThePolicyRefuses,
  'push-after-the-verdict': pushAfterTheVerdict,
  'use-the-check-of-another-head': useTheCheckOfAnotherHead,
});
