import { kustomization } from '../support/flux.js';
import type { Deed } from '../support/hands.js';
import { queue } from '../support/queue.js';

const leading = { 'clusters/production/more.yaml': kustomization('production', '', './docs/more') };
const EVIL = {
  'docs/more/kustomization.yaml': 'resources: [role.yaml]\n',
  'docs/more/role.yaml': 'kind: ClusterRole\n',
};

/** One pull request lets production deploy a folder that is not there yet, another one fills it, where nobody has to approve. */
export const deed: Deed = {
  attack: (ops) => queue(ops, 'split', [{ files: leading, approvedBy: 'grace' }, { files: EVIL }]),
  refused: /^failure: .*production/,
  honest: (ops) =>
    queue(ops, 'honest', [{ files: leading, approvedBy: 'grace' }, { files: { 'docs/other.md': 'Ours.\n' } }]),
  allowed: /^success: Allowed: /,
};
