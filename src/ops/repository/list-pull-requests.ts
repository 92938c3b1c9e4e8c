import type * as v from 'valibot';
import { pageOf, pages } from '../../github/page.js';
import type { Bind, RepositoryReader } from '../../github/repository-reader.js';

/** Which pull requests are listed, and how. */
export interface PullRequestFilter {
  /** As GraphQL's `PullRequestState` has them. */
  states: readonly ('OPEN' | 'CLOSED' | 'MERGED')[];
  /** The branch that they go into; any where it is left out. */
  base?: string;
  /** The branch that they come from; all where it is left out. */
  branch?: string;
  /** A label that they have; whatever they have where it is left out. */
  label?: string;
  /** By when they were opened. */
  order: 'oldest first' | 'newest first';
  /** How many one page has, at most 100. */
  pageSize: number;
  /** How many every further page has; as many by default. */
  nextPageSize?: number;
  /** Whether a page reads much data, so that fewer fit into one document. */
  heavy?: boolean;
}

/**
 * Lists pull requests of a repository, page by page: a caller that has what it looks for leaves the loop. GitHub finds them
 * by the name of their branch, whosever it is: those from forks are among them.
 *
 * @param list what is listed, for messages: `the open pull requests`
 * @param selection the fields of one pull request
 * @param schema the shape of what they give
 * @returns pages without the pull requests that the token may not see
 * @throws Error when GitHub does not give the list to its end, and what a failed request throws
 * @see https://docs.github.com/graphql/reference/objects#repository
 */
export async function* listPullRequests<S extends v.GenericSchema>(
  reader: RepositoryReader,
  list: string,
  { states, base, branch, label, order, pageSize, nextPageSize = pageSize, heavy = false }: PullRequestFilter,
  selection: string,
  schema: S,
): AsyncGenerator<NonNullable<v.InferOutput<S>>[], void, undefined> {
  const direction = order === 'oldest first' ? 'ASC' : 'DESC';
  const field = (bind: Bind, after: string | null) => {
    const head = branch === undefined ? '' : `headRefName: ${bind('String!', branch)}, `;
    const labelled = label === undefined ? '' : `labels: ${bind('[String!]', [label])}, `;
    const based = base === undefined ? '' : `baseRefName: ${bind('String!', base)}, `;
    const into = `${based}states: [${states.join(', ')}], first: ${after === null ? pageSize : nextPageSize}`;
    return `pullRequests(${head}${labelled}${into}, after: ${bind('String', after)}, orderBy: { field: CREATED_AT, direction: ${direction} }) {
    pageInfo { hasNextPage endCursor }
    nodes { ${selection} }
  }`;
  };
  const read = (after: string | null) =>
    reader.load({ heavy, text: (bind) => field(bind, after), schema: pageOf(schema) });
  for await (const { nodes } of pages(list, read)) {
    yield (nodes ?? []).flatMap((node) => (node === null || node === undefined ? [] : [node]));
  }
}
