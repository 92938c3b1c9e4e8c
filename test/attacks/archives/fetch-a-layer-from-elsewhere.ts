import { gzipSync } from 'node:zlib';
import { files, layered, TAKEN, withLayers } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

/** A layer whose content nobody here has seen. */
export const deed: PlainDeed = {
  attack: async () => layered(gzipSync(await files()), withLayers({ urls: ['https://evil.example/layer'] })),
  refused: /refused: its manifest at "layers\.0\.urls"/,
  honest: async () => layered(gzipSync(await files())),
  allowed: TAKEN,
};
