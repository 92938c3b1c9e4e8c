import { connect } from '../../../src/github/client.js';
import type { Layout } from '../../../src/ops/overlays/layout.js';
import type { Hold } from '../../../src/ops/policy/holds.js';
import { HOME } from '../../../src/ops/policy/places.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { opsTree } from '../../../src/ops/repository/ops-tree.js';
import type { Snapshot } from '../../../src/ops/repository/snapshot.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { REPO } from '../pull-requests/support.js';

export const LAYOUT: Layout = { templates: ['overlays/{environment}/{app}'] };

/** A snapshot of files by path. GitHub is out of reach: a rule decides by what it is given. */
export function snapshotOf(
  files: Readonly<Record<string, string>>,
  policy: string,
  now: Date,
  holds: readonly Hold[] = [],
): Snapshot {
  const nowhere = 'http://127.0.0.1:1';
  const ops = {
    github: connect({ token: 'x', apiUrl: nowhere, graphqlUrl: nowhere }),
    repository: { owner: 'acme', name: 'ops' },
  };
  const tree = objectTree(files);
  const opened = opsTree(ops.github, ops.repository, REPO);
  const snapshot: Snapshot = {
    ...{ ops, repo: REPO, opsTree: opened, reader: opened.reader, tree, policy: readPolicy(policy), holds, now },
    ...{ layout: LAYOUT, readOverlays: async () => {}, readAhead: async () => {}, treeAt: () => tree },
    ...{ forgetBranch: () => {}, warn: () => {} },
    label: async (name) => ({ name, id: undefined }),
    branch: async () => ({ head: undefined, open: undefined, past: [] }),
    ...{ home: ops.repository, place: HOME },
    isHere: () => true,
    at: async () => snapshot,
    running: () => undefined,
  };
  return snapshot;
}
