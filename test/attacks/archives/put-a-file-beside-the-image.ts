import { archive, TAKEN } from '../support/archives.js';

const beside = (path: string) =>
  archive(async (made) => {
    await made.write(path, '{}');
    return made.image('shop-web');
  });

import type { PlainDeed } from '../support/plain-deeds.js';

/** A file that no part of the image refers to, for whoever unpacks all of it. */
export const deed: PlainDeed = {
  attack: () => beside('shop-web/blobs/run.sh'),
  refused: /refused: it has "shop-web\/blobs\/run\.sh" in it/,
  honest: () => beside('shop-web/oci-layout'),
  allowed: TAKEN,
};
