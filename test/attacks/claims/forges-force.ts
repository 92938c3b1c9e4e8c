import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Trailers say that somebody forced it, and no approver stands behind it. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('1.5.0') },
    message: `chore: shop\n\nOstack-Action: promote\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 1.5.0\nOstack-Forced-By: grace\nOstack-Reason: urgent`,
  },
  refused: /^failure: Not yet/,
  honest: {
    files: { [at('production')]: overlay('1.5.0') },
    message: `chore: shop\n\nOstack-Action: promote\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 1.5.0\nOstack-Forced-By: mallory\nOstack-Reason: urgent`,
    afterwards: approvedBy('grace'),
  },
  allowed: 'forced by mallory: urgent; approved by grace',
};
