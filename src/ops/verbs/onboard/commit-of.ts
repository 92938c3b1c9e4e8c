import * as v from 'valibot';
import type { RepositoryReader } from '../../../github/repository-reader.js';

const commitSchema = v.object({ __typename: v.literal('Commit'), oid: v.string() });
const tagSchema = v.object({ __typename: v.literal('Tag'), target: commitSchema });

/**
 * The id of the commit that a branch or a tag points to, or that an id abbreviates; `undefined` where it is none of these.
 *
 * @see https://docs.github.com/graphql/reference/objects#repository (`object`, an annotated tag is an object of its own)
 */
export async function commitOf(reader: RepositoryReader, ref: string): Promise<string | undefined> {
  const object = await reader.load({
    text: (bind) =>
      `object(expression: ${bind('String!', ref)}) { __typename ... on Commit { oid } ... on Tag { target { __typename oid } } }`,
    schema: v.nullable(v.union([commitSchema, tagSchema, v.object({ __typename: v.string() })])),
  });
  const commit = v.safeParse(v.union([commitSchema, tagSchema]), object);
  if (!commit.success) {
    return undefined;
  }
  return 'oid' in commit.output ? commit.output.oid : commit.output.target.oid;
}
