import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Git, openGit } from '../../../src/release/git/git.js';

const run = promisify(execFile);

/** A real git repository in a temporary folder, gone at the end of its block. */
export interface TempRepository extends AsyncDisposable {
  folder: string;
  /** Runs git here and gives its output without the last line end. */
  git(...args: string[]): Promise<string>;
  /** Writes files and commits them. @returns the commit's id */
  commit(message: string, files?: Record<string, string>): Promise<string>;
  /** Merges a branch with a merge commit, however it could be done. @returns the commit's id */
  merge(branch: string, message: string): Promise<string>;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@acme.dev',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@acme.dev',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Makes an empty repository with the branch `main`. */
export async function tempRepository(): Promise<TempRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-git-'));
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: folder, env: { ...process.env, ...IDENTITY } })).stdout.replace(/\n$/, '');
  await git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    async commit(message, files = {}) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
        await git('add', '--', path);
      }
      await git('commit', '--quiet', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    async merge(branch, message) {
      await git('merge', '--quiet', '--no-ff', '-m', message, branch);
      return git('rev-parse', 'HEAD');
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Our git on a folder, with another folder as its server. */
export function openFolder(cwd: string, server = '/nowhere'): Git {
  const [, parent = '', name = ''] = /^(.*)\/([^/]+)$/.exec(server) ?? [];
  return openGit({ cwd, serverUrl: `file://${parent}`, repository: name, token: 'token' });
}
