import { approvedBy } from '../support/approved.js';
import { kustomization, PRODUCTION } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** Production is to be deployed into another namespace, by a person alone. */
export const attack: Attack = {
  attack: { files: { [PRODUCTION]: kustomization('production', ', targetNamespace: kube-system') } },
  refused: /0 of 1 approval/,
  honest: {
    files: { [PRODUCTION]: kustomization('production', ', targetNamespace: kube-system') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
