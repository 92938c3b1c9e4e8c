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
