import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { openPreviewsOf } from '../../../judgement/open-previews.js';
import { boundsOf } from '../../../judgement/preview-bounds.js';
import { previewPolicy } from '../../../policy/preview-policy.js';
import { clusterFolder, deployedFolder, ROOT_FILE } from '../../../preview-records/paths.js';
import { readCluster, unknownReconciler } from '../../../reconcilers/cluster.js';
import { openRepository } from '../../../repository/open-repository.js';
import { NOBODY } from '../../../repository/repository-state.js';
import { sharingOf } from '../../../repository/workspaces.js';
import { pauseBefore } from '../../../tree/tree-commit.js';
import { readState } from '../branch/read-state.js';
import { previewsItems } from '../branch/tree-items.js';
import { writeBranch } from '../branch/write-branch.js';
import { keepClusterFolder } from '../plan/cluster-list.js';
import { PreviewChanges } from '../plan/preview-changes.js';
import { checkBranch } from './check-branch.js';

/** What makes a cluster take previews from their branch. */
export interface PreviewsSetUp {
  /** The branch that previews are on. */
  branch: string;
  /** Whether it was missing: it is made, or would be in a dry run. */
  missing: boolean;
  /** Path of the file for the deployed branch, its text, and whether the cluster has such objects already. */
  file: string;
  text: string;
  there: boolean;
  /** Whether these confine previews to their namespaces, as the policy says. */
  isConfined: boolean;
  /** What else has to be done so that the cluster applies the file, a sentence each. */
  also: string[];
}

const ATTEMPTS = 10;

/**
 * Makes the branch of previews, so that it is there before anything points to it, and says what points the cluster to it and confines
 * previews to their namespaces. Safe to repeat.
 *
 * @param repoURL address of the ops repository, for where no object of the cluster has one
 * @throws Error for people when the repository cannot be read or written, or nothing shows what deploys in the cluster
 */
export async function setUpPreviews(ops: Connected, repoURL: string, dryRun: boolean): Promise<PreviewsSetUp> {
  const repository = nameOf(ops);
  const operation = { doing: 'read the previews', repository, permission: 'contents: read' };
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const open = await openRepository(ops, NOBODY, () => {});
    const { tree, policy, repo } = open;
    const previews = previewPolicy(policy);
    checkBranch(previews.branch, repo.base, policy.environments);
    const [cluster, state] = await attempt(operation, () =>
      Promise.all([readCluster(tree, previews.host, previews.reconciler), readState(open, previews)]),
    );
    if (cluster.reconciler === undefined) {
      throw new Error(unknownReconciler(cluster, policy.previews !== undefined));
    }
    const missing = state.branch.head === undefined;
    const changes = new PreviewChanges(state.branch.tree);
    await attempt(operation, () => keepClusterFolder(tree, previews, changes));
    const message = { headline: `previews: the branch ${previews.branch}`, body: '' };
    const items = previewsItems({ ...state, deployed: { ...state.deployed, records: [] } }, changes.change, new Map());
    const written = dryRun || !missing ? undefined : await writeBranch(ops, state, items, message, repo.repositoryId);
    if (written !== undefined && 'reason' in written) {
      await pauseBefore(attempts);
      continue;
    }
    const sharing = sharingOf(policy, ops.repository);
    const bounds = boundsOf(previews, sharing);
    const target = { ...cluster, branch: previews.branch, repositoryUrl: repoURL };
    return {
      ...{ branch: previews.branch, missing, file: `${deployedFolder(previews.host)}/${ROOT_FILE}` },
      text: cluster.reconciler.previews.confinedObject(clusterFolder(previews.host), target, bounds),
      there: cluster.reconciler.previews.isIn(target),
      isConfined: openPreviewsOf(cluster, previews, sharing) === undefined,
      also:
        cluster.listed === undefined
          ? []
          : [
              `${cluster.folder}/kustomization.yaml has to list "previews" in its resources, and ` +
                `${deployedFolder(previews.host)}/kustomization.yaml has to list ${ROOT_FILE}.`,
            ],
    };
  }
  throw new Error(`${repository} kept changing while the branch of previews was made in it. Run it again.`);
}
