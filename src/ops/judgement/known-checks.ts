import * as v from 'valibot';

/** A check run that is there already. */
export interface KnownCheck {
  id: number;
  conclusion: string | undefined;
  title: string;
  completedAt: Date | undefined;
  /** What its App wrote down for itself; empty where it did not. */
  externalId: string;
}

const contextSchema = v.object({
  __typename: v.string(),
  databaseId: v.optional(v.nullable(v.number())),
  name: v.optional(v.string()),
  conclusion: v.optional(v.nullable(v.string())),
  title: v.optional(v.nullable(v.string())),
  completedAt: v.optional(v.nullable(v.string())),
  externalId: v.optional(v.nullable(v.string())),
  checkSuite: v.optional(v.object({ app: v.nullable(v.object({ slug: v.string() })) })),
});
/** What `CHECKS` gives. */
export const checksSchema = v.nullable(
  v.object({ contexts: v.object({ nodes: v.nullable(v.array(v.nullable(contextSchema))) }) }),
);

/** The selection on a `Commit` that fetches its check runs. */
export const CHECKS = `statusCheckRollup { contexts(first: 100) { nodes { __typename ... on CheckRun {
    databaseId name conclusion title completedAt externalId checkSuite { app { slug } } } } } }`;

/** The check runs of a commit that an App made, by name. @param app its slug */
export function checksOf(rollup: v.InferOutput<typeof checksSchema>, app: string): ReadonlyMap<string, KnownCheck> {
  return new Map((rollup?.contexts.nodes ?? []).flatMap((context) => knownCheck(context, app)));
}

function knownCheck(context: v.InferOutput<typeof contextSchema> | null, app: string): [string, KnownCheck][] {
  const { databaseId: id, name, conclusion, title, completedAt, externalId, checkSuite } = context ?? {};
  if (id === undefined || id === null || name === undefined || checkSuite?.app?.slug !== app) {
    return [];
  }
  return [
    [
      name,
      {
        ...{ id, conclusion: conclusion?.toLowerCase(), title: title ?? '', externalId: externalId ?? '' },
        completedAt: completedAt === undefined || completedAt === null ? undefined : new Date(completedAt),
      },
    ],
  ];
}
