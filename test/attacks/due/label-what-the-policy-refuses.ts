import { overlay, PRODUCTION, propose, STAGING } from '../../actions/merge-due/support.js';
import type { Due } from '../support/due.js';

/** Whoever may triage sets the label on a version that production has not had. */
export const deed: Due = {
  attack: async (world) => (await propose(world, 'evil', { [PRODUCTION]: overlay('6.6.6') })).number,
  refused: /Refused by production: production takes shop 6\.6\.6 only once/,
  honest: async (world) => (await propose(world, 'good', { [STAGING]: overlay('1.6.0') })).number,
};
