import { ADA, overlay, propose, STAGING } from '../../actions/merge-due/support.js';
import { beforeLastLook, type Due } from '../support/due.js';
import { ROLES } from '../support/plain.js';

/** The policy asks for an approval from the moment between the verdict and the merge on. */
export const deed: Due = {
  async attack(world) {
    const { number } = await propose(world, 'topic', { [STAGING]: overlay('1.6.0') });
    const strict = ROLES.replace('staging: {}', 'staging: { approvers: [heidi] }');
    beforeLastLook(world, () => world.ops.commit('main', { 'ostack.yaml': strict }, 'policy', ADA));
    return number;
  },
  refused: /0 of 1 approval: waits for heidi/,
  async honest(world) {
    const { number } = await propose(world, 'topic', { [STAGING]: overlay('1.6.0') });
    beforeLastLook(world, () => world.ops.commit('main', { 'docs/b.md': 'b\n' }, 'docs', ADA));
    return number;
  },
};
