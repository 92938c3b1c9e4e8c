import { approvedBy } from '../support/approved.js';
import { application, PRODUCTION } from '../support/argocd.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The Application of production sets the image itself. */
export const attack: Attack = {
  attack: {
    files: {
      [PRODUCTION]: application('production', { more: ', kustomize: { images: ["ghcr.io/acme/shop:6.6.6"] }' }),
    },
  },
  refused: 'production takes shop 6.6.6 only once it is in staging',
  honest: { files: { [at('production')]: overlay('1.5.0') }, afterwards: approvedBy('grace') },
  allowed: 'Takes shop 1.5.0; approved by grace',
};
