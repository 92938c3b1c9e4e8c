import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Images under a key that kustomize takes for `images`, and a reader of YAML does not. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('6.6.6').replace('images:', 'Images:') },
    afterwards: approvedBy('grace'),
  },
  refused: /"Images" is taken for images/,
  honest: {
    files: { [at('production')]: `${overlay('1.4.0')}labels: [{ pairs: { Images: ours } }]\n` },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
