import type { Deed, Evidence } from '../support/evidence.js';

/** A release branch that somebody deletes, and makes anew of commits that nobody approved. */
export const attack: Deed = {
  attack: (evidence) => onStable(evidence, false),
  refused: /can make its branch stable of what nobody approved: restrict creations/,
  honest: (evidence) => onStable(evidence, true),
};

async function onStable({ apps }: Evidence, deletion: boolean) {
  const headSha = await apps.commit('stable', { b: 'b\n' }, 'feat: b');
  const include = ['refs/heads/stable'];
  apps.ruleset('stable', { target: 'branch', include, rules: { requiredApprovals: 1, deletion } });
  return { run: { headBranch: 'stable', headSha }, rule: { branches: ['stable'] } };
}
