import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** What the store gives is not what GitHub has the digest of. */
export const deed: Deed = {
  attack: (world, { own }) => asked(world, own, { digest: 'f'.repeat(64) }),
  refused: /says nothing to believe: The artifact \d+ of acme\/apps was read as sha256:/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
