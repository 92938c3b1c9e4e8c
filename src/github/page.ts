import * as v from 'valibot';

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

/** Pages of one list that are read: more than any list has that makes sense here, and few enough to end. */
const MOST_PAGES = 100;

type PageInfo = v.InferOutput<ReturnType<typeof pageOf>>['pageInfo'];

/**
 * Goes through the pages of one list: `after: cursor.after`, until `goOn(pageInfo)` says no. A list that GitHub
 * does not give to its end is an error: a part of it must never be taken for all of it, nor be asked for again and again.
 */
export class Cursor {
  /** Where the next page begins, `null` at the beginning. */
  after: string | null = null;
  readonly #seen = new Set<string>();

  /** @param list what is listed, for messages: `the open pull requests of acme/apps` */
  constructor(readonly list: string) {}

  /**
   * Takes a page's end.
   *
   * @returns whether there is another page
   * @throws Error where it cannot be told where that one begins, where it began before, or where there are too many
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
