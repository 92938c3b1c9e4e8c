import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, isRequestFailure } from '../../github/errors.js';
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
  /** Why nobody can tell where overlays are; missing where it is known. */
  unclear?: Error;
  /** Reads whole overlays into `tree`, many of them in few requests. */
  readOverlays(appEnvironments: readonly AppEnvironment[]): Promise<void>;
}

/**
 * Opens an ops repository and reads its holds and where its overlays are: one request, and up to three where
 * neither the policy nor the root of the tree tells that.
 *
 * @throws Error when it cannot be read, its policy or holds are broken, or nothing tells where overlays are
 */
export function takeSnapshot(ops: Connected, people: People, warn: (message: string) => void): Promise<Snapshot> {
  return snapshotWith(ops, people, warn, (error) => {
    throw error;
  });
}

/**
 * The same for what works wherever overlays are, such as an emergency stop: where nothing tells that, there are none, and the
 * snapshot says why.
 *
 * @throws Error when it cannot be read, or its policy or holds are broken
 */
export function takeSnapshotAnyway(ops: Connected, people: People, warn: (message: string) => void): Promise<Snapshot> {
  return snapshotWith(ops, people, warn, (error) => error);
}

async function snapshotWith(
  ops: Connected,
  people: People,
  warn: (message: string) => void,
  onUnclear: (error: Error) => Error,
): Promise<Snapshot> {
  const open = await openRepository(ops, people, warn);
  const { repo, policy, opsTree } = open;
  const holds = readHolds(repo.holdsText);
  const operation = { doing: 'read the files', repository: nameOf(ops), permission: 'contents: read' };
  const located = await attempt(operation, async () => {
    try {
      return { layout: await locateOverlays(open.tree, policy) };
    } catch (error) {
      if (isRequestFailure(error) || !(error instanceof Error)) {
        throw error;
      }
      return { layout: { templates: [] }, unclear: onUnclear(error) };
    }
  });
  const { layout } = located;
  return {
    ...{ ...open, holds, ...located, layout: { ...layout, branch: repo.base, repository: nameOf(ops) } },
    readOverlays: (appEnvironments) =>
      attempt(operation, () => readFolders(opsTree, repo.baseOid, layout, appEnvironments)),
  };
}
