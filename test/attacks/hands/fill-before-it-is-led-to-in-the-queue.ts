import { kustomization } from '../support/flux.js';
import type { Deed } from '../support/hands.js';
import { queue } from '../support/queue.js';

const leading = { 'clusters/production/more.yaml': kustomization('production', '', './docs/more') };
const EVIL = {
  'docs/more/kustomization.yaml': 'resources: [role.yaml]\n',
  'docs/more/role.yaml': 'kind: ClusterRole\n',
};

/** The folder is filled in the queue before the approved pull request that deploys it, whose approver saw it empty. */
export const deed: Deed = {
  attack: (ops) => queue(ops, 'filled', [{ files: EVIL }, { files: leading, approvedBy: 'grace' }]),
  refused: /^failure: .*changes production by docs\/more\/kustomization\.yaml, and was not judged for that/,
  honest: (ops) => queue(ops, 'alone', [{ files: { ...leading, ...EVIL }, approvedBy: 'grace' }]),
  allowed: /^success: Allowed: production: .*approved by grace/,
};
