import { ALLOWED_BYTES, files, packed, TAKEN } from '../support/archives.js';

const zeros = (bytes: number) => files({ header: { name: 'zeros' }, content: Buffer.alloc(bytes) });

import type { PlainDeed } from '../support/plain-deeds.js';

/** A small file that fills the disk of whoever unpacks it. */
export const deed: PlainDeed = {
  attack: async () => packed(await zeros(ALLOWED_BYTES)),
  refused: /refused: its layers have more than 1 MiB unpacked/,
  honest: async () => packed(await zeros(ALLOWED_BYTES / 2)),
  allowed: TAKEN,
};
