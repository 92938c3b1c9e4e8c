import { HOLDS, hold } from '../support/claimed.js';
import type { Attack } from '../support/proposals.js';

/** The file of holds is emptied, by a person alone. */
export const attack: Attack = {
  attack: { files: { [HOLDS]: '' } },
  refused: /0 of 1 approval/,
  honest: { files: { [HOLDS]: hold('mailer', '0.4.0') + hold('shop', '1.4.0') } },
  allowed: 'Allowed',
};
