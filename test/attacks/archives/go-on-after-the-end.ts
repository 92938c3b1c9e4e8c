import { files, packed, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** Files after the end of a layer, where some programs look no more. */
export const deed: PlainDeed = {
  attack: async () => packed(Buffer.concat([await files(), await files({ header: { name: 'hidden' }, content: 'x' })])),
  refused: /refused: one of its layers goes on after its end/,
  honest: async () => packed(await files({ header: { name: 'a' } }, { header: { name: 'shown' }, content: 'x' })),
  allowed: TAKEN,
};
