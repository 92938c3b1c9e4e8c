import { FENCED, LET_IN, taking } from '../support/guests.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** The app of a guest takes what another guest builds. */
export const deed: PlainDeed = {
  attack: () => taking('growth-shop', 'labs-shop'),
  refused: FENCED,
  honest: () => taking('growth-shop', 'growth-shop'),
  allowed: LET_IN,
};
