import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../../git/ask-server.js';
import { type Git, openGit } from '../../git/git.js';
import { type Checkout, checkoutAt } from '../checkout.js';

/** Whom a token may be sent to. */
export interface Credentials {
  /** `https://github.com`. */
  serverUrl: string;
  owner: string;
  token: string | undefined;
}

/** A git repository that a definition names. */
export interface GitAddress {
  origin: string;
  /** `owner/name`, or whatever way there is on another host. */
  path: string;
}

/**
 * Reads the URL of a repository.
 *
 * @returns `undefined` for what is not fetched: anything but https, and http of this machine
 */
export function parseGitUrl(url: string): GitAddress | undefined {
  if (!isFetchable(url)) {
    return undefined;
  }
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/^\/|\/$/g, '').replace(/\.git$/, '');
  return path === '' ? undefined : { origin, path };
}

/** Whether a URL is https, or http of this machine, and says no password. */
export function isFetchable(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname, username, password } = new URL(url);
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return (protocol === 'https:' || isHere) && username === '' && password === '';
}

/** The token goes to repositories of the run's own owner, and to nobody else. */
function gitIn(cwd: string, { origin, path }: GitAddress, credentials: Credentials): Git {
  const [owner] = path.split('/');
  const isOwn = origin === new URL(credentials.serverUrl).origin && owner === credentials.owner;
  return openGit({ cwd, serverUrl: origin, repository: path, token: isOwn ? credentials.token : undefined });
}

/**
 * The newest commit of a branch.
 *
 * @param branch `undefined` for the repository's default branch
 * @throws Error where there is no such branch, or the repository does not answer
 */
export async function newestCommit(
  cwd: string,
  address: GitAddress,
  branch: string | undefined,
  credentials: Credentials,
): Promise<string> {
  const git = gitIn(cwd, address, credentials);
  const ref = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
  const answer = await askServer(git, ['ls-remote', '--', git.url, ref]);
  if (!answer.ok) {
    throw new Error(`${git.url} does not answer: ${answer.problem}`);
  }
  const line = answer.stdout.split('\n').find((each) => each.endsWith(`\t${ref}`));
  const commit = line?.split('\t')[0] ?? '';
  if (!/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error(`${git.url} has no branch ${branch ?? 'that is its default'}.`);
  }
  return commit;
}

/**
 * Brings one commit of a repository to a new folder, without its history, submodules and large files.
 *
 * @throws Error where the commit is not there
 */
export async function fetchCommit(
  scratch: string,
  address: GitAddress,
  commit: string,
  credentials: Credentials,
): Promise<Checkout> {
  const folder = join(scratch, commit);
  await mkdir(folder, { recursive: true });
  const git = gitIn(folder, address, credentials);
  await git.read(['init', '--quiet']);
  const answer = await askServer(git, ['fetch', '--quiet', '--depth=1', '--no-tags', '--', git.url, commit]);
  if (!answer.ok) {
    throw new Error(`${git.url} does not give the commit ${commit}: ${answer.problem}`);
  }
  await git.read(['-c', 'filter.lfs.smudge=', '-c', 'filter.lfs.required=false', 'checkout', '--quiet', commit]);
  return checkoutAt(folder, `${git.url}@${commit.slice(0, 7)}`);
}
