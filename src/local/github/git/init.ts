import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './run.js';

/**
 * Makes an empty bare repository with the settings of the stage.
 *
 * @param gitDir the folder; it and its parents are created
 * @param defaultBranch what `HEAD` names, without `refs/heads/`
 * @param hooksDir folder of the hooks that check pushes
 * @throws Error with git's message
 */
export async function initBareRepository(gitDir: string, defaultBranch: string, hooksDir: string): Promise<void> {
  await mkdir(gitDir, { recursive: true });
  await git(gitDir, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`]);
  await appendFile(join(gitDir, 'config'), configFor(hooksDir));
}

/** Sets `HEAD` to a branch, which need not exist. */
export async function setHead(gitDir: string, branch: string): Promise<void> {
  await git(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}

/** Pushes stay loose objects, and nothing is packed in the background. */
function configFor(hooksDir: string): string {
  return `[core]
	hooksPath = ${hooksDir}
[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	autogc = false
	unpackLimit = 2000
[gc]
	auto = 0
`;
}
