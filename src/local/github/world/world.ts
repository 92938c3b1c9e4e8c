import type { Caller, Level } from './accounts.js';
import { Accounts } from './accounts.js';
import { notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';

/** Something that happened, as a webhook would tell it. */
export interface GitHubEvent {
  /** The event's name as workflows know it: `push`, `pull_request`, `release`, … */
  name: string;
  action?: string;
  /** Full name. */
  repository: string;
  /** Full ref the event is about, for example `refs/heads/main`. */
  ref?: string;
  /** Commit the event is about. */
  sha?: string;
  /** Login of who did it. */
  actor: string;
  /** `false` where the actor was a `GITHUB_TOKEN`. */
  startsWorkflows: boolean;
  /** GitHub's webhook payload. */
  payload: Record<string, unknown>;
}

export type EventListener = (event: GitHubEvent) => void;

/** Everything the local GitHub knows, and the one lock its changes pass through. */
export class World {
  readonly accounts = new Accounts();
  readonly repositories = new Map<string, Repository>();
  readonly #looks = new Map<string, number>();
  readonly #listeners = new Set<EventListener>();
  #lastId = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    /** `http://127.0.0.1:PORT`, without a slash at the end. */
    readonly serverUrl: string,
    readonly now: () => Date,
    /** How often the mergeability of a head on a base is asked for in vain before it is known. */
    readonly mergeabilityLooks = 0,
  ) {}

  get apiUrl(): string {
    return `${this.serverUrl}/api/v3`;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Whether GitHub is still working out if this head merges into this base. Asking is what gets it there. */
  isStillThinking(base: string, head: string): boolean {
    const key = `${base} ${head}`;
    const looks = this.#looks.get(key) ?? 0;
    this.#looks.set(key, looks + 1);
    return looks < this.mergeabilityLooks;
  }

  on(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether anyone would hear an event; its payload need not be made otherwise. */
  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: GitHubEvent): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  /**
   * What has to be looked at again in a repository after anything changed in it (auto-merge). It is set where the parts
   * are put together, because what it does changes things in turn.
   */
  settle: (repository: Repository) => Promise<void> = async () => {};

  /** Runs one change after all others that were asked for before. */
  exclusive<T>(change: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(change);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /**
   * The repository a caller asks for.
   *
   * @throws Refusal 404 when there is none or the caller may not know of it
   */
  repositoryFor(caller: Caller | undefined, fullName: string): Repository {
    const repository = this.repositories.get(fullName.toLowerCase());
    if (repository === undefined || !canSee(caller, repository)) {
      throw notFound(`Could not resolve to a Repository with the name '${fullName}'.`);
    }
    return repository;
  }
}

/** Whether the caller may know that the repository exists. */
export function canSee(caller: Caller | undefined, repository: Repository): boolean {
  return !repository.settings.private || (caller !== undefined && isGranted(caller, repository));
}

function isGranted(caller: Caller, repository: Repository): boolean {
  return caller.repositories?.has(repository.fullName.toLowerCase()) ?? true;
}

/**
 * Whether a token has one of the permissions on a repository. Everyone reads what is public.
 *
 * @param names permissions of which one is enough
 */
export function allows(caller: Caller | undefined, repository: Repository, names: string[], level: Level): boolean {
  if (level === 'read' && !repository.settings.private) {
    return true;
  }
  if (caller === undefined || !isGranted(caller, repository)) {
    return false;
  }
  const { permissions } = caller;
  return (
    permissions === undefined ||
    names.some((name) => {
      const granted = name === 'metadata' ? (permissions[name] ?? 'read') : permissions[name];
      return granted === 'write' || granted === level;
    })
  );
}

/**
 * Checks that a token may change something.
 *
 * @throws Refusal 401 without a token, 403 in GitHub's words when the token may not
 */
export function demandWrite(
  caller: Caller | undefined,
  repository: Repository,
  names: string[],
): asserts caller is Caller {
  if (caller === undefined) {
    throw new Refusal(401, 'Requires authentication');
  }
  if (!allows(caller, repository, names, 'write')) {
    throw inaccessible(caller);
  }
  if (repository.settings.archived) {
    throw new Refusal(403, 'Repository was archived so is read-only.');
  }
}

/**
 * Checks that a token, or nobody in particular where the repository is public, may read something.
 *
 * @throws Refusal 403 in GitHub's words when not
 */
export function demandRead(caller: Caller | undefined, repository: Repository, names: string[]): void {
  if (!allows(caller, repository, names, 'read')) {
    throw inaccessible(caller);
  }
}

function inaccessible(caller: Caller | undefined): Refusal {
  const who = caller?.account.type === 'User' ? 'personal access token' : 'integration';
  return new Refusal(403, `Resource not accessible by ${who}`);
}
