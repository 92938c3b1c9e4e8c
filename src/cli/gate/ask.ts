import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { attempt, type Operation } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';
import { isRateLimit } from '../../github/retry.js';

/** A connection with the token of the person who runs the command. */
export interface Asking {
  github: GitHub;
  /** `owner/name`, for messages. */
  repository: string;
}

/** A request of GitHub's REST API: `GET /repos/acme/ops/rulesets`. */
export type Route = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

export interface Ask {
  /** Continues "Could not …". */
  doing: string;
  /** Repository permission that a fine-grained token needs: `administration: read`. */
  permission: string;
  /** Sent as JSON. */
  body?: Readonly<Record<string, unknown>>;
}

/**
 * Sends one request and reads its answer.
 *
 * @throws Error that says what could not be done, why, and what to do, or that the answer is not what GitHub describes
 */
export async function ask<S extends v.GenericSchema>(
  asking: Asking,
  route: Route,
  schema: S,
  { doing, permission, body = {} }: Ask,
): Promise<v.InferOutput<S>> {
  const operation: Operation = { doing, permission, repository: asking.repository };
  const { data } = await attempt(operation, () => asking.github.octokit.request(route, { ...body }));
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new Error(
      `GitHub's answer to ${route} does not fit at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`,
    );
  }
  return parsed.output;
}

/** The same for what may not be there. @returns `undefined` where GitHub answers one of the given statuses, 404 by default */
export async function askIfThere<S extends v.GenericSchema>(
  asking: Asking,
  route: Route,
  schema: S,
  how: Ask,
  missing: readonly number[] = [404],
): Promise<v.InferOutput<S> | undefined> {
  try {
    return await ask(asking, route, schema, how);
  } catch (error) {
    const failure = error instanceof Error ? readFailure(error.cause) : undefined;
    if (failure?.status !== undefined && missing.includes(failure.status) && !isRateLimit(failure)) {
      return undefined;
    }
    throw error;
  }
}

/** The most that one page of a list has. */
const PAGE = 100;

/** Most pages of one list: far more than any list here has. */
const MOST_PAGES = 20;

/**
 * Reads a whole list.
 *
 * @param path without a query: `/repos/acme/ops/rulesets`
 * @param key where the list is in each answer; `undefined` where the answer is the list
 * @throws Error also where the list does not end: a part is never taken for all of it
 */
export async function askAll<S extends v.GenericSchema>(
  asking: Asking,
  path: string,
  key: string | undefined,
  item: S,
  how: Ask,
): Promise<v.InferOutput<S>[]> {
  const list = v.array(item);
  const all: v.InferOutput<S>[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const route: Route = `GET /${path.replace(/^\//, '')}?per_page=${PAGE}&page=${page}`;
    const items =
      key === undefined
        ? await ask(asking, route, list, how)
        : (await ask(asking, route, v.object({ [key]: list }), how))[key];
    all.push(...(items ?? []));
    if ((items ?? []).length < PAGE) {
      return all;
    }
  }
  throw new Error(
    `The list ${path} of ${asking.repository} is longer than ${PAGE * MOST_PAGES} and was not read to its end.`,
  );
}
