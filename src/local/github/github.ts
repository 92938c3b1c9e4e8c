import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from './git/commit.js';
import { createBareRepository, type Seed } from './git/seed.js';
import type { Fault, Faults } from './http/faults.js';
import type { Exchange, RequestLog, RequestRecord } from './http/record.js';
import type { Extension } from './http/server.js';
import type { Grant } from './world/accounts.js';
import { createCheckRun, updateCheckRun } from './world/checks.js';
import { writeFiles } from './world/commit-files.js';
import { queuePull } from './world/merge-group.js';
import { pullByNumber } from './world/pulls.js';
import type { Protection } from './world/records.js';
import { type Doer, followRefChanges, updateRefs } from './world/ref-changes.js';
import { Repository, type RepositorySettings } from './world/repository.js';
import { allows, type EventListener, type World } from './world/world.js';

export interface RepositoryOptions {
  defaultBranch?: string;
  private?: boolean;
  /** Nothing in it can be changed. */
  archived?: boolean;
  allowAutoMerge?: boolean;
  mergeMethods?: ('merge' | 'squash' | 'rebase')[];
  deleteBranchOnMerge?: boolean;
}

export interface CommitAuthor {
  name: string;
  email: string;
}

/** A commit as `log` lists it; the message without a newline at its end. */
export type LoggedCommit = Omit<Commit, 'oid'> & { sha: string };

/** One repository of the local GitHub, as tests and the demo handle it: with every right and past protection. */
export class LocalRepository {
  readonly #world: World;
  readonly #repository: Repository;
  readonly #doer: Doer;

  constructor(world: World, repository: Repository, doer: Doer) {
    this.#world = world;
    this.#repository = repository;
    this.#doer = doer;
  }

  /** Full name, `owner/name`. */
  get name(): string {
    return this.#repository.fullName;
  }

  get gitDir(): string {
    return this.#repository.gitDir;
  }

  get defaultBranch(): string {
    return this.#repository.defaultBranch;
  }

  /**
   * Commits on a branch as a push would.
   *
   * @param files new text by path; `null` deletes
   * @returns id of the commit
   */
  commit(
    branch: string,
    files: Record<string, string | null>,
    message: string,
    author?: CommitAuthor,
  ): Promise<string> {
    return this.#world.exclusive(async () => {
      const repository = this.#repository;
      const tip = await repository.branch(branch);
      const person = author ?? {
        name: this.#doer.account.login,
        email: `${this.#doer.account.login}@users.noreply.github.com`,
      };
      const signature = { ...person, date: this.#world.now(), offset: 0 };
      const contents = Object.entries(files).map(
        ([path, text]) => [path, text === null ? null : Buffer.from(text)] as const,
      );
      const to = await writeFiles(repository, {
        parent: tip ?? (await repository.branch(repository.defaultBranch)),
        files: new Map(contents),
        message,
        author: signature,
        committer: signature,
      });
      await updateRefs(this.#world, repository, this.#doer, [{ name: `refs/heads/${branch}`, from: tip ?? null, to }]);
      return to;
    });
  }

  /** Text of a file at a branch, tag or commit; `undefined` when it is not there. */
  async read(ref: string, path: string): Promise<string | undefined> {
    const object = await this.#repository.objects.read(`${ref}:${path}`);
    return object?.type === 'blob' ? object.content.toString('utf8') : undefined;
  }

  /** Commits of a branch, tag or commit along first parents, newest first. */
  async log(ref: string): Promise<LoggedCommit[]> {
    const commits: LoggedCommit[] = [];
    for (const oid of await this.#repository.history.list(['--first-parent', ref])) {
      const commit = await this.#repository.history.commit(oid);
      commits.push(...(commit === undefined ? [] : [logged(commit)]));
    }
    return commits;
  }

  /** All refs with the object each points at. */
  async refs(): Promise<Record<string, string>> {
    return Object.fromEntries(await this.#repository.refs.list());
  }

  /** Points a ref somewhere (`null` deletes it), past all rules, as a push would. */
  setRef(name: string, oid: string | null): Promise<void> {
    return this.#world.exclusive(() => updateRefs(this.#world, this.#repository, this.#doer, [{ name, to: oid }]));
  }

  /** Puts an open pull request into the merge queue: its branch appears and `merge_group` tells. @returns the branch's full name */
  queue(number: number): Promise<string> {
    const [world, repository, doer] = [this.#world, this.#repository, this.#doer];
    return world.exclusive(() => queuePull(world, repository, doer, pullByNumber(repository, number)));
  }

  /** Protects a branch. */
  protect(branch: string, rule: Protection): void {
    this.#repository.protections.set(branch, rule);
  }

  /** Takes protection off a branch. */
  unprotect(branch: string): void {
    this.#repository.protections.delete(branch);
  }

  /**
   * Reports a job of a workflow as a check run on a commit; the same key changes the same check run.
   *
   * @param job without a conclusion while it runs
   */
  async reportJob(job: { sha: string; name: string; key: string; conclusion?: string }): Promise<void> {
    await this.#world.exclusive(async () => {
      const world = this.#world;
      const repository = this.#repository;
      const caller = world.accounts.caller({ startsWorkflows: false }, 'github-actions[bot]');
      const known = repository.checkRuns.find((run) => run.externalId === job.key);
      const state =
        job.conclusion === undefined
          ? ({ status: 'in_progress', conclusion: null, completedAt: undefined } as const)
          : ({ status: 'completed', conclusion: job.conclusion, completedAt: world.now() } as const);
      if (known !== undefined) {
        await updateCheckRun(world, repository, caller, known, state);
        return;
      }
      await createCheckRun(world, repository, caller, {
        sha: job.sha,
        name: job.name,
        externalId: job.key,
        detailsUrl: null,
        startedAt: world.now(),
        output: { title: null, summary: null, text: null },
        ...state,
      });
    });
  }

  /** Tells GitHub of refs that something else than the server moved (a test with git on `gitDir`). */
  announce(name: string, before: string | undefined, after: string | undefined): Promise<void> {
    const change = { name, before, after };
    return this.#world.exclusive(() => followRefChanges(this.#world, this.#repository, this.#doer, [change]));
  }
}

function logged({ oid, ...commit }: Commit): LoggedCommit {
  return { ...commit, sha: oid, message: commit.message.replace(/\n$/, '') };
}

export interface GitHubParts {
  world: World;
  stateDir: string;
  hooksDir: string;
  faults: Faults;
  log: RequestLog;
  extensions: Map<string, Extension>;
}

/** The local GitHub as tests, the runner and the demo handle it. */
export class LocalGitHub {
  readonly #parts: GitHubParts;
  readonly #doer: Doer;

  constructor(parts: GitHubParts) {
    this.#parts = parts;
    this.#doer = { account: parts.world.accounts.get('octocat'), startsWorkflows: true };
  }

  /** Every request so far, oldest first; empty it with `.length = 0`. */
  get requests(): RequestRecord[] {
    return this.#parts.log.requests;
  }

  readonly faults: { add(fault: Fault): void; clear(): void } = {
    add: (fault) => this.#parts.faults.add(fault),
    clear: () => this.#parts.faults.clear(),
  };

  /**
   * Makes a repository. Private unless told otherwise.
   *
   * @param name `owner/name`
   */
  createRepository(name: string, seed?: Seed, options: RepositoryOptions = {}): Promise<LocalRepository> {
    return this.#create(name, seed, options);
  }

  /**
   * Forks a repository: its branches and tags under another owner. Pull requests come from it as `owner:branch`; its
   * own workflows do not run, as on GitHub before the owner of a fork turns them on.
   *
   * @param of full name of the repository
   * @param name full name of the fork
   * @throws Error when there is no such repository, or one of the new name already
   */
  async fork(of: string, name: string): Promise<LocalRepository> {
    const parent = this.#find(of);
    this.#parts.world.accounts.get(name.split('/')[0] ?? '', 'User');
    return this.#create(name, { git: parent.gitDir }, { private: parent.settings.private }, parent);
  }

  async #create(name: string, seed: Seed | undefined, options: RepositoryOptions, parent?: Repository) {
    const { world, stateDir, hooksDir } = this.#parts;
    const [owner = '', short = '', ...more] = name.split('/');
    if (owner === '' || short === '' || more.length > 0 || /[^\w.-]/.test(`${owner}${short}`)) {
      throw new Error(`A repository is named "owner/name", not "${name}".`);
    }
    if (world.repositories.has(name.toLowerCase())) {
      throw new Error(`There is a repository ${name} already.`);
    }
    const gitDir = join(stateDir, 'repositories', owner, `${short}.git`);
    await mkdir(gitDir, { recursive: true });
    const branch = await createBareRepository(gitDir, seed, options.defaultBranch ?? 'main', hooksDir);
    const settings: RepositorySettings = {
      private: options.private ?? true,
      archived: options.archived ?? false,
      allowAutoMerge: options.allowAutoMerge ?? false,
      mergeMethods: new Set(options.mergeMethods ?? ['merge', 'squash', 'rebase']),
      deleteBranchOnMerge: options.deleteBranchOnMerge ?? false,
    };
    const account = world.accounts.get(owner, 'Organization');
    const repository = new Repository(world.nextId(), account, short, gitDir, branch, settings, world.now(), parent);
    world.repositories.set(name.toLowerCase(), repository);
    return this.#handle(repository);
  }

  /** @throws Error when there is no such repository */
  repository(name: string): LocalRepository {
    return this.#handle(this.#find(name));
  }

  /** What is done to a fork by hand, its owner does. */
  #handle(repository: Repository): LocalRepository {
    const account = repository.parent === undefined ? this.#doer.account : repository.owner;
    return new LocalRepository(this.#parts.world, repository, { ...this.#doer, account });
  }

  #find(name: string): Repository {
    const repository = this.#parts.world.repositories.get(name.toLowerCase());
    if (repository === undefined) {
      const known = [...this.#parts.world.repositories.values()].map(({ fullName }) => fullName).join(', ');
      throw new Error(`There is no repository ${name} on the local GitHub. It has: ${known || 'none'}.`);
    }
    return repository;
  }

  /** Makes a token; what the grant leaves out is not restricted. The actor is `ostack-local[bot]` by default. */
  issueToken(grant: Grant): string {
    return this.#parts.world.accounts.issue(grant, 'ostack-local[bot]');
  }

  /** Whether a token may read something of a repository. */
  tokenMay(token: string, repository: string, permission: string): boolean {
    const { accounts } = this.#parts.world;
    return allows(accounts.authenticate(`Bearer ${token}`), this.#find(repository), [permission], 'read');
  }

  /** Calls the listener for everything that happens from now on. @returns a function that ends that */
  on(listener: EventListener): () => void {
    return this.#parts.world.on(listener);
  }

  /** Calls the watcher for every REST request that is answered from now on. @returns a function that ends that */
  onExchange(watcher: (exchange: Exchange) => void): () => void {
    this.#parts.log.watchers.add(watcher);
    return () => this.#parts.log.watchers.delete(watcher);
  }

  /** Makes a person known, so that they can be asked for a review or assigned. Naming one who is known changes nothing. */
  createUser(login: string): void {
    this.#parts.world.accounts.get(login);
  }

  /** Lets another part of the stage answer below a path, for example `/_stage/`. */
  serve(prefix: string, extension: Extension): void {
    this.#parts.extensions.set(prefix, extension);
  }
}
