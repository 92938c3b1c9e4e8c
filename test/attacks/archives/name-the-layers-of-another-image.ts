import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { archive, files, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** An image whose configuration says that its layer is this one. */
const named = (content: Buffer) =>
  archive(async (made) => {
    const own = await files({ header: { name: 'own' } });
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const configuration = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [digest] } };
    return made.image('shop-web', gzipSync(own), undefined, JSON.stringify(configuration));
  });

/** Machines do not unpack what they have: an image that names the layers of a private one could run with what is in those. */
export const deed: PlainDeed = {
  attack: async () => named(await files({ header: { name: 'of-a-private-image' } })),
  refused: /refused: its configuration says that layer 1 is "sha256:[0-9a-f]{64}" unpacked, and it is sha256:/,
  honest: async () => named(await files({ header: { name: 'own' } })),
  allowed: TAKEN,
};
