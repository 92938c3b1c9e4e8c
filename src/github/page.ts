import * as v from 'valibot';

/**
 * What one of GraphQL's connections has, as `nodes { … }` selects it.
 *
 * @param node the shape of a node; GitHub gives `null` for one that the token may not see
 */
export function nodesOf<S extends v.GenericSchema>(node: S) {
  return v.object({ nodes: v.nullable(v.array(v.nullable(node))) });
}

/**
 * A page of one of GraphQL's connections, as `pageInfo { hasNextPage endCursor } nodes { … }` selects it.
 *
 * @param node the shape of a node; GitHub gives `null` for one that the token may not see
 * @see https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api
 */
export function pageOf<S extends v.GenericSchema>(node: S) {
  return v.object({
    pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
    nodes: v.nullable(v.array(v.nullable(node))),
  });
}

/** Where REST says that the next page of a list is; `undefined` after the last one. @param headers of the page before it */
export function nextPage({ link = '' }: { link?: string | undefined }): string | undefined {
  return /<([^<>]+)>; *rel="next"/.exec(link)?.[1];
}

/** Most pages of one list: more than the longest sensible list has, so that a list without an end is noticed. */
const MOST_PAGES = 100;

type PageInfo = v.InferOutput<ReturnType<typeof pageOf>>['pageInfo'];

/**
 * Reads a list page by page. A caller that has what it looks for leaves the loop, and no further page is requested.
 *
 * @param list what is listed, for messages: `the open pull requests of acme/apps`
 * @param read requests the page after a cursor, the first one after `null`; `undefined` when the list does not exist
 * @returns the pages in their order, each as `read` returned it
 * @throws Error when GitHub does not give the list to its end (see `Cursor`), and what `read` throws
 */
export async function* pages<Page extends { pageInfo: PageInfo }>(
  list: string,
  read: (after: string | null) => Promise<Page | undefined>,
): AsyncGenerator<Page, void, undefined> {
  const cursor = new Cursor(list);
  for (;;) {
    const page = await read(cursor.after);
    if (page === undefined) {
      return;
    }
    yield page;
    if (!cursor.goOn(page.pageInfo)) {
      return;
    }
  }
}

/**
 * Where a list is read next: `after: cursor.after`, until `goOn(pageInfo)` returns false. A list that GitHub does not give
 * to its end is an error: a part of it must not be taken for all of it, nor be requested again and again.
 */
export class Cursor {
  /** Cursor of the next page, `null` for the first one. */
  after: string | null = null;
  readonly #seen = new Set<string>();

  /** @param list what is listed, for messages: `the open pull requests of acme/apps` */
  constructor(readonly list: string) {}

  /**
   * Moves to the next page.
   *
   * @returns whether there is one
   * @throws Error when GitHub does not say where it begins, when it was read before, or after 100 pages
   */
  goOn({ hasNextPage, endCursor }: PageInfo): boolean {
    if (!hasNextPage) {
      return false;
    }
    const page = this.#seen.size + 1;
    if (endCursor === null) {
      throw this.#endless(`page ${page} does not say where the next one begins`);
    }
    if (this.#seen.has(endCursor)) {
      throw this.#endless(`after page ${page} comes one that was there before`);
    }
    if (page === MOST_PAGES) {
      throw this.#endless(`there are more than ${MOST_PAGES} pages`);
    }
    this.#seen.add(endCursor);
    this.after = endCursor;
    return true;
  }

  #endless(why: string): Error {
    return new Error(`GitHub does not give ${this.list} to the end: ${why}. Run it again later.`);
  }
}
