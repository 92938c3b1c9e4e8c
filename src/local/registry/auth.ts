import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';

/** How the registry asks for a login: the password itself on each request, or a token fetched with it. */
export type AuthFlow = 'basic' | 'token';

/** Decides whether a user and password may use the registry. */
export type Authorize = (user: string, password: string) => boolean;

/** `authorize` for a fixed list of users and their passwords. */
export function fixedUsers(users: Record<string, string>): Authorize {
  return (user, password) => Object.hasOwn(users, user) && equal(users[user] ?? '', password);
}

/** Whether a request is allowed; if not, the `WWW-Authenticate` header of the answer. */
export type Verdict = { allowed: true } | { allowed: false; challenge: string };

/**
 * The login of the registry.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class Authenticator {
  readonly #authorize: Authorize | undefined;
  readonly #flow: AuthFlow;
  /** Scopes by token, for example `repository:acme/web:pull`. */
  readonly #tokens = new Map<string, Set<string>>();

  constructor(authorize: Authorize | undefined, flow: AuthFlow) {
    this.#authorize = authorize;
    this.#flow = flow;
  }

  /**
   * Checks whether a request is allowed.
   *
   * @param header the `Authorization` header
   * @param scopes what the request needs, for example `repository:acme/web:push`; none for the API's root
   * @param origin `http://127.0.0.1:PORT`, which serves the tokens
   */
  check(header: string | undefined, scopes: string[], origin: string): Verdict {
    if (this.#authorize === undefined) {
      return { allowed: true };
    }
    if (this.#flow === 'basic') {
      return this.#isLogin(header) ? { allowed: true } : { allowed: false, challenge: 'Basic realm="local registry"' };
    }
    const granted = this.#tokens.get(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
    if (granted !== undefined && scopes.every((scope) => granted.has(scope))) {
      return { allowed: true };
    }
    const scope = scopes.length === 0 ? '' : `,scope="${joinScopes(scopes)}"`;
    return { allowed: false, challenge: `Bearer realm="${origin}/token",service="local registry"${scope}` };
  }

  /**
   * Issues a token.
   *
   * @param header the `Authorization` header with user and password
   * @param scopes the `scope` parameters, for example `repository:acme/web:pull,push`
   * @returns `undefined` for a wrong user or password
   */
  token(header: string | undefined, scopes: string[]): string | undefined {
    if (this.#authorize !== undefined && !this.#isLogin(header)) {
      return undefined;
    }
    const token = randomUUID();
    this.#tokens.set(token, new Set(scopes.flatMap(splitScope)));
    return token;
  }

  #isLogin(header: string | undefined): boolean {
    const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
    if (encoded === undefined) {
      return false;
    }
    const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return this.#authorize?.(user, rest.join(':')) ?? true;
  }
}

/** `repository:a/b:pull,push` as one scope for each verb. */
function splitScope(scope: string): string[] {
  const cut = scope.lastIndexOf(':');
  return scope
    .slice(cut + 1)
    .split(',')
    .map((verb) => `${scope.slice(0, cut)}:${verb}`);
}

/** The reverse of `splitScope`, for scopes of one repository. */
function joinScopes(scopes: string[]): string {
  const first = scopes[0] ?? '';
  const verbs = scopes.map((scope) => scope.slice(scope.lastIndexOf(':') + 1));
  return `${first.slice(0, first.lastIndexOf(':'))}:${verbs.join(',')}`;
}

function equal(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
