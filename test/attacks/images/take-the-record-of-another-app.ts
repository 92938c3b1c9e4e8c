import { type Deed, DIGEST } from '../support/evidence.js';

/** The digest is in the record, for another image. */
export const attack: Deed = {
  attack: async () => ({
    record: { images: [{ app: 'shop', repository: 'ghcr.io/acme/other', digest: DIGEST, tag: '1.4.0' }] },
  }),
  refused: /did not build ghcr\.io\/acme\/shop:1\.4\.0/,
  honest: async () => ({
    record: {
      images: ['shop', 'other'].map((app) => ({
        app,
        repository: `ghcr.io/acme/${app}`,
        digest: DIGEST,
        tag: '1.4.0',
      })),
    },
  }),
};
