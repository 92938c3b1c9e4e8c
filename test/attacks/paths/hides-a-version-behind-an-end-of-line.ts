import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A comment in which kustomize reads another version, because a sign in it ends the line for Go. */
export const attack: Attack = {
  attack: {
    files: {
      [at('production')]: `${overlay('1.4.0')}# ours\u2028images: [{ name: ghcr.io/acme/shop, newTag: 6.6.6 }]\n`,
    },
    afterwards: approvedBy('grace'),
  },
  refused: /U\+2028 ends the line for some readers/,
  honest: { files: { [at('production')]: `${overlay('1.4.0')}# ours\n` }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
