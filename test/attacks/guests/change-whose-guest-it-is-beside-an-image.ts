import { FENCED, LET_IN, SHARED, taking } from '../support/guests.js';
import type { PlainDeed } from '../support/plain-deeds.js';

const swapped = SHARED.replace('growth: acme/growth-apps, labs: acme/labs-apps', 'growth: acme/labs-apps');

/** The same pull request says that the repository of another guest is its own. */
export const deed: PlainDeed = {
  attack: () => taking('growth-shop', 'labs-shop', { 'ostack.yaml': swapped }),
  refused: FENCED,
  honest: () => taking('growth-shop', 'growth-shop', { 'ostack.yaml': swapped }),
  allowed: LET_IN,
};
