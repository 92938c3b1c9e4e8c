import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { archive, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** A link in the archive, to a file of the machine that has the registry's password. */
export const deed: PlainDeed = {
  attack: () =>
    archive(async (made) => {
      const image = await made.image('shop-web');
      const path = join(made.root, 'shop-web/blobs/sha256', image.digest.slice('sha256:'.length));
      await rm(path);
      await symlink('/etc/hostname', path);
      return image;
    }),
  refused: /refused: "shop-web\/blobs\/sha256\/[0-9a-f]{64}" is no regular file/,
  honest: () =>
    archive(async (made) => {
      const image = await made.image('shop-web');
      const path = join(made.root, 'shop-web/blobs/sha256', image.digest.slice('sha256:'.length));
      await rename(path, `${path}-moved`);
      await rename(`${path}-moved`, path);
      return image;
    }),
  allowed: TAKEN,
};
