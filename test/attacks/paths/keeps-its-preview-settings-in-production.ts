import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

const preview = (namespace: string) => `namespace: ${namespace}\nresources: [../../../bases/shop]\n`;

/** What is called a preview lies in a folder of production, whose cluster takes it in. */
export const attack: Attack = {
  attack: { files: { [at('production', 'pr-1')]: preview('pr-1') } },
  refused: /production/,
  honest: { files: { [at('staging', 'pr-1')]: preview('pr-1') } },
  allowed: 'Allowed: staging',
};
