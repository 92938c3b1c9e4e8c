import { runCommand } from '../../src/local/spawner/spawner.js';
import type { LocalRepository, Stage } from '../../src/local/stage.js';

export interface GitOptions {
  /** More variables than `PATH`. */
  env?: Record<string, string>;
  /** What it reads from standard input. */
  input?: string;
}

/**
 * Runs git in a folder, without the user's settings.
 *
 * @returns what it prints, without the last line end
 * @throws Error in git's words
 */
export async function git(cwd: string, args: readonly string[], { env, input }: GitOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand({
    file: 'git',
    args,
    cwd,
    input,
    env: { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...env },
  });
  if (code !== 0) {
    throw new Error(`git ${args.join(' ')} failed with exit code ${code}: ${stderr.toString().trim()}`);
  }
  return stdout.toString().replace(/\n$/, '');
}

/**
 * Clones a repository of the stage into a folder: with its address on the stage as `origin`, and its objects straight from
 * the disk, which takes a third of the processes.
 *
 * @param options of `git clone`
 */
export async function clone(stage: Stage, repository: LocalRepository, folder: string, options: readonly string[]) {
  const url = `${stage.serverUrl}/${repository.name}`;
  await git(folder, [...fromDisk(stage, repository), 'clone', '--quiet', ...options, url, '.']);
}

/** Options that make git take from the disk what is at the repository's address. */
export function fromDisk(stage: Stage, repository: LocalRepository): string[] {
  return ['-c', `url.file://${repository.gitDir}.insteadOf=${stage.serverUrl}/${repository.name}`];
}
