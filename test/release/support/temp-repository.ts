import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Git, openGit } from '../../../src/git/git.js';
import { git as runGit } from '../../support/git.js';

/** A real git repository in a temporary folder, gone at the end of its block. */
export interface TempRepository extends AsyncDisposable {
  folder: string;
  /** Runs git here and gives its output without the last line end. */
  git(...args: string[]): Promise<string>;
  /** Writes files and commits them. @returns the commit's id */
  commit(message: string, files?: Record<string, string>): Promise<string>;
  /** Adds a line of commits to the checked-out branch, fast. @returns their ids, oldest first */
  commits(count: number, message: (number: number) => string): Promise<string[]>;
  /** Merges a branch with a merge commit, however it could be done. @returns the commit's id */
  merge(branch: string, message: string): Promise<string>;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@acme.dev',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@acme.dev',
};

/** Makes an empty repository with the branch `main`. */
export async function tempRepository(): Promise<TempRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-git-'));
  const git = (...args: string[]) => runGit(folder, args, { env: IDENTITY });
  await git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    async commit(message, files = {}) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
        await git('--literal-pathspecs', 'add', '--', path);
      }
      await git('commit', '--quiet', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    async commits(count, message) {
      const branch = await git('symbolic-ref', 'HEAD');
      const tip = await git('for-each-ref', '--format=%(objectname)', branch);
      const stream = Array.from({ length: count }, (_none, number) => {
        const text = message(number);
        const from = number === 0 && tip !== '' ? `from ${tip}\n` : '';
        return (
          `commit ${branch}\nmark :${number + 1}\ncommitter Ada <ada@acme.dev> ${1_700_000_000 + number} +0000\n` +
          `data ${Buffer.byteLength(text)}\n${text}\n${from}M 644 inline line\ndata ${String(number).length}\n${number}\n`
        );
      }).join('');
      await runGit(folder, ['fast-import', '--quiet'], { input: stream });
      await git('reset', '--quiet', '--hard');
      return (await git('rev-list', '--reverse', `--max-count=${count}`, 'HEAD')).split('\n');
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
