import * as v from 'valibot';

/** One entry of `errors`. `type` is GitHub's own extension: `NOT_FOUND`, `FORBIDDEN`, `STALE_DATA`, `UNPROCESSABLE`… */
export const graphqlErrorSchema = v.object({
  message: v.string(),
  type: v.optional(v.string()),
  path: v.optional(v.array(v.union([v.string(), v.number()])), []),
});

export type GraphqlError = v.InferOutput<typeof graphqlErrorSchema>;

/** A GraphQL document failed, whole or in part. */
export class GraphqlErrors extends Error {
  override name = 'GraphqlErrors';

  constructor(readonly errors: GraphqlError[]) {
    super(errors.map((error) => error.message).join('; '));
  }
}

/** The first error of one alias of the document (`errors[].path[0]`). */
export function errorAt(errors: readonly GraphqlError[], alias: string): GraphqlError | undefined {
  return errors.find((error) => error.path[0] === alias);
}

/**
 * Whether a mutation failed because another run or a person was faster. GitHub gives such failures different types and
 * only `STALE_DATA` says it plainly, so the words count too.
 */
export function isStale({ type, message }: GraphqlError): boolean {
  return (
    type === 'STALE_DATA' ||
    /already exists|pull and try again|no commits between|reference (does not exist|update failed|cannot be updated)|but expected|head sha can't be blank/i.test(
      message,
    )
  );
}
