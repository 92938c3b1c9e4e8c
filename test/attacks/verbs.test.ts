import { doAll } from './support/hands.js';
import { FILES } from './support/plain.js';
import { deed as bumpPastTheApprovers } from './verbs/bump-past-the-approvers.js';
import { deed as bumpPastTheOrder } from './verbs/bump-past-the-order.js';
import { deed as bumpPastTheSoakTime } from './verbs/bump-past-the-soak-time.js';
import { deed as changeWhatABumpProposed } from './verbs/change-what-a-bump-proposed.js';
import { deed as liftAHoldDirectly } from './verbs/lift-a-hold-directly.js';
import { deed as promotePastTheApprovers } from './verbs/promote-past-the-approvers.js';
import { deed as promotePastTheOrder } from './verbs/promote-past-the-order.js';
import { deed as rollBackDirectly } from './verbs/roll-back-directly.js';

doAll('verbs', FILES, {
  'bump-past-the-approvers': bumpPastTheApprovers,
  'bump-past-the-order': bumpPastTheOrder,
  'bump-past-the-soak-time': bumpPastTheSoakTime,
  'change-what-a-bump-proposed': changeWhatABumpProposed,
  'lift-a-hold-directly': liftAHoldDirectly,
  'promote-past-the-approvers': promotePastTheApprovers,
  'promote-past-the-order': promotePastTheOrder,
  'roll-back-directly': rollBackDirectly,
});
