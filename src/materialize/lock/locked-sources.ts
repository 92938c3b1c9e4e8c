import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../checkout.js';
import type { GitSource } from '../hld/parts.js';
import type { RemoteSources } from '../sources/source.js';
import type { Tools } from '../sources/tools.js';
import { type ChartPackage, pullChart } from './fetch-chart.js';
import { fetchFile } from './fetch-file.js';
import { type Credentials, fetchCommit, newestCommit, parseGitUrl } from './fetch-git.js';
import type { Lock } from './lock-file.js';
import { registryLogin } from './registry-login.js';

type ChartAsked = Parameters<RemoteSources['chart']>[0];

/** How remote parts are brought. */
export interface LockedSourcesOptions {
  /** What they were resolved to before. */
  lock: Lock;
  /** Where the lock is, for messages. */
  lockFile: string;
  /** Whether they are resolved anew, or have to be as the lock says. */
  update: boolean;
  /** Whether a source is a branch that an environment lives on. */
  isFollowed: (source: GitSource) => boolean;
  /** Whether these alone are resolved anew, and what no lock has yet. */
  followedOnly: boolean;
  /** A folder of this machine that goes when the run does. */
  scratch: string;
  credentials: Credentials;
  tools: Tools;
}

/** Remote parts of a definition, each fetched once, at what the lock says: the same lock gives the same bytes. */
export class LockedSources implements RemoteSources {
  readonly #options: LockedSourcesOptions;
  readonly #checkouts = new Map<string, Promise<Checkout>>();
  readonly #charts = new Map<string, Promise<ChartPackage>>();
  readonly #files = new Map<string, Promise<string>>();
  /** What was used, which is the lock of the next run. */
  readonly used: Lock = { git: [], charts: [], files: [] };

  constructor(options: LockedSourcesOptions) {
    this.#options = options;
  }

  git = (source: GitSource): Promise<Checkout> =>
    once(this.#checkouts, [source.url, source.branch, source.commit], () => this.#git(source));

  chart = async (asked: ChartAsked): Promise<string> => {
    const key = [asked.repository, asked.chart, asked.version, asked.user];
    return (await once(this.#charts, key, () => this.#chart(asked))).path;
  };

  file = (url: string): Promise<string> => once(this.#files, [url], () => this.#file(url));

  async folder(): Promise<string> {
    const { scratch } = this.#options;
    await mkdir(scratch, { recursive: true });
    return mkdtemp(join(scratch, 'source-'));
  }

  async #git(source: GitSource): Promise<Checkout> {
    const { url, branch, commit } = source;
    const { lock, scratch, credentials, isFollowed } = this.#options;
    const address = parseGitUrl(url);
    if (address === undefined) {
      throw new Error(
        `${url} is not fetched: expected the URL of a git repository that begins with https:// and has no password in it.`,
      );
    }
    if (commit !== undefined && !/^[0-9a-f]{40}$/.test(commit)) {
      throw new Error(
        `${url} has the version ${commit}, expected a commit of 40 hex digits. Say \`branch\` for a branch.`,
      );
    }
    const known = lock.git.find((each) => each.source === url && each.branch === branch)?.commit;
    const what = branch === undefined ? url : `${url} (${branch})`;
    const pinned =
      commit ??
      this.#pinned(known, what, isFollowed(source)) ??
      (await newestCommit(scratch, address, branch, credentials));
    if (commit === undefined) {
      this.used.git.push({ source: url, ...(branch === undefined ? {} : { branch }), commit: pinned });
    }
    return fetchCommit(await this.folder(), address, pinned, credentials);
  }

  async #chart({ repository, chart, version, user }: ChartAsked): Promise<ChartPackage> {
    const { lock, scratch, tools, credentials } = this.#options;
    await tools.helm();
    const known = lock.charts.find(
      (each) => each.repository === repository && each.chart === chart && each.asked === version && each.for === user,
    );
    const what = [`the chart ${chart}`, version, `of ${repository}`, user && `for ${user}`];
    const pinned = this.#pinned(known, what.filter((word) => word !== undefined).join(' '));
    const login = registryLogin(repository, credentials);
    const found = await pullChart(scratch, repository, chart, pinned?.version ?? version, login);
    this.#same(`The chart ${chart} ${found.version} of ${repository}`, pinned?.digest, found.digest);
    const asked = { ...(version !== undefined && { asked: version }), ...(user !== undefined && { for: user }) };
    this.used.charts.push({ repository, chart, ...asked, version: found.version, digest: found.digest });
    return found;
  }

  async #file(url: string): Promise<string> {
    const known = this.#options.lock.files.find((each) => each.url === url)?.digest;
    const pinned = this.#pinned(known, url);
    const { text, digest } = await fetchFile(url);
    this.#same(url, pinned, digest);
    this.used.files.push({ url, digest });
    return text;
  }

  #same(what: string, expected: string | undefined, found: string): void {
    if (expected !== undefined && expected !== found) {
      const { lockFile } = this.#options;
      throw new Error(
        `${what} is not what ${lockFile} says: expected ${expected}, found ${found}. Somebody published it again. Look at what changed, then say \`update: true\`.`,
      );
    }
  }

  /** What a part has to be; `undefined` where it is resolved anew. @param isFollowed whether it is the branch of an environment */
  #pinned<T>(known: T | undefined, what: string, isFollowed = false): T | undefined {
    const { update, followedOnly } = this.#options;
    if (update) {
      return followedOnly && !isFollowed ? known : undefined;
    }
    return known ?? this.#unpinned(what);
  }

  #unpinned(what: string): never {
    const { lockFile } = this.#options;
    throw new Error(
      `${what} is in no ${lockFile}, so another run could get something else. Run materialize with \`update: true\` once, and commit the file that it writes.`,
    );
  }
}

/** Does something once for a key. */
function once<T>(
  known: Map<string, Promise<T>>,
  key: readonly (string | undefined)[],
  body: () => Promise<T>,
): Promise<T> {
  const name = JSON.stringify(key);
  const value = known.get(name) ?? body();
  known.set(name, value);
  return value;
}
