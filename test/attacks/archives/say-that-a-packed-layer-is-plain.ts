import { gzipSync } from 'node:zlib';
import { files, layered, TAKEN, withLayers } from '../support/archives.js';

const plain = withLayers({ mediaType: 'application/vnd.oci.image.layer.v1.tar' });

import type { PlainDeed } from '../support/plain-deeds.js';

/** What counts as a megabyte here is a gigabyte where it is unpacked. */
export const deed: PlainDeed = {
  attack: async () => layered(gzipSync(await files()), plain),
  refused: /refused: one of its layers cannot be unpacked \((?:no header where one is due|Unexpected end)/,
  honest: async () => layered(await files(), plain),
  allowed: TAKEN,
};
