import { type Deed, DIGEST } from '../support/evidence.js';

/** What a record carries on from runs before it is for builds, and no evidence. */
export const attack: Deed = {
  attack: async () => ({ record: { images: [], earlier: [{ repository: 'ghcr.io/acme/shop', digest: DIGEST }] } }),
  refused: /did not build ghcr\.io\/acme\/shop/,
  honest: async () => ({ record: { earlier: [{ repository: 'ghcr.io/acme/shop', digest: DIGEST }] } }),
};
