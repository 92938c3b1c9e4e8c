import { approvedBy } from '../support/approved.js';
import { kustomization, PRODUCTION } from '../support/flux.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The object that deploys production sets the image itself, past the overlay that the rules read. */
export const attack: Attack = {
  attack: {
    files: { [PRODUCTION]: kustomization('production', ', images: [{ name: ghcr.io/acme/shop, newTag: 6.6.6 }]') },
  },
  refused: 'production takes shop 6.6.6 only once it is in staging',
  honest: { files: { [at('production')]: overlay('1.5.0') }, afterwards: approvedBy('grace') },
  allowed: 'Takes shop 1.5.0; approved by grace',
};
