import { createHash, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Account, Accounts, Level } from './accounts.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';

export type AppPermissions = Readonly<Record<string, Level>>;

/** A GitHub App. */
export interface AppRecord {
  id: number;
  slug: string;
  name: string;
  description: string | null;
  externalUrl: string;
  owner: Account;
  /** Who acts with its installation tokens: `<slug>[bot]`. */
  account: Account;
  clientId: string;
  clientSecret: string;
  webhookSecret: string | null;
  /** What it asks for. An App that names no permissions has none. */
  permissions: AppPermissions;
  events: readonly string[];
  /** Where a person is sent after installing it. */
  setupUrl: string | undefined;
  /** Whether others than its owner may install it. */
  isPublic: boolean;
  /** Public halves of its private keys. */
  keys: KeyObject[];
  createdAt: Date;
  /** Made for a token that names a bot of no registered App: such an App is there everywhere. */
  isImplied: boolean;
}

/** An App on an account's repositories, with what that account granted. */
export interface Installation {
  id: number;
  app: AppRecord;
  account: Account;
  /** Lower-case full names, or all of the account's. */
  repositories: ReadonlySet<string> | 'all';
  permissions: AppPermissions;
  createdAt: Date;
}

/** What makes an App. */
export interface NewApp {
  slug: string;
  name?: string;
  id?: number;
  clientId?: string;
  owner?: string;
  description?: string | null;
  externalUrl?: string;
  permissions?: AppPermissions;
  events?: readonly string[];
  setupUrl?: string | undefined;
  webhookSecret?: string | null;
  isPublic?: boolean;
  /** PEM of a private key, or of its public half. */
  key?: string;
}

/** The App of every `GITHUB_TOKEN`; its id is the same on all of github.com. */
export const githubActionsId = 15368;

/** The first id of an App of this GitHub; far from the ids of its other records. */
const FIRST_ID = 2_000_000;

const order: Record<Level, number> = { read: 1, write: 2, admin: 3 };

/** The GitHub Apps of the local GitHub, and where they are installed. */
export class Apps {
  readonly #apps = new Map<string, AppRecord>();
  readonly #installations = new Map<number, Installation>();
  #lastId = FIRST_ID;

  constructor(
    private readonly accounts: Accounts,
    private readonly nextId: () => number,
    private readonly now: () => Date,
  ) {
    this.#imply({ slug: 'github-actions', name: 'GitHub Actions', id: githubActionsId, owner: 'github' });
  }

  /** Adds an App, or changes the one of that slug; what is not said of that one stays. */
  register(input: NewApp): AppRecord {
    const known = this.#apps.get(input.slug);
    const before =
      known === undefined ? {} : { id: known.id, name: known.name, clientId: known.clientId, owner: known.owner.login };
    const made = this.#make({ ...before, ...input });
    made.permissions = { metadata: 'read', ...input.permissions };
    made.keys = input.key === undefined ? (known?.keys ?? []) : [publicHalf(input.key)];
    const app = Object.assign(known ?? made, made);
    this.#apps.set(app.slug, app);
    return app;
  }

  /** Adds the App of a bot that none was registered for. */
  #imply(input: NewApp): AppRecord {
    const app = { ...this.#make(input), isImplied: true };
    this.#apps.set(app.slug, app);
    return app;
  }

  #nextAppId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #make(input: NewApp): AppRecord {
    const { slug } = input;
    return {
      id: input.id ?? this.#nextAppId(),
      slug,
      name: input.name ?? slug,
      description: input.description ?? null,
      externalUrl: input.externalUrl ?? '',
      owner: this.accounts.get(input.owner ?? 'octocat'),
      account: this.accounts.get(`${slug}[bot]`, 'Bot'),
      clientId: input.clientId ?? `Iv23${createHash('sha256').update(slug).digest('hex').slice(0, 16)}`,
      clientSecret: randomBytes(20).toString('hex'),
      webhookSecret: input.webhookSecret ?? null,
      permissions: input.permissions ?? {},
      events: input.events ?? [],
      setupUrl: input.setupUrl,
      isPublic: input.isPublic ?? false,
      keys: [],
      createdAt: this.now(),
      isImplied: false,
    };
  }

  /** Deletes an App with its installations. */
  delete(app: AppRecord): void {
    this.#apps.delete(app.slug);
    for (const installation of this.installationsOf(app)) {
      this.uninstall(installation);
    }
  }

  bySlug(slug: string): AppRecord | undefined {
    return this.#apps.get(slug);
  }

  /** The App of an id, as a number or text, or of a client id. */
  find(id: string | number): AppRecord | undefined {
    return [...this.#apps.values()].find((app) => String(app.id) === String(id) || app.clientId === id);
  }

  /** The App whose bot an account is; a bot of no App gets one. `undefined` for people. */
  ofAccount(account: Account): AppRecord | undefined {
    if (account.type !== 'Bot') {
      return undefined;
    }
    const slug = account.login.replace(/\[bot\]$/, '');
    const known = this.#apps.get(slug);
    if (known !== undefined) {
      return known;
    }
    return this.#imply({ slug });
  }

  /**
   * Installs an App on an account, or changes on which repositories it is.
   *
   * @param repositories full names, or all of the account's
   */
  install(app: AppRecord, account: Account, repositories: readonly string[] | 'all'): Installation {
    const known = this.installationsOf(app).find((installation) => installation.account === account);
    const installation: Installation = known ?? {
      id: this.nextId(),
      app,
      account,
      repositories: 'all',
      permissions: {},
      createdAt: this.now(),
    };
    installation.repositories =
      repositories === 'all' ? 'all' : new Set(repositories.map((name) => name.toLowerCase()));
    installation.permissions = app.permissions;
    this.#installations.set(installation.id, installation);
    return installation;
  }

  /** Takes an App off an account; its tokens end with it. */
  uninstall(installation: Installation): void {
    this.#installations.delete(installation.id);
  }

  installationsOf(app: AppRecord): Installation[] {
    return [...this.#installations.values()].filter((installation) => installation.app === app);
  }

  /** Every App of an account's repositories. */
  installationsAt(account: Account): Installation[] {
    return [...this.#installations.values()].filter((installation) => installation.account === account);
  }

  installation(id: number): Installation | undefined {
    return this.#installations.get(id);
  }

  /** The installation through which an App is on a repository. */
  installationOn(app: AppRecord, repository: Repository): Installation | undefined {
    return this.installationsOf(app).find((installation) => covers(installation, repository));
  }

  isInstalled(app: AppRecord, repository: Repository): boolean {
    return app.isImplied || this.installationOn(app, repository) !== undefined;
  }
}

/** Whether an installation includes a repository. */
export function covers({ account, repositories }: Installation, repository: Repository): boolean {
  return repositories === 'all' ? repository.owner === account : repositories.has(repository.fullName.toLowerCase());
}

/**
 * The permissions of an installation token: all of the installation's, or those that are asked for.
 *
 * @throws Refusal 422 when it asks for more than the installation has
 * @see https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export function narrowed(
  { permissions }: Pick<Installation, 'permissions'>,
  asked: AppPermissions | undefined,
): AppPermissions {
  for (const [name, level] of Object.entries(asked ?? {})) {
    const granted = permissions[name];
    if (granted === undefined || order[level] > order[granted]) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return asked === undefined ? permissions : { metadata: 'read', ...asked };
}

/** The public half of a key, from either half. */
export function publicHalf(pem: string): KeyObject {
  return createPublicKey(pem.replaceAll('\\n', '\n').trim());
}

/** Whether a PEM is the private half of one of an App's keys. */
export function holdsKey(app: AppRecord, privateKey: string): boolean {
  try {
    const given = publicHalf(privateKey);
    return app.keys.some((key) => key.equals(given));
  } catch {
    return false;
  }
}
