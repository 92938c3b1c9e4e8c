import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archive, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** The image, with its manifest written once more. */
const rewritten = (change: (text: string) => string) =>
  archive(async (made) => {
    const image = await made.image('shop-web');
    const path = `shop-web/blobs/sha256/${image.digest.slice('sha256:'.length)}`;
    await made.write(path, change(await readFile(join(made.root, path), 'utf8')));
    return image;
  });

/** Other content in the place of what was built, of the same size. */
export const deed: PlainDeed = {
  attack: () => rewritten((text) => text.replace('"schemaVersion":2', '"schemaVersion":3')),
  refused: /refused: .* is not what its digest says/,
  honest: () => rewritten((text) => text),
  allowed: TAKEN,
};
