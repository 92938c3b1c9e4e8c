import type { Deed } from '../support/evidence.js';

/** An archive that is not what GitHub has the digest of. */
export const attack: Deed = {
  attack: async () => ({ digest: 'f'.repeat(64) }),
  refused: /has a record that cannot be believed: .* GitHub says that it is/,
  honest: async () => ({}),
};
