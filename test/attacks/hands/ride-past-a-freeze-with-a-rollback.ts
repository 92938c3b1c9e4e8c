import type { Guarded } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { GOOD, judged, outcome } from '../support/judged.js';
import { at, overlay, ROLES } from '../support/plain.js';

const FROZEN = ROLES.replace('staging: {}', 'staging: { freeze: [{ cron: "* * * * *", for: 1h }] }');

/** Staging has a newer version, and is frozen. */
async function freeze({ repository }: Guarded): Promise<void> {
  await repository.commit('main', GOOD, '1.6.0');
  await repository.commit('main', { 'ostack.yaml': FROZEN }, 'freeze');
}

/** A rollback passes a freeze: another edit of the app's own file comes along. */
export const deed: Deed = {
  async attack(ops) {
    await freeze(ops);
    return outcome(ops, await judged(ops, { [at('staging')]: overlay('1.5.0', 'shop', 'namePrefix: evil-\n') }));
  },
  refused: /^failure: Not yet, until \S+: staging: staging is frozen until .* \| .*oStack \/ gate/s,
  async honest(ops) {
    await freeze(ops);
    return outcome(ops, await judged(ops, { [at('staging')]: overlay('1.5.0') }));
  },
  allowed: /^success: Allowed: staging: Takes shop 1\.5\.0; a rollback\. \| merged$/,
};
