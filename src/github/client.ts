import { Octokit } from '@octokit/core';
import * as v from 'valibot';
import { fieldAt, type GraphqlError, GraphqlErrors, graphqlErrorSchema } from './graphql-error.js';
import { type RetryOptions, withRetry } from './retry.js';

export interface ConnectOptions {
  /** A GitHub token; never shown, sent to the API's host only. */
  token: string;
  /** REST base URL; default `GITHUB_API_URL`. */
  apiUrl?: string;
  /** GraphQL URL; default `GITHUB_GRAPHQL_URL`. */
  graphqlUrl?: string;
  retry?: RetryOptions;
  /** Milliseconds that one attempt may take; 30,000 by default: GitHub itself gives a request up after 10 seconds. */
  timeoutMs?: number;
}

/** Data and errors of one GraphQL document: a field that failed is `null` in `data` and named in `errors`. */
export interface PartialAnswer<T> {
  data: T;
  errors: GraphqlError[];
}

/** One authenticated connection to a GitHub. */
export interface GitHub {
  /**
   * REST: `request('POST /repos/{owner}/{repo}/git/refs', …)`, with the types of GitHub's own description. A table of all of
   * GitHub's methods by name would be 80 kB of every bundle, for the fifteen that are used.
   */
  octokit: Octokit;
  /**
   * Runs a GraphQL query or mutation.
   *
   * @param schema shape of `data`
   * @throws GraphqlErrors when any part of the document failed
   */
  query<S extends v.GenericSchema>(schema: S, document: string, variables?: Variables): Promise<v.InferOutput<S>>;
  /**
   * The same, for documents whose parts may fail on their own (aliases): `schema` must allow `null` there.
   *
   * @throws GraphqlErrors when the whole document failed
   */
  queryParts<S extends v.GenericSchema>(
    schema: S,
    document: string,
    variables?: Variables,
  ): Promise<PartialAnswer<v.InferOutput<S>>>;
}

export type Variables = Record<string, unknown>;

/** POSTs that GitHub makes unique by name or content: a second one changes nothing. */
const REPEATABLE_POST = /\/git\/(refs|tags|trees|blobs|commits)$/;

/**
 * Opens a connection. Nothing is sent yet.
 *
 * Transient failures are retried (`withRetry`): reads always; writes only if they can be done twice without harm
 * (PUT, PATCH, DELETE, git objects and refs, and any request with `request: { repeatable: true }`). GraphQL mutations
 * and other POSTs are sent again only after a rate limit.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts
 *
 * @throws Error when a URL is missing or is no http(s) URL
 */
export function connect({ token, apiUrl, graphqlUrl, retry, timeoutMs = 30_000 }: ConnectOptions): GitHub {
  const restBase = checkedUrl(apiUrl ?? process.env.GITHUB_API_URL, 'GITHUB_API_URL');
  const graphqlBase = checkedUrl(graphqlUrl ?? process.env.GITHUB_GRAPHQL_URL, 'GITHUB_GRAPHQL_URL');
  const origins = new Set([new URL(restBase).origin, new URL(graphqlBase).origin]);
  const octokit = new Octokit({ auth: token, baseUrl: restBase, userAgent: 'ostack-actions', log: silent });
  octokit.hook.wrap('request', (send, options) => {
    const target = new URL(options.url, `${restBase}/`);
    if (!origins.has(target.origin)) {
      throw new Error(`Refused to send the token to ${target.origin}: it belongs to ${[...origins].join(', ')}.`);
    }
    const attempt = async () => {
      // Changed in place: the hook that adds the token uses this object, not what `send` gets.
      options.request = { ...options.request, signal: AbortSignal.timeout(timeoutMs) };
      return refuseBrokenAnswers(await send(options));
    };
    return withRetry(attempt, isRepeatable(options), retry);
  });
  const queryParts: GitHub['queryParts'] = async (schema, document, variables = {}) => {
    const repeatable = !/^\s*mutation\b/.test(document);
    const response = await octokit.request(`POST ${graphqlBase}`, {
      query: document,
      variables,
      request: { repeatable },
    });
    return readAnswer(schema, document, response.data);
  };
  return {
    octokit,
    queryParts,
    async query(schema, document, variables) {
      const { data, errors } = await queryParts(schema, document, variables);
      if (errors.length > 0) {
        throw new GraphqlErrors(errors);
      }
      return data;
    },
  };
}

const answerSchema = v.object({ data: v.optional(v.unknown()), errors: v.optional(v.array(graphqlErrorSchema), []) });

function readAnswer<S extends v.GenericSchema>(
  schema: S,
  document: string,
  body: unknown,
): PartialAnswer<v.InferOutput<S>> {
  const answer = v.safeParse(answerSchema, body);
  if (!answer.success) {
    throw new Error('GitHub answered a GraphQL request with something that is no GraphQL answer.');
  }
  const { data } = answer.output;
  const errors = answer.output.errors.map((error): GraphqlError => {
    const field = fieldAt(document, error);
    return field === undefined ? error : { ...error, field };
  });
  const parsed = v.safeParse(schema, data);
  if (parsed.success) {
    return { data: parsed.output, errors };
  }
  if (errors.length > 0) {
    throw new GraphqlErrors(errors);
  }
  const issue = parsed.issues[0];
  throw new Error(`GitHub's answer does not fit at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
}

/**
 * Octokit returns an answer that was cut off as the text received so far. Whether the request took effect is unknown then,
 * as without any answer.
 */
function refuseBrokenAnswers<T extends Answer>(response: T): T {
  const isJson = /^application\/json\b/.test(String(response.headers['content-type'] ?? ''));
  if (isJson && typeof response.data === 'string') {
    throw Object.assign(new Error('the answer broke off'), { name: 'HttpError', status: 500 });
  }
  return refusePassingErrors(response);
}

interface Answer {
  data: unknown;
  headers: { readonly [name: string]: unknown };
}

/**
 * GraphQL answers 200 when a whole document failed for a transient reason: a rate limit, or GitHub's own time-out. Such an
 * answer becomes the corresponding HTTP error, and is retried as one.
 */
function refusePassingErrors<T extends Answer>(response: T): T {
  const answer = v.safeParse(failedAnswerSchema, response.data);
  const error = answer.success ? answer.output.errors[0] : undefined;
  const limited = /^RATE_LIMIT(ED)?$/.test(error?.type ?? '') || /secondary rate limit/i.test(error?.message ?? '');
  if (error !== undefined && (limited || /^Something went wrong while executing your query/.test(error.message))) {
    throw Object.assign(new Error(error.message), {
      name: 'HttpError',
      status: limited ? 429 : 502,
      response: { headers: response.headers, data: { message: error.message } },
    });
  }
  return response;
}

const failedAnswerSchema = v.object({
  data: v.optional(v.null()),
  errors: v.pipe(v.array(graphqlErrorSchema), v.minLength(1)),
});

function isRepeatable(options: { method: string; url: string; request?: { [option: string]: unknown } }): boolean {
  const asked = options.request?.repeatable;
  return typeof asked === 'boolean' ? asked : options.method !== 'POST' || REPEATABLE_POST.test(options.url);
}

function checkedUrl(url: string | undefined, variable: string): string {
  if (url === undefined || !/^https?:\/\//.test(url)) {
    throw new Error(
      `${variable} is ${url === undefined ? 'not set' : `"${url}"`}, expected the http(s) URL of an API.`,
    );
  }
  return url.replace(/(?<!\/)\/+$/, '');
}

/** Octokit's own log lines are noise in a job: failures are reported once, in sentences. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
