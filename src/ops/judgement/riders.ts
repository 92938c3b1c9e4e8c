import { posix } from 'node:path';
import { RECORD } from '../../materialize/manifests/record.js';
import { PARTS } from '../../materialize/manifests/remote-parts.js';
import type { Layout } from '../overlays/layout.js';
import { appsOfPath, overlaysOfPath } from '../overlays/overlays-of-path.js';
import { HOLDS_FILE } from '../policy/holds.js';
import type { Verdict } from './judge.js';
import { changesOnlyVersions, type WentBack } from './only-versions.js';
import type { SideFiles } from './side-files.js';

/** What a change alters in one environment. */
export interface EnvironmentChange {
  environment: string;
  layout: Layout;
  /** The changed paths that are the environment's. */
  paths: readonly string[];
  before: SideFiles;
  after: SideFiles;
}

/** A version that a change sets in the environment. */
interface MovedApp extends WentBack {
  /** Whether it goes back to what the environment held. */
  isBack: boolean;
}

/** What comes along with the versions that a change sets in an environment. */
export interface Riders {
  /** Whether all of it is in files of these apps, or in what they share. */
  isOnly: boolean;
  /** Files of the apps that say something else than a version anew, where one of the versions goes back. */
  riding: readonly string[];
}

/**
 * What comes along with versions. A rollback goes past freezes and needs no other person because it brings nothing new: an edit
 * that rides along would be new. What is forced was looked at by whoever stands behind it, with the patches that come with it.
 */
export async function ridersOf(change: EnvironmentChange, moves: readonly MovedApp[]): Promise<Riders> {
  const { environment, layout, paths } = change;
  const apps = new Set(moves.map(({ app }) => app));
  const isOnly = paths.every(
    (path) =>
      path === HOLDS_FILE ||
      isRecord(layout, path) ||
      appsOfPath(layout, environment, path)?.every((app) => apps.has(app)) === true,
  );
  const back = moves.filter(({ isBack }) => isBack);
  return { isOnly, riding: isOnly && back.length > 0 ? await editedIn(change, back) : [] };
}

/**
 * Why all of a change may go past freezes: each of its versions may, and nothing rides along.
 *
 * @param exempt why each of its versions may; `undefined` for one that may not
 */
export function wholeExemption(
  { isOnly, riding }: Riders,
  exempt: readonly (string | undefined)[],
): string | undefined {
  const isAll = isOnly && riding.length === 0 && exempt.every((reason) => reason !== undefined);
  return isAll ? exempt[0] : undefined;
}

/** Whether it is what materialize keeps of what it wrote, which changes with that. */
function isRecord({ isRendered }: Layout, path: string): boolean {
  return isRendered === true && [RECORD, PARTS].includes(posix.basename(path));
}

/** Says of a rollback that is not let in yet what rides along with it. */
export function withRiding(verdict: Verdict, { riding }: Riders): Verdict {
  return riding.length === 0 || verdict.state !== 'pending'
    ? verdict
    : {
        ...verdict,
        reason: `${verdict.reason} It is no rollback alone: ${riding.join(', ')} ${riding.length === 1 ? 'changes' : 'change'} in more than versions.`,
      };
}

async function editedIn(
  { environment, layout, paths, before, after }: EnvironmentChange,
  back: readonly WentBack[],
): Promise<string[]> {
  // In a group, what was promoted with a version goes back with it: patches, and what refers to them.
  const own = paths.filter(
    (path) =>
      path !== HOLDS_FILE &&
      overlaysOfPath(layout, path).some((overlay) => overlay.environment === environment && overlay.app !== ''),
  );
  const all = await Promise.all(
    own.map(async (path) => ((await changesOnlyVersions(before, after, path, back)) ? [] : [path])),
  );
  return all.flat();
}
