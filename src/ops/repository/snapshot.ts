import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { locateOverlays } from '../layouts/locate-overlays.js';
import type { Layout } from '../overlays/layout.js';
import { type Hold, readHolds } from '../policy/holds.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { type OpenRepository, openRepository } from './open-repository.js';
import { readFolders } from './read-folders.js';
import type { People } from './repository-state.js';

/** An open ops repository with all that says where apps run and what may change: what verbs plan on. */
export interface Snapshot extends OpenRepository {
  holds: readonly Hold[];
  layout: Layout;
  /** Reads whole overlays into `tree`, many of them in few requests. */
  readOverlays(appEnvironments: readonly AppEnvironment[]): Promise<void>;
}

/**
 * Opens an ops repository and reads its holds and where its overlays are: one request, and up to three where
 * neither the policy nor the root of the tree tells that.
 *
 * @throws Error when it cannot be read, its policy or holds are broken, or nothing tells where overlays are
 */
export async function takeSnapshot(ops: Connected, people: People, warn: (message: string) => void): Promise<Snapshot> {
  const open = await openRepository(ops, people, warn);
  const { repo, policy, opsTree } = open;
  const holds = readHolds(repo.holdsText);
  const operation = { doing: 'read the files', repository: nameOf(ops), permission: 'contents: read' };
  const layout = await attempt(operation, () => locateOverlays(open.tree, policy));
  return {
    ...{ ...open, holds, layout: { ...layout, branch: repo.base } },
    readOverlays: (appEnvironments) =>
      attempt(operation, () => readFolders(opsTree, repo.baseOid, layout, appEnvironments)),
  };
}
