import * as v from 'valibot';

/** Who opened a pull request again; without a login where that was no person, or one whose account is gone. */
export interface Reopened {
  login: string | undefined;
}

/** The selection on a `PullRequest` that tells who opened it again last. */
export const REOPENINGS =
  'timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) { nodes { ... on ReopenedEvent { actor { __typename login } } } }';

/** What `REOPENINGS` gives. */
export const reopeningsSchema = v.object({
  nodes: v.nullable(
    v.array(v.nullable(v.object({ actor: v.nullable(v.object({ __typename: v.string(), login: v.string() })) }))),
  ),
});

/** Who opened a pull request again last; `undefined` where it was never closed. */
export function lastReopening({ nodes }: v.InferOutput<typeof reopeningsSchema>): Reopened | undefined {
  const last = (nodes ?? []).at(-1);
  if (last === undefined) {
    return undefined;
  }
  return { login: last?.actor?.__typename === 'User' ? last.actor.login : undefined };
}
