import type { Deed } from '../support/evidence.js';

/** A release branch to which whoever may write pushes. */
export const attack: Deed = {
  attack: async ({ apps }) => {
    apps.protect('main', { requiredApprovals: 0 });
    return {};
  },
  refused:
    /pushes to its branch main past everybody: require a pull request and an approval there \(http\S+\/acme\/apps\/settings\/rules\)/,
  honest: async ({ apps }) => {
    apps.protect('main', { requiredApprovals: 0 });
    apps.ruleset('reviews', { target: 'branch', include: ['~DEFAULT_BRANCH'], rules: { requiredApprovals: 1 } });
    return {};
  },
};
