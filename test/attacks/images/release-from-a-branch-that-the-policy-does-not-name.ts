import type { Deed } from '../support/evidence.js';

/** A protected branch that releases nothing. */
export const attack: Deed = {
  attack: async ({ apps, head }) => {
    const headSha = await apps.commit('support', { b: 'b\n' }, 'fix: b');
    apps.protect('support', { requiredApprovals: 1 });
    return {
      run: { headBranch: 'support', headSha: headSha === head ? head : headSha },
      rule: { branches: ['main', 'release/*'] },
    };
  },
  refused: /which is not in main of acme\/apps/,
  honest: async ({ apps }) => {
    const headSha = await apps.commit('release/1', { b: 'b\n' }, 'fix: b');
    apps.ruleset('releases', {
      ...{ target: 'branch', include: ['refs/heads/release/*'] },
      rules: { requiredApprovals: 1, creation: true },
    });
    return { run: { headBranch: 'release/1', headSha }, rule: { branches: ['main', 'release/*'] } };
  },
};
