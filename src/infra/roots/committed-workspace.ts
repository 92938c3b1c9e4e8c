import { posix } from 'node:path';
import { INFRA_FILE } from '../config/infra-config.js';
import type { Root, Roots } from './find-roots.js';

/** Where the tool keeps what it made of a root: the selected workspace, the place of the state, the folders of modules. */
const MADE = '.terraform';

/**
 * What is wrong where that is in git: the tool would take a workspace, a place of the state or modules from there, which nobody says
 * in the configuration, so a plan would be of another state than that of the root.
 *
 * @param env of the tool
 * @returns sentences; `undefined` where nothing of it is in git
 */
export function committedWorkspace(
  { folder }: Root,
  { files }: Pick<Roots, 'files'>,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const made = posix.join(folder, MADE);
  const found = files.paths.find((path) => path === made || path.startsWith(`${made}/`));
  return found === undefined || env.TF_DATA_DIR !== undefined
    ? undefined
    : `${found} is in git, and the tool would take from there what it made for somebody else: a workspace, the place of the state, modules. Take the folder out (git rm -r --cached ${made}). Where the root is to have another workspace than the default one, say so in ${INFRA_FILE}: "workspace" of the root.`;
}
