import type { Account, Caller, Level } from './accounts.js';
import { Accounts, tokenOf } from './accounts.js';
import { isWebToken, signedInApp } from './app-sign-in.js';
import { Apps } from './apps.js';
import { type Delays, noDelays } from './delays.js';
import { LateChanges } from './late-changes.js';
import { type Limits, noLimits, Usage } from './limits.js';
import type { KeptPackage } from './packages.js';
import type { Again } from './records.js';
import { notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { roleOf } from './rulesets.js';

/** An event as a webhook would deliver it. */
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
  /** `false` when a `GITHUB_TOKEN` caused it (dispatches excepted). */
  startsWorkflows: boolean;
  /** The run that a dispatch has requested, where whoever asked is told. */
  run?: number;
  /** GitHub's webhook payload. */
  payload: Record<string, unknown>;
}

export type EventListener = (event: GitHubEvent) => void;

/** The state of the local GitHub, and the one lock that serialises its changes. */
export class World {
  readonly accounts = new Accounts();
  readonly apps: Apps;
  readonly repositories = new Map<string, Repository>();
  /** By owner and name, in small letters. */
  readonly packages = new Map<string, KeptPackage>();
  /** What accounts have used of GitHub's limits. */
  readonly usage: Usage;
  readonly #mergeabilityAnswers = new Map<string, number>();
  readonly #listeners = new Set<EventListener>();
  readonly #late: LateChanges;
  #lastId = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    /** `http://127.0.0.1:PORT`, without a slash at the end. */
    readonly serverUrl: string,
    readonly now: () => Date,
    /** How many answers for a head and a base say that their mergeability is not known yet, before one does. */
    readonly unknownMergeabilityAnswers = 0,
    public delays: Delays = noDelays,
    limits: Limits = noLimits,
  ) {
    this.usage = new Usage(limits, now);
    this.browser = this.accounts.get('octocat');
    this.#late = new LateChanges((change) => this.exclusive(change), delays.idleMs);
    this.apps = new Apps(this.accounts, () => this.nextId(), now);
  }

  get apiUrl(): string {
    return `${this.serverUrl}/api/v3`;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /**
   * Finds who sends a request: the owner of a token, or an App that signs in as itself, which it does by the machine's clock.
   *
   * @param authorization the header
   * @returns `undefined` without credentials
   * @throws Refusal 401 for a token that was not issued here or has ended, and for a JSON web token that is not good
   */
  authenticate(authorization: string | undefined): Caller | undefined {
    const token = tokenOf(authorization);
    if (token !== undefined && isWebToken(token)) {
      const app = signedInApp(this.apps, token, new Date());
      const grant = { repositories: [], permissions: {}, startsWorkflows: true };
      return { ...this.accounts.caller(grant, app.account.login), asApp: app };
    }
    const caller = this.accounts.authenticate(authorization);
    const { installation, expiresAt } = caller ?? {};
    const isGone = installation !== undefined && this.apps.installation(installation.id) === undefined;
    if (isGone || (expiresAt !== undefined && expiresAt <= this.now())) {
      throw new Refusal(401, 'Bad credentials');
    }
    return caller;
  }

  /** Whether the answer is still that mergeability is not known. Each call counts as one answer. */
  isMergeabilityUnknown(base: string, head: string): boolean {
    const key = `${base} ${head}`;
    const answers = this.#mergeabilityAnswers.get(key) ?? 0;
    this.#mergeabilityAnswers.set(key, answers + 1);
    return answers < this.unknownMergeabilityAnswers;
  }

  on(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether an event would reach anyone; without listeners its payload need not be built. */
  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: GitHubEvent): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  /** Makes a change after some more requests to the API. */
  later(requests: number, change: () => Promise<void>): void {
    this.#late.add(requests, change);
  }

  /** Counts a request to the API, and makes the changes that are due. */
  countRequest(): Promise<void> {
    return this.#late.countRequest();
  }

  /** Makes all changes that are still to come. */
  passTime(): Promise<void> {
    return this.#late.passTime();
  }

  /** Forgets the changes that are still to come. */
  forgetLate(): void {
    this.#late.clear();
  }

  /**
   * Called after every change in a repository; merges the pull requests whose auto-merge waited for it. `start.ts` sets
   * it, because importing auto-merge here would be a cycle.
   */
  afterChange: (repository: Repository) => Promise<void> = async () => {};

  /** Who sits at the browser. */
  browser: Account;
  /** Starts another attempt of a run; the runner sets it. */
  rerun: ((repository: string, run: number, actor: string, what: Again) => void) | undefined;
  /** Cancels a run, by force also what would run all the same; the runner sets it. */
  cancelRun: ((repository: string, run: number, isForced: boolean) => void) | undefined;

  /** Runs a change when all changes that were requested before it have ended. @returns what the change returns */
  exclusive<T>(change: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(change);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /**
   * The repository that a request names.
   *
   * @throws Refusal 404 when it does not exist or the caller may not see it
   */
  repositoryFor(caller: Caller | undefined, fullName: string): Repository {
    const repository = this.repositories.get(fullName.toLowerCase());
    if (repository === undefined || !canSee(caller, repository)) {
      throw notFound(`Could not resolve to a Repository with the name '${fullName}'.`);
    }
    return repository;
  }
}

/** Whether the caller may see the repository: it is public, or the token includes it. */
export function canSee(caller: Caller | undefined, repository: Repository): boolean {
  return !repository.settings.private || (caller !== undefined && isGranted(caller, repository));
}

function isGranted(caller: Caller, repository: Repository): boolean {
  return caller.repositories?.has(repository.fullName.toLowerCase()) ?? true;
}

/**
 * Whether a token has one of the permissions on a repository. Public repositories can be read without any.
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
  if (level !== 'read' && !roleAllows(caller, repository, names)) {
    return false;
  }
  const { permissions } = caller;
  return (
    permissions === undefined ||
    names.some((name) => {
      const granted = name === 'metadata' ? (permissions[name] ?? 'read') : permissions[name];
      return granted === 'write' || granted === 'admin' || granted === level;
    })
  );
}

/** Permissions for which a person needs no more than to read: everybody may open issues and pull requests and review them. */
const forReaders = new Set(['issues', 'pull_requests', 'metadata']);

/** Whether the role of a person lets them change something; a token of theirs may do no more. Apps have no role. */
function roleAllows({ account }: Caller, repository: Repository, names: string[]): boolean {
  const role = roleOf(repository, account);
  return (
    role === undefined ||
    role === 'admin' ||
    names.some((name) =>
      name === 'administration' ? false : forReaders.has(name) || role === 'write' || role === 'maintain',
    )
  );
}

/**
 * Checks that a token may change something.
 *
 * @throws Refusal 401 without a token, 403 with GitHub's message when the token may not or the repository is archived
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
    const isAdministration = names.includes('administration') && caller.permissions === undefined;
    throw isAdministration ? new Refusal(403, 'Must have admin rights to Repository.') : inaccessible(caller);
  }
  if (repository.settings.archived) {
    throw new Refusal(403, 'Repository was archived so is read-only.');
  }
}

/**
 * Checks that a request may read something; on a public repository it may without a token.
 *
 * @throws Refusal 403 with GitHub's message when it may not
 */
export function demandRead(caller: Caller | undefined, repository: Repository, names: string[]): void {
  if (!allows(caller, repository, names, 'read')) {
    throw inaccessible(caller);
  }
}

/** GitHub's refusal of what a token has no permission for. */
export function inaccessible(caller: Caller | undefined): Refusal {
  const who = caller?.account.type === 'User' ? 'personal access token' : 'integration';
  return new Refusal(403, `Resource not accessible by ${who}`);
}
