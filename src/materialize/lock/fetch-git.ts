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
  const isHere = protocol === 'http:' && isLoopback(hostname);
  return (protocol === 'https:' || isHere) && username === '' && password === '';
}

/** Whether a host is this machine, where http is as good. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(host);
}

/** The token goes to repositories of the run's own owner, and to nobody else. */
function gitIn(cwd: string, { origin, path }: GitAddress, credentials: Credentials): Git {
  const [owner] = path.split('/');
  const isOwn =
    origin === new URL(credentials.serverUrl).origin && owner?.toLowerCase() === credentials.owner.toLowerCase();
  return openGit({ cwd, serverUrl: origin, repository: path, token: isOwn ? credentials.token : undefined });
}

/**
 * The newest commit of a branch, or that of a tag.
 *
 * @param name `undefined` for the repository's default branch
 * @throws Error where there is neither or both, or the repository does not answer
 */
export async function newestCommit(
  cwd: string,
  address: GitAddress,
  name: string | undefined,
  credentials: Credentials,
): Promise<string> {
  const git = gitIn(cwd, address, credentials);
  const refs = name === undefined ? ['HEAD'] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/tags/${name}^{}`];
  const answer = await askServer(git, ['ls-remote', '--', git.url, ...refs]);
  if (!answer.ok) {
    throw new Error(`${git.url} does not answer: ${answer.problem}`);
  }
  const found = new Map(answer.stdout.split('\n').map((line) => [line.slice(41), line.slice(0, 40)]));
  // A tag with a message is an object of its own, and leads to its commit.
  const [branch, tag, peeled] = refs.map((ref) => found.get(ref));
  const commit = branch ?? peeled ?? tag;
  if (branch !== undefined && tag !== undefined) {
    throw new Error(`${git.url} has a branch and a tag ${name ?? ''}. Expected one of them: name a commit.`);
  }
  if (commit === undefined || !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error(`${git.url} has no branch ${name === undefined ? 'that is its default' : `or tag ${name}`}.`);
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
