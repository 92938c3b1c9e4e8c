import type { Git } from '../../git/git.js';

/** One commit, as git has it. */
export interface Commit {
  sha: string;
  parents: string[];
  /** Name of the author; the address is not read. */
  author: string;
  /** Whether GitHub made it: a merge, or a pull request that was squashed or rebased there. */
  madeByGitHub?: true;
  /** The whole message. */
  message: string;
  /** Paths it changes against its first parent, a merge too; of a rename the old and the new one. */
  paths: string[];
  /** Of a merge, the paths that are in none of its parents as they are in it; without those there are none. */
  own?: readonly string[];
}

const FIELDS = ['%H', '%P', '%an', '%ce', '%B'];

/** Address of the committer of what is merged on GitHub's pages or through its API. */
const GITHUB = 'noreply@github.com';

/**
 * Reads commits in one git process, and one more for the merges among them, in the order given.
 *
 * @param shas full ids, all in the local repository
 */
export async function readCommits(git: Git, shas: readonly string[]): Promise<Commit[]> {
  if (shas.length === 0) {
    return [];
  }
  const flags = ['--no-show-signature', '--no-notes', '--no-decorate', '--no-color', '--no-ext-diff', '--no-mailmap'];
  const diff = ['--raw', '--no-renames', '--no-relative', '--diff-merges=first-parent', '--ignore-submodules=none'];
  const output = await git.read(
    ['log', '-z', ...flags, ...diff, `--format=${FIELDS.join('%x00')}`, '--no-walk=unsorted', '--stdin'],
    shas.map((sha) => `${sha}\n`).join(''),
  );
  const commits = parseLog(output);
  const own = await readOwnPaths(git, commits);
  return commits.map((commit) => {
    const paths = own.get(commit.sha) ?? [];
    return paths.length === 0 ? commit : { ...commit, own: paths };
  });
}

/** What merges changed themselves: a line of `diff-tree -c` has as many colons as there are parents. */
async function readOwnPaths(git: Git, commits: readonly Commit[]): Promise<Map<string, string[]>> {
  const merges = commits.filter(({ parents }) => parents.length > 1);
  const flags = ['-c', '-r', '-z', '--raw', '--no-renames', '--no-relative', '--ignore-submodules=none'];
  const output =
    merges.length === 0
      ? ''
      : await git.read(['diff-tree', '--stdin', ...flags], merges.map(({ sha }) => `${sha}\n`).join(''));
  const parts = output.split('\0');
  const own = new Map<string, string[]>();
  let paths: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? '';
    if (part.startsWith('::')) {
      at++;
      paths.push(parts[at] ?? '');
    } else {
      paths = [];
      own.set(part, paths);
    }
  }
  return own;
}

/**
 * Reads the output of `git log -z --raw` with `FIELDS`. It is unambiguous: no field holds a NUL, the number of fields is
 * fixed, and a raw line begins with a colon, which a commit id never does.
 */
export function parseLog(output: string): Commit[] {
  const parts = output.split('\0');
  const commits: Commit[] = [];
  let at = 0;
  while (at + FIELDS.length <= parts.length) {
    const [sha = '', parents = '', author = '', committer = '', message = ''] = parts.slice(at, at + FIELDS.length);
    at += FIELDS.length;
    const paths: string[] = [];
    while (/^\n?:/.test(parts[at] ?? '')) {
      paths.push(parts[at + 1] ?? '');
      at += 2;
    }
    commits.push({
      sha,
      parents: parents.split(' ').filter((id) => id !== ''),
      author,
      ...(committer === GITHUB ? { madeByGitHub: true } : {}),
      message,
      paths,
    });
  }
  return commits;
}
