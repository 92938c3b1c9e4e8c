import type { Deed, Evidence } from '../support/evidence.js';

/** A branch that a pattern of the policy fits, made of commits that nobody approved: approvals are asked of changes, not of new branches. */
export const attack: Deed = {
  attack: (evidence) => onReleaseBranch(evidence, false),
  refused: /can make its branch release\/9 of what nobody approved: restrict creations/,
  honest: (evidence) => onReleaseBranch(evidence, true),
};

async function onReleaseBranch({ apps }: Evidence, creation: boolean) {
  const headSha = await apps.commit('release/9', { b: 'b\n' }, 'feat: b');
  const include = ['refs/heads/release/*'];
  apps.ruleset('releases', { target: 'branch', include, rules: { requiredApprovals: 1, deletion: true, creation } });
  return { run: { headBranch: 'release/9', headSha }, rule: { branches: ['main', 'release/*'] } };
}
