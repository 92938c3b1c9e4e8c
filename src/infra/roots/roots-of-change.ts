import { posix } from 'node:path';
import type { Git } from '../../git/git.js';
import { INFRA_FILE, type InfraConfig, readInfraConfig } from '../config/infra-config.js';
import { type Affected, affectedRoots, allRoots } from './affected-roots.js';
import { findRoots, type Roots } from './find-roots.js';
import type { InfraChange } from './read-change.js';
import { readInfraFiles, readTextAt } from './read-files.js';
import { refuseUnclearRoots } from './refuse-unclear-roots.js';

/** The roots that a run is about. */
export interface RootsOfChange {
  /** All roots of the commit. */
  roots: Roots;
  /** Those of the commit before it, where there is one. */
  before: Roots | undefined;
  affected: Affected;
  /** What `ostack.yaml` of the commit says. */
  config: InfraConfig;
  /** That of the commit before it, where it could be read. */
  configBefore: InfraConfig | undefined;
  stateful: readonly string[];
  tool: 'tofu' | 'terraform' | undefined;
}

/**
 * Reads the roots of a commit, and which of them a change reaches.
 *
 * @throws ConfigError where `ostack.yaml` is wrong; that of the commit before it is then as if it were not there
 * @throws Error where nobody could tell which roots there are: see `refuseUnclearRoots`
 */
export async function rootsOfChange(git: Git, { commit, change }: InfraChange): Promise<RootsOfChange> {
  const config = readInfraConfig(await readTextAt(git, commit, INFRA_FILE));
  const roots = findRoots(await readInfraFiles(git, commit, settingsFiles(config)), config);
  const { stateful, tool } = config;
  if (change === undefined) {
    refuseUnclearRoots(config, roots, undefined);
    return { roots, before: undefined, affected: allRoots(roots), config, configBefore: undefined, stateful, tool };
  }
  const before = await rootsAt(git, change.base);
  refuseUnclearRoots(config, roots, before.roots);
  const affected = affectedRoots(before.roots, roots, change.paths);
  return { roots, before: before.roots, affected, config, configBefore: before.config, stateful, tool };
}

async function rootsAt(git: Git, commit: string): Promise<{ roots: Roots; config: InfraConfig | undefined }> {
  const text = await readTextAt(git, commit, INFRA_FILE);
  let config: InfraConfig | undefined;
  try {
    config = readInfraConfig(text);
  } catch {
    // It was broken before the change, which may be what mends it.
  }
  const used = config ?? readInfraConfig(undefined);
  return { roots: findRoots(await readInfraFiles(git, commit, settingsFiles(used)), used), config };
}

/** Files that give settings of backends. */
function settingsFiles({ roots }: InfraConfig): string[] {
  return roots.flatMap(({ path, backendConfig }) => backendConfig.map((file) => posix.join(path, file)));
}

/**
 * The roots that are meant: those that the change reaches, or those that are named, whether it reaches them or not.
 *
 * @throws Error naming a root that is not there
 */
export function meantRoots(
  { roots, affected }: RootsOfChange,
  only: readonly string[] | undefined,
): Pick<Affected, 'roots' | 'deleted'> {
  if (only === undefined) {
    return affected;
  }
  const deleted = affected.deleted.filter(({ name }) => only.includes(name));
  const named = only.filter((name) => !deleted.some((root) => root.name === name));
  return {
    deleted,
    roots: named.map((name) => {
      const root = roots.roots.find((each) => each.name === name);
      if (root === undefined) {
        throw new Error(
          `Input "roots" has "${name}", and there is no such root. There are: ${roots.roots.map((each) => each.name).join(', ')}.`,
        );
      }
      return affected.roots.find((each) => each.root.name === name) ?? { root, because: 'it is named', after: [] };
    }),
  };
}
