import { FENCED, LET_IN, taking } from '../support/guests.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** A guest proposes its image for an app of the house. */
export const deed: PlainDeed = {
  attack: () => taking('shop', 'growth-shop'),
  refused: FENCED,
  honest: () => taking('shop', 'shop'),
  allowed: LET_IN,
};
