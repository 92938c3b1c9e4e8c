import { files, forgedHeader, packed, TAKEN } from '../support/archives.js';

const sized = async (size: string) =>
  packed(forgedHeader(await files({ header: { name: 'a' } }), (header) => header.write(size, 124, 'latin1')));

import type { PlainDeed } from '../support/plain-deeds.js';

/** Where one program ends a file, another one goes on, and finds other files in it. */
export const deed: PlainDeed = {
  attack: () => sized('0 000001000\0'),
  refused: /refused: one of its layers has an entry whose size is not plain/,
  honest: () => sized('          0\0'),
  allowed: TAKEN,
};
