import type { Deed } from '../support/hands.js';
import { at, overlay } from '../support/plain.js';
import { ruled, rules, start } from '../support/verbs.js';

const bump = {
  action: 'bump-ops-overlay' as const,
  inputs: { image: 'ghcr.io/acme/shop', environments: 'production', tag: '1.5.0' },
  approvedBy: ['grace', 'heidi'],
};
const PRODUCTION = at('production');

/** Somebody pushes another version to the branch of a release, and the text of the pull request says the old one. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, { ...bump, pushed: { [PRODUCTION]: overlay('9.9.9') } });
  },
  refused: /^failure: .*production takes shop 9\.9\.9 only once it is in staging.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, { ...bump, pushed: { [at('production', 'shop', 'note.md')]: 'Why\n' } });
  },
  allowed: /^success: .*Takes shop 1\.5\.0.* \| merged$/,
};
