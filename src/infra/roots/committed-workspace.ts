import { posix } from 'node:path';
import { INFRA_FILE } from '../config/infra-config.js';
import type { Root, Roots } from './find-roots.js';

/** Where the tool keeps the workspace that somebody selected. @see https://opentofu.org/docs/language/state/workspaces/ */
const SELECTED = '.terraform/environment';

/**
 * What is wrong where a root's workspace is the one that somebody selected and committed by mistake: its plan would be of another
 * state than that of the root.
 *
 * @param env of the tool
 * @returns sentences; `undefined` where nothing is committed, or something stronger says the workspace
 */
export function committedWorkspace(
  { folder, settings }: Root,
  { files }: Roots,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const path = posix.join(folder, SELECTED);
  return settings.workspace !== undefined || env.TF_WORKSPACE !== undefined || !files.paths.includes(path)
    ? undefined
    : `${path} is in git, and the tool would take the workspace that it names. Take it out (git rm --cached ${path}), and where the root is to have another workspace than the default one, say so in ${INFRA_FILE}: "workspace" of the root.`;
}
