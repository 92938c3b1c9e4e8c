import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppRegistration, AppRegistry, KnownApp } from './app-registry.js';
import { createBareRepository, type Seed } from './git/seed.js';
import type { Fault, Faults } from './http/faults.js';
import type { Exchange, RequestLog, RequestRecord } from './http/record.js';
import type { RequestGate, ServerGate } from './http/request-gate.js';
import type { Extension } from './http/server.js';
import { LocalRepository } from './local-repository.js';
import type { Grant } from './world/accounts.js';
import { covers, holdsKey } from './world/apps.js';
import type { Delays } from './world/delays.js';
import type { KeptPackage } from './world/packages.js';
import type { Again } from './world/records.js';
import type { Actor } from './world/ref-change.js';
import { Repository, type RepositorySettings } from './world/repository.js';
import { allows, type EventListener, type World } from './world/world.js';

export { LocalRepository } from './local-repository.js';

export interface RepositoryOptions {
  defaultBranch?: string;
  private?: boolean;
  /** Read-only. */
  archived?: boolean;
  allowAutoMerge?: boolean;
  mergeMethods?: ('merge' | 'squash' | 'rebase')[];
  deleteBranchOnMerge?: boolean;
  /** The plan of its owner, `paid` by default: on `free` a private repository has no rulesets. */
  plan?: 'free' | 'paid';
}

export interface GitHubParts {
  world: World;
  stateDir: string;
  hooksDir: string;
  gate: ServerGate;
  faults: Faults;
  log: RequestLog;
  extensions: Map<string, Extension>;
}

/** The local GitHub, for tests, the runner and the demo. */
export class LocalGitHub {
  readonly #parts: GitHubParts;
  readonly #actor: Actor;

  constructor(parts: GitHubParts) {
    this.#parts = parts;
    this.#actor = { account: parts.world.accounts.get('octocat'), startsWorkflows: true };
    parts.world.accounts.setAdministrator(this.#actor.account);
  }

  /** Every request so far, oldest first; empty it with `.length = 0`. */
  get requests(): RequestRecord[] {
    return this.#parts.log.requests;
  }

  readonly faults: { add(fault: Fault): void; clear(): void } = {
    add: (fault) => this.#parts.faults.add(fault),
    clear: () => this.#parts.faults.clear(),
  };

  /** From now on this gate decides when each request is answered; with `undefined` all are answered at once again. */
  guard(gate: RequestGate | undefined): void {
    this.#parts.gate.gate = gate;
  }

  /**
   * Creates a repository, private by default.
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
    const defaultBranch = options.defaultBranch ?? 'main';
    const created = await createBareRepository(gitDir, { seed, defaultBranch, hooksDir, now: world.now() });
    const settings: RepositorySettings = {
      private: options.private ?? true,
      archived: options.archived ?? false,
      allowAutoMerge: options.allowAutoMerge ?? false,
      mergeMethods: new Set(options.mergeMethods ?? ['merge', 'squash', 'rebase']),
      deleteBranchOnMerge: options.deleteBranchOnMerge ?? false,
      workflowToken: { writes: false, approves: false },
      plan: options.plan ?? 'paid',
    };
    const account = world.accounts.get(owner, 'Organization');
    const repository = new Repository(world.nextId(), account, short, created, settings, world.now(), world, parent);
    world.repositories.set(name.toLowerCase(), repository);
    return this.#handle(repository);
  }

  /**
   * Deletes a repository.
   *
   * @throws Error when there is no such repository
   */
  async deleteRepository(name: string): Promise<void> {
    const repository = this.#find(name);
    this.#parts.world.repositories.delete(name.toLowerCase());
    await repository.close();
    await rm(repository.gitDir, { recursive: true, force: true });
  }

  /** Waits until no change is running; a push goes on even when its client has gone. */
  quiet(): Promise<void> {
    return this.#parts.world.exclusive(async () => {});
  }

  /** From now on GitHub takes as long as this says, instead of what the stage was started with. */
  delay(delays: Delays): void {
    this.#parts.world.delays = delays;
  }

  /** Lets time pass until all is done that GitHub does late. */
  passTime(): Promise<void> {
    return this.#parts.world.passTime();
  }

  /**
   * Takes a snapshot of all repositories; accounts and tokens are not part of it. Restoring it is much faster than starting
   * another stage.
   *
   * @returns a function that restores the snapshot after running changes have ended, any number of times. It deletes
   *   repositories that were created since, but cannot bring back deleted ones
   */
  async checkpoint(): Promise<() => Promise<void>> {
    const { world, log } = this.#parts;
    await world.passTime();
    const snapshots = await world.exclusive(async () => {
      const all = [...world.repositories.values()];
      return Promise.all(all.map(async (repository) => ({ repository, restore: await repository.checkpoint() })));
    });
    const known = new Set(snapshots.map(({ repository }) => repository));
    return async () => {
      world.forgetLate();
      world.delays.restart?.();
      await world.exclusive(async () => {
        for (const { restore } of snapshots) {
          await restore();
        }
      });
      for (const { fullName } of [...world.repositories.values()].filter((repository) => !known.has(repository))) {
        await this.deleteRepository(fullName);
      }
      log.requests.length = 0;
      world.usage.clear();
    };
  }

  /** @throws Error when there is no such repository */
  repository(name: string): LocalRepository {
    return this.#handle(this.#find(name));
  }

  /** The handle of a repository; the actor is the owner of a fork, else `octocat`. */
  #handle(repository: Repository): LocalRepository {
    const account = repository.parent === undefined ? this.#actor.account : repository.owner;
    return new LocalRepository(this.#parts.world, repository, { ...this.#actor, account });
  }

  #find(name: string): Repository {
    const repository = this.#parts.world.repositories.get(name.toLowerCase());
    if (repository === undefined) {
      const known = [...this.#parts.world.repositories.values()].map(({ fullName }) => fullName).join(', ');
      throw new Error(`There is no repository ${name} on the local GitHub. It has: ${known || 'none'}.`);
    }
    return repository;
  }

  /**
   * Adds a package to GitHub's registry for containers.
   *
   * @param name `acme/previews/web`
   * @param roles what the jobs of repositories may do with it, by their full names
   * @param versions tags of each, the oldest first
   */
  addPackage(
    name: string,
    roles: Readonly<Record<string, 'read' | 'write' | 'admin'>>,
    versions: readonly (readonly string[])[],
  ): KeptPackage {
    const { world } = this.#parts;
    const slash = name.indexOf('/');
    const made = versions.map((tags): [number, { id: number; digest: string; tags: string[] }] => {
      const id = world.nextId();
      return [id, { id, digest: `sha256:${String(id).padStart(64, '0')}`, tags: [...tags] }];
    });
    const kept = {
      owner: name.slice(0, slash),
      name: name.slice(slash + 1),
      roles: new Map(Object.entries(roles)),
      versions: new Map(made),
    };
    world.packages.set(name.toLowerCase(), kept);
    return kept;
  }

  /** Issues a token; what the grant leaves out is not restricted. The actor is `ostack-local[bot]` by default. */
  issueToken(grant: Grant): string {
    return this.#parts.world.accounts.issue(grant, 'ostack-local[bot]');
  }

  /** Its GitHub Apps, as the runner uses them. */
  readonly apps: AppRegistry = {
    register: (app) => this.#registerApp(app),
    find: (id) => this.#findApp(id),
  };

  #registerApp({ slug, clientId, privateKey, repositories, permissions }: AppRegistration): void {
    const { apps, accounts } = this.#parts.world;
    const app = apps.register({ slug, clientId, permissions, key: privateKey });
    for (const owner of new Set(repositories.map((name) => name.split('/')[0] ?? ''))) {
      const own = repositories.filter((name) => name.startsWith(`${owner}/`));
      apps.install(app, accounts.get(owner, 'Organization'), own);
    }
  }

  #findApp(id: string): KnownApp | undefined {
    const { world } = this.#parts;
    const app = world.apps.find(id);
    return app === undefined
      ? undefined
      : {
          slug: app.slug,
          holds: (privateKey) => holdsKey(app, privateKey),
          installations: world.apps.installationsOf(app).map((installation) => ({
            id: installation.id,
            permissions: installation.permissions,
            repositories: [...world.repositories.values()]
              .filter((repository) => covers(installation, repository))
              .map(({ fullName }) => fullName),
          })),
        };
  }

  /** Whether a token may read something of a repository. */
  tokenMay(token: string, repository: string, permission: string): boolean {
    const { world } = this.#parts;
    return allows(world.authenticate(`Bearer ${token}`), this.#find(repository), [permission], 'read');
  }

  /** Sets who starts another attempt of a run. @returns a function that ends it */
  onRerun(start: (repository: string, run: number, actor: string, what: Again) => void): () => void {
    const { world } = this.#parts;
    world.rerun = start;
    return () => {
      world.rerun = undefined;
    };
  }

  /** Sets who cancels a run, also by force. @returns a function that ends it */
  onCancel(cancel: (repository: string, run: number, isForced: boolean) => void): () => void {
    const { world } = this.#parts;
    world.cancelRun = cancel;
    return () => {
      world.cancelRun = undefined;
    };
  }

  /** Calls the listener for every event from now on. @returns a function that removes it */
  on(listener: EventListener): () => void {
    return this.#parts.world.on(listener);
  }

  /** Calls the watcher for every answered REST request from now on. @returns a function that removes it */
  onExchange(watcher: (exchange: Exchange) => void): () => void {
    this.#parts.log.watchers.add(watcher);
    return () => this.#parts.log.watchers.delete(watcher);
  }

  /** Creates an account unless it exists, so that it can be assigned or requested as a reviewer. */
  createUser(login: string): void {
    this.#parts.world.accounts.get(login);
  }

  /** Says who sits at the browser: `octocat` until then. */
  signIn(login: string): void {
    this.#parts.world.browser = this.#parts.world.accounts.get(login);
  }

  /** Sets the members of a team. @param name `owner/team` */
  setTeam(name: string, logins: readonly string[]): void {
    this.#parts.world.accounts.setTeam(name, logins);
  }

  /** Lets an extension answer requests below a path, for example `/_stage/`. */
  serve(prefix: string, extension: Extension): void {
    this.#parts.extensions.set(prefix, extension);
  }
}
