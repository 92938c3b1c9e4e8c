import { approvedBy } from '../support/approved.js';
import { kustomization } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

const PREVIEW = 'clusters/staging/preview.yaml';
const preview = (more: string) => kustomization('staging', more).replace('name: shop', 'name: preview');
const elsewhere = preview(', kubeConfig: { secretRef: { name: production-kubeconfig } }');

/** A preview beside staging is applied with the key of another cluster. */
export const attack: Attack = {
  attack: { files: { [PREVIEW]: elsewhere } },
  refused: /production/,
  honest: { files: { [PREVIEW]: preview(', targetNamespace: pr-1') }, afterwards: approvedBy('grace') },
  allowed: 'Allowed: staging',
};
