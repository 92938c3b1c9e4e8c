import * as v from 'valibot';

/** One entry of `errors`. `type` is GitHub's own extension: `NOT_FOUND`, `FORBIDDEN`, `STALE_DATA`, `UNPROCESSABLE`… */
export const graphqlErrorSchema = v.object({
  message: v.string(),
  type: v.optional(v.string()),
  path: v.optional(v.array(v.union([v.string(), v.number()])), []),
  /** Where in the document, counted from 1. */
  locations: v.optional(v.array(v.object({ line: v.number(), column: v.number() }))),
});

export interface GraphqlError extends v.InferOutput<typeof graphqlErrorSchema> {
  /** Name of the field that failed, not its alias: `pullRequests`. */
  field?: string;
}

/** Name of the field at the location of an error in its document; `undefined` when there is none. */
export function fieldAt(document: string, { locations }: GraphqlError): string | undefined {
  const place = locations?.[0];
  const line = place === undefined ? undefined : document.split('\n')[place.line - 1];
  return /^(?:\w+\s*:\s*)?(\w+)/.exec(line?.slice((place?.column ?? 1) - 1) ?? '')?.[1];
}

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
 * Whether a mutation failed because another run or a person changed the repository first, or because of too many requests.
 * Only the type `STALE_DATA` says so; other such errors are known by their message. "Reference update failed" is none of
 * them: it is what GitHub says when a rule refuses a branch (`isRule`).
 */
export function isStale({ type, message }: GraphqlError): boolean {
  return (
    type === 'STALE_DATA' ||
    /already exists|pull and try again|no commits between|reference (does not exist|cannot be updated)|but expected|head sha can't be blank|submitted too quickly|could not resolve to a branch/i.test(
      message,
    )
  );
}
