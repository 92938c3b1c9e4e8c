import { randomBytes } from 'node:crypto';
import type { AppRecord, Installation } from './apps.js';
import { Refusal } from './refusal.js';

export interface Account {
  id: number;
  /** As REST shows it: bots end in `[bot]`. */
  login: string;
  type: 'User' | 'Bot' | 'Organization';
}

export interface Team {
  id: number;
  /** `owner/team` */
  name: string;
  members: readonly Account[];
}

export type Level = 'read' | 'write' | 'admin';

/** What a token may do. A field that is left out restricts nothing. */
export interface Grant {
  /** Login the token acts as; bots end in `[bot]`. */
  actor?: string;
  /** Full names; others are as if they did not exist. */
  repositories?: readonly string[];
  /** By GitHub App permission name, for example `{ contents: 'write' }`. */
  permissions?: Readonly<Record<string, Level>>;
  /** `false` for a `GITHUB_TOKEN`: what it does starts no workflows (dispatches excepted). */
  startsWorkflows?: boolean;
  /**
   * Whether it is an administrator's: an owner of the organisation, to whom GitHub does not show the rules of a protected
   * branch.
   */
  administers?: boolean;
}

/** The account and the rights behind a request. */
export interface Caller {
  account: Account;
  /** Lower-case full names, `undefined` for all. */
  repositories: ReadonlySet<string> | undefined;
  permissions: Readonly<Record<string, Level>> | undefined;
  startsWorkflows: boolean;
  administers: boolean;
  /** The App that signed in as itself, which may do no more than read about itself and take installation tokens. */
  asApp?: AppRecord;
  /** The installation that the token is of; the token ends with it. */
  installation?: Installation;
  expiresAt?: Date;
}

/** The accounts of the local GitHub, made when they are first named, and its tokens. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #tokens = new Map<string, Caller>();
  readonly #teams = new Map<string, Team>();
  readonly #administrators = new Set<Account>();

  /** The account with this login. */
  get(login: string, type?: Account['type']): Account {
    const key = login.toLowerCase();
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = {
        id: 1000 + this.#accounts.size,
        login,
        type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
      };
      this.#accounts.set(key, account);
    }
    return account;
  }

  find(login: string): Account | undefined {
    return this.#accounts.get(login.toLowerCase());
  }

  /** Members of a team, named `owner/team`. */
  team(name: string): readonly Account[] {
    return this.teamNamed(name)?.members ?? [];
  }

  teamNamed(name: string): Team | undefined {
    return this.#teams.get(name.toLowerCase());
  }

  teamById(id: number): Team | undefined {
    return [...this.#teams.values()].find((team) => team.id === id);
  }

  setTeam(name: string, logins: readonly string[]): void {
    const id = this.teamNamed(name)?.id ?? this.#teams.size + 1;
    this.#teams.set(name.toLowerCase(), { id, name, members: logins.map((login) => this.get(login)) });
  }

  /** Makes an account an owner of all organisations here. */
  setAdministrator(account: Account): void {
    this.#administrators.add(account);
  }

  /** Whether an account owns all organisations here: it was made so, or has had a token that administers. */
  isAdministrator(account: Account): boolean {
    return this.#administrators.has(account);
  }

  byId(id: number): Account | undefined {
    return [...this.#accounts.values()].find((account) => account.id === id);
  }

  /** Issues a token: `ghs_…` for a bot, `ghp_…` for a person. GitHub says not to rely on their length. */
  issue(grant: Grant, fallbackActor: string): string {
    const caller = this.caller(grant, grant.actor ?? fallbackActor);
    if (caller.administers) {
      this.setAdministrator(caller.account);
    }
    return this.issueTo(caller);
  }

  /** Gives a token to a caller. */
  issueTo(caller: Caller): string {
    const prefix = caller.account.type === 'Bot' ? 'ghs_' : 'ghp_';
    const token = `${prefix}${randomBytes(27).toString('base64url').replace(/[-_]/g, '0')}`;
    this.#tokens.set(token, caller);
    return token;
  }

  /** Ends a token. */
  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  caller(grant: Grant, login: string): Caller {
    return {
      account: this.get(login),
      repositories: grant.repositories && new Set(grant.repositories.map((name) => name.toLowerCase())),
      permissions: grant.permissions,
      startsWorkflows: grant.startsWorkflows ?? true,
      administers: grant.administers ?? false,
    };
  }

  /**
   * Finds who sends a request.
   *
   * @param authorization the header: `token X`, `Bearer X` or Basic with the token as the password
   * @returns `undefined` without credentials
   * @throws Refusal 401 for a token that was not issued here
   */
  authenticate(authorization: string | undefined): Caller | undefined {
    const token = tokenOf(authorization);
    if (token === undefined) {
      return undefined;
    }
    const caller = this.#tokens.get(token);
    if (caller === undefined) {
      throw new Refusal(401, 'Bad credentials');
    }
    return caller;
  }
}

/** The token in an `Authorization` header. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const match = /^(bearer|token|basic)\s+(\S+)$/i.exec(authorization ?? '');
  if (match === null) {
    return undefined;
  }
  const [, scheme = '', value = ''] = match;
  if (scheme.toLowerCase() !== 'basic') {
    return value;
  }
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return password.join(':') || user;
}
