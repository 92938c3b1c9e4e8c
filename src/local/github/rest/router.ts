import * as v from 'valibot';
import type { Caller } from '../world/accounts.js';
import { Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { demandRead, demandWrite, type World } from '../world/world.js';

export interface RestRequest {
  world: World;
  method: string;
  /** Path below the API's root, beginning with `/`. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  caller: Caller | undefined;
  /** The token of the request. */
  token?: string | undefined;
  params: Record<string, string>;
}

export interface RestResponse {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request on one repository, its permission checked. */
export interface RepositoryRequest extends RestRequest {
  repository: Repository;
}

/** The same for a change, which needs a token. */
export interface ChangeRequest extends RepositoryRequest {
  caller: Caller;
}

export interface Route {
  method: string;
  /** GitHub's path template; `{name+}` takes several segments. */
  template: string;
  handle(request: RestRequest): Promise<RestResponse>;
}

/**
 * A route that reads a repository.
 *
 * @param permissions names of GitHub App permissions of which one, at `read`, is enough
 */
export function reads(
  template: string,
  permissions: string[],
  handle: (request: RepositoryRequest) => Promise<RestResponse>,
): Route {
  return ofRepository('GET', template, async (request) => {
    demandRead(request.caller, request.repository, permissions);
    return handle(request);
  });
}

/** A route that changes a repository: the token needs one of the permissions at `write`. Changes run one by one. */
export function changes(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  template: string,
  permissions: string[],
  handle: (request: ChangeRequest) => Promise<RestResponse>,
): Route {
  return ofRepository(method, template, async ({ caller, ...request }) => {
    demandWrite(caller, request.repository, permissions);
    return request.world.exclusive(() => handle({ ...request, caller }));
  });
}

/** A change for which `handle` checks the permissions itself, such as a pull request from a fork. */
export function proposes(
  method: 'POST',
  template: string,
  handle: (request: ChangeRequest) => Promise<RestResponse>,
): Route {
  return ofRepository(method, template, async ({ caller, ...request }) => {
    if (caller === undefined) {
      throw new Refusal(401, 'Requires authentication');
    }
    return request.world.exclusive(() => handle({ ...request, caller }));
  });
}

/** A route below a repository that the caller may see. */
function ofRepository(
  method: Route['method'],
  template: string,
  handle: (request: RepositoryRequest) => Promise<RestResponse>,
): Route {
  return {
    method,
    template: `/repos/{owner}/{repo}${template}`,
    handle: async (request) => handle({ ...request, repository: repositoryOf(request) }),
  };
}

function repositoryOf({ world, caller, params }: RestRequest): Repository {
  return world.repositoryFor(caller, `${params.owner ?? ''}/${params.repo ?? ''}`);
}

/** Finds the route of a request; literal segments win over parameters. */
export class Router {
  readonly #routes: { route: Route; pattern: RegExp; weight: number }[];

  constructor(routes: Route[]) {
    this.#routes = routes.map((route) => ({
      route,
      pattern: new RegExp(
        `^${route.template
          .replace(/[.$]/g, '\\$&')
          .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
          .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')}$`,
      ),
      weight:
        route.template.split('/').filter((part) => !part.startsWith('{')).length * 10 -
        Number(route.template.includes('+}')),
    }));
    this.#routes.sort((a, b) => b.weight - a.weight);
  }

  get routes(): Route[] {
    return this.#routes.map(({ route }) => route);
  }

  /**
   * Answers one request.
   *
   * @throws Refusal 501 naming method and path of an endpoint that the local GitHub lacks
   */
  dispatch(request: Omit<RestRequest, 'params'>): Promise<RestResponse> {
    for (const { route, pattern } of this.#routes) {
      const match = route.method === request.method ? pattern.exec(request.path) : null;
      if (match !== null) {
        const params: Record<string, string> = {};
        for (const [name, value] of Object.entries(match.groups ?? {})) {
          params[name] = decode(value);
        }
        return route.handle({ ...request, params });
      }
    }
    throw new Refusal(501, `${request.method} ${request.path} is not supported by the local GitHub`);
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'Problems parsing the path');
  }
}

/**
 * Reads a request body.
 *
 * @throws Refusal 422 naming the first field that does not fit the schema
 */
export function readBody<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body ?? {});
  if (parsed.success) {
    return parsed.output;
  }
  const issue = parsed.issues[0];
  const field = issue === undefined ? '' : (v.getDotPath(issue) ?? '');
  throw new Refusal(422, `Invalid request.\n\n"${field}": ${issue?.message ?? 'not as expected'}`);
}

/** One page of a list with GitHub's `Link` header; `per_page` is 30 and at most 100. */
export async function paginated<Item, View>(
  request: RestRequest,
  items: readonly Item[],
  show: (item: Item) => View | Promise<View>,
  wrap: (views: Awaited<View>[]) => unknown = (views) => views,
): Promise<RestResponse> {
  const size = Math.min(positive(request.query.get('per_page'), 30), 100);
  const page = positive(request.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const body = wrap(await Promise.all(items.slice((page - 1) * size, page * size).map(show)));
  const link = (target: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(target));
    return `<${request.world.apiUrl}${request.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return { status: 200, body, ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }) };
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text ?? '');
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
