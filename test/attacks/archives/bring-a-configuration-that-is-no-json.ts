import { archive, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** A configuration that the registry takes, and that clusters read as they like. */
export const deed: PlainDeed = {
  attack: () => archive((made) => made.image('shop-web', undefined, undefined, '{')),
  refused: /refused: its configuration is not JSON/,
  honest: () => archive((made) => made.image('shop-web')),
  allowed: TAKEN,
};
