import { readFailure } from './failure.js';
import { GraphqlErrors } from './graphql-error.js';
import { isRateLimit } from './retry.js';

/** What was being done when GitHub refused, in words for a person. */
export interface Deed {
  /** Continues "Could not …", for example `create the tag my-app-v1.4.0`. */
  doing: string;
  /** `owner/name`. */
  repository: string;
  /** Repository permission it takes, as GitHub spells it: `contents: write`. */
  permission: string;
}

/**
 * Turns a failed request into a sentence: what could not be done, GitHub's answer, the likely cause, the next step.
 * Anything that is not a failed request is returned as it is. A token never appears: octokit redacts it, and only
 * GitHub's message is used.
 */
export function explain(error: unknown, deed: Deed): unknown {
  const cause = causeOf(error, deed);
  if (cause === undefined) {
    return error;
  }
  return new Error(`Could not ${deed.doing} in ${deed.repository}: ${cause}`, { cause: error });
}

/** Whether GitHub refused or could not be reached, as opposed to anything found out from its answers. */
export function isRequestFailure(error: unknown): boolean {
  return error instanceof GraphqlErrors || readFailure(error) !== undefined;
}

/** Whether GitHub refused because the token lacks a permission. */
export function isForbidden(error: unknown): boolean {
  const failure = readFailure(error);
  return error instanceof GraphqlErrors
    ? error.errors.some(({ type }) => type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES')
    : failure?.status === 403 && !isRateLimit(failure);
}

/** Runs `work` and explains what it throws. */
export async function attempt<T>(deed: Deed, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, deed);
  }
}

function causeOf(error: unknown, deed: Deed): string | undefined {
  if (error instanceof GraphqlErrors) {
    const first = error.errors[0];
    return first === undefined ? undefined : graphqlCause(first.type, first.message, deed);
  }
  const failure = readFailure(error);
  if (failure === undefined) {
    return undefined;
  }
  const { status, message, headers, unanswered } = failure;
  if (unanswered) {
    return `the connection failed (${message}). Run it again: a second run picks up where this one stopped.`;
  }
  if (isRateLimit(failure)) {
    return `GitHub's rate limit is used up (${message}). Wait until it resets and run it again.`;
  }
  switch (status) {
    case 401:
      return badToken(message);
    case 403:
      return missingPermission(message, deed, headers['x-accepted-github-permissions']);
    case 404:
      return notFound(message, deed);
    default:
      return `GitHub answered ${status} "${message}".${(status ?? 0) >= 500 ? ' Run it again later.' : ''}`;
  }
}

function graphqlCause(type: string | undefined, message: string, deed: Deed): string {
  if (type === 'NOT_FOUND') {
    return notFound(message, deed);
  }
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') {
    return missingPermission(message, deed, undefined);
  }
  if (type === 'RATE_LIMITED' || type === 'RATE_LIMIT') {
    return `GitHub's rate limit is used up (${message}). Wait until it resets and run it again.`;
  }
  return `GitHub answered "${message}".`;
}

function badToken(message: string): string {
  return (
    `GitHub does not accept the token ("${message}"). It is mistyped, expired or revoked: check the secret, ` +
    'and make App tokens in the same job, since they last one hour.'
  );
}

/** @param accepted GitHub's `x-accepted-github-permissions`, for example `contents=write; administration=write` */
function missingPermission(message: string, deed: Deed, accepted: string | undefined): string {
  const needed = accepted ? accepted.replace(/=/g, ': ').replace(/;\s*/g, ' or ') : deed.permission;
  return (
    `the token lacks the permission "${needed}" ("${message}"). Grant it: for GITHUB_TOKEN under "permissions:" of ` +
    'the job, for a GitHub App in its settings (and accept the change in the installation), for a personal token in its scopes.'
  );
}

function notFound(message: string, deed: Deed): string {
  return (
    `GitHub answered "${message}". Either ${deed.repository} does not exist, or the token has no access to it ` +
    `(GITHUB_TOKEN reaches its own repository only; a GitHub App must be installed on it with "${deed.permission}").`
  );
}
