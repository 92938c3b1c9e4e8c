import { files, packed, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** What one program reads as nothing, and another one as gigabytes. */
export const deed: PlainDeed = {
  attack: async () =>
    packed(await files({ header: { name: 'a', pax: { 'GNU.sparse.realsize': '9999999999' } }, content: 'b' })),
  refused: /refused: .*the sparse file "a"/,
  honest: async () => packed(await files({ header: { name: 'a', pax: { comment: 'plain' } }, content: 'b' })),
  allowed: TAKEN,
};
