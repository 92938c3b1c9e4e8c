import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

const files = (namespace: string) => ({
  [at('staging', 'job')]: `namespace: ${namespace}\n${overlay('1.0.0', 'job')}`,
});

/** Staging puts something into the namespace that production has on the cluster that both share. */
export const attack: Attack = {
  attack: { files: files('job-production') },
  refused: 'Refused by production: ghcr.io/acme/job:1.0.0 comes into production, and no app has it',
  honest: { files: files('job-canary') },
  allowed: 'Allowed: staging: No version changes.',
};
