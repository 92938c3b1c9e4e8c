import { approvedBy } from '../support/approved.js';
import { kustomization, PRODUCTION } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

const PATCH = (field: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: shop, ${field} }] } } }\n`;

/** The object that deploys production patches the image in. */
export const attack: Attack = {
  attack: {
    files: {
      [PRODUCTION]: kustomization(
        'production',
        `, patches: [{ target: { kind: Deployment }, patch: ${JSON.stringify(PATCH('image: "ghcr.io/acme/shop:6.6.6"'))} }]`,
      ),
    },
  },
  refused: 'ghcr.io/acme/shop:6.6.6 comes into production, and no app has it',
  honest: {
    files: {
      [PRODUCTION]: kustomization(
        'production',
        `, patches: [{ target: { kind: Deployment }, patch: ${JSON.stringify(PATCH('tty: true'))} }]`,
      ),
    },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
