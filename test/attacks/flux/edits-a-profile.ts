import { approvedBy } from '../support/approved.js';
import { PROFILE, profile } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** A profile that a cluster of production takes in, in a folder that names no environment. */
export const attack: Attack = {
  attack: { files: { [PROFILE]: profile('{ quota: none }') } },
  refused: /production: 0 of 1 approval/,
  honest: { files: { [PROFILE]: profile('{ quota: none }') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
