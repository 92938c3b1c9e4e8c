import { readFailure } from './failure.js';
import { type GraphqlError, GraphqlErrors } from './graphql-error.js';
import { isRateLimit } from './retry.js';

/** An operation on GitHub, for the message when it fails. */
export interface Operation {
  /** Continues "Could not …", for example `create the tag my-app-v1.4.0`. */
  doing: string;
  /** `owner/name`. */
  repository: string;
  /** Repository permission it takes, as workflows spell it: `pull-requests: write`. */
  permission: string;
}

/**
 * Turns a failed request into a sentence: what could not be done, GitHub's answer, the likely cause, the next step.
 * Anything that is not a failed request is returned as it is. A token never appears: octokit redacts it, and only
 * GitHub's message is used.
 */
export function explain(error: unknown, operation: Operation): unknown {
  const cause = causeOf(error, operation);
  if (cause === undefined) {
    return error;
  }
  return new Error(`Could not ${operation.doing} in ${operation.repository}: ${cause}`, { cause: error });
}

/** Whether an error, or one of its causes, is a failed request to GitHub, and not a problem found in its answers. */
export function isRequestFailure(error: unknown): boolean {
  const failed = error instanceof GraphqlErrors || readFailure(error) !== undefined;
  return failed || (error instanceof Error && error.cause !== undefined && isRequestFailure(error.cause));
}

/** Whether GitHub refused because of the token: not found or forbidden, and no rate limit. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof GraphqlErrors) {
    return error.errors.every((each) => each.type === 'NOT_FOUND' || lacksPermission(each));
  }
  const failure = readFailure(error);
  return failure !== undefined && !isRateLimit(failure) && (failure.status === 403 || failure.status === 404);
}

/** The same of an error as `attempt` throws it, whose cause is the request. */
export function isExplainedRefusal(error: unknown): boolean {
  return isRefusal(error instanceof Error ? (error.cause ?? error) : error);
}

/** What GitHub calls an error of GraphQL that asking again does not change, beside a missing permission. */
const FINAL_TYPES: ReadonlySet<string | undefined> = new Set(['NOT_FOUND', 'UNPROCESSABLE']);

/**
 * Whether GitHub has answered that it does not do something: nothing took effect, and asking again changes nothing. A rate limit, an
 * answer that was lost, and a failure of GitHub's own are none.
 */
export function isFinalAnswer(error: unknown): boolean {
  if (error instanceof GraphqlErrors) {
    return error.errors.every((each) => FINAL_TYPES.has(each.type) || lacksPermission(each));
  }
  const failure = readFailure(error);
  if (failure === undefined) {
    return error instanceof Error && error.cause !== undefined && isFinalAnswer(error.cause);
  }
  const { status = 500, unanswered } = failure;
  return !unanswered && status < 500 && status !== 408 && !isRateLimit(failure);
}

/** Whether GitHub finds what is asked wrong in itself, so that another request may pass with the same token. */
export function isUnprocessable(error: unknown): boolean {
  return error instanceof GraphqlErrors
    ? error.errors.every(({ type }) => type === 'UNPROCESSABLE')
    : readFailure(error)?.status === 422;
}

/** Whether GitHub refused because the token lacks a permission. */
export function isForbidden(error: unknown): boolean {
  const failure = readFailure(error);
  return error instanceof GraphqlErrors
    ? error.errors.some(lacksPermission)
    : failure?.status === 403 && !isRateLimit(failure);
}

/** Runs `work` and explains what it throws. */
export async function attempt<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, operation);
  }
}

function causeOf(error: unknown, operation: Operation): string | undefined {
  if (error instanceof GraphqlErrors) {
    return graphqlCause(error.errors, operation);
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
      return missingPermission(message, accepted(headers['x-accepted-github-permissions']) ?? operation.permission);
    case 404:
      return notFound(message, operation);
    default:
      return `GitHub answered ${status} "${message}".${(status ?? 0) >= 500 ? ' Run it again later.' : ''}`;
  }
}

/** Fields that need a permission. */
const OPENED_BY: Record<string, readonly string[]> = {
  'contents: read': ['defaultBranchRef', 'file', 'history', 'object', 'ref', 'refs', 'release', 'releases'],
  'pull-requests: read': ['associatedPullRequests', 'pullRequest', 'pullRequests'],
  'deployments: read': ['deployments'],
  'statuses: read': ['status'],
  'checks: read': ['checkSuites', 'statusCheckRollup'],
};

/** The permissions that the refused fields of a query need; that of the operation when no field is known. */
function permissionFor(refused: readonly GraphqlError[], operation: Operation): string {
  const needed = Object.entries(OPENED_BY).filter(([, fields]) =>
    refused.some(({ field }) => field !== undefined && fields.includes(field)),
  );
  return needed.length === 0 ? operation.permission : needed.map(([permission]) => permission).join(' and ');
}

function graphqlCause(errors: readonly GraphqlError[], operation: Operation): string | undefined {
  const [first] = errors;
  if (first === undefined) {
    return undefined;
  }
  const { type, message, path } = first;
  if (type === 'NOT_FOUND') {
    return path[0] === 'repository' && path.length > 1 ? notIn(message, operation) : notFound(message, operation);
  }
  if (lacksPermission(first)) {
    return missingPermission(message, permissionFor(errors.filter(lacksPermission), operation));
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

function lacksPermission({ type }: GraphqlError): boolean {
  return type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES';
}

/** @param header GitHub's `x-accepted-github-permissions`, for example `contents=write; pull_requests=write` */
function accepted(header: string | undefined): string | undefined {
  return header ? header.replace(/=/g, ': ').replace(/_/g, '-').replace(/;\s*/g, ' or ') : undefined;
}

function missingPermission(message: string, needed: string): string {
  return (
    `the token lacks the permission "${needed}" ("${message}"). Grant it: for GITHUB_TOKEN under "permissions:" of ` +
    'the job, for a GitHub App in its settings (and accept the change in the installation), for a personal token in its scopes.'
  );
}

/** Cause of a failure inside a repository that exists and that the token can read. */
function notIn(message: string, { repository }: Operation): string {
  return `GitHub answered "${message}". Check the number or the name: ${repository} has none like it.`;
}

function notFound(message: string, operation: Operation): string {
  return (
    `GitHub answered "${message}". Either ${operation.repository} does not exist, or the token has no access to it ` +
    `(GITHUB_TOKEN reaches its own repository only; a GitHub App must be installed on it with "${operation.permission}").`
  );
}
