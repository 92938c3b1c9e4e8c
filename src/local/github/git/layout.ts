import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of a new repository; git takes one for a repository when it has `objects` and `refs`. */
const FOLDERS = ['info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'];

/**
 * Writes what `git init --bare` would make, with the settings of the stage, without starting git.
 *
 * @param gitDir the folder, made where it is missing
 * @param defaultBranch what `HEAD` names, without `refs/heads/`
 * @param hooksDir folder of the hooks that guard pushes
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export function writeLayout(gitDir: string, defaultBranch: string, hooksDir: string): void {
  for (const folder of FOLDERS) {
    mkdirSync(join(gitDir, folder), { recursive: true });
  }
  writeFileSync(join(gitDir, 'config'), configFor(hooksDir));
  writeHead(gitDir, defaultBranch);
}

/** Points `HEAD` at a branch, whether or not it is there. */
export function writeHead(gitDir: string, branch: string): void {
  writeFileSync(join(gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}

/** What is pushed stays loose, which the stage reads by itself (packs, it asks git for). */
function configFor(hooksDir: string): string {
  return `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
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
