import * as v from 'valibot';
import { pageOf, pages } from '../../github/page.js';
import type { RepositoryReader } from '../../github/repository-reader.js';

/** A check run that is there already. */
export interface KnownCheck {
  id: number;
  conclusion: string | undefined;
  title: string;
  completedAt: Date | undefined;
  /** What its App wrote down for itself; empty where it did not. */
  externalId: string;
  /** The page of the run that wrote it, or where else it leads; empty where it leads nowhere. */
  page: string;
}

const contextSchema = v.object({
  __typename: v.string(),
  databaseId: v.optional(v.nullable(v.number())),
  name: v.optional(v.string()),
  conclusion: v.optional(v.nullable(v.string())),
  title: v.optional(v.nullable(v.string())),
  completedAt: v.optional(v.nullable(v.string())),
  externalId: v.optional(v.nullable(v.string())),
  detailsUrl: v.optional(v.nullable(v.string())),
  checkSuite: v.optional(v.object({ app: v.nullable(v.object({ slug: v.string() })) })),
});
/** What `CHECKS` gives. */
export const checksSchema = v.nullable(
  v.object({
    contexts: v.object({
      pageInfo: v.object({ hasNextPage: v.boolean() }),
      nodes: v.nullable(v.array(v.nullable(contextSchema))),
    }),
  }),
);

const RUN = 'databaseId name conclusion title completedAt externalId detailsUrl';

/** The selection on a `Commit` that fetches its check runs. */
export const CHECKS = `statusCheckRollup { contexts(first: 100) { pageInfo { hasNextPage } nodes { __typename ... on CheckRun {
    ${RUN} checkSuite { app { slug } } } } } }`;

type Rollup = v.InferOutput<typeof checksSchema>;

/**
 * The check runs of a commit that an App made, by name. Anybody who may write can set a thousand statuses on it, among which they
 * would not be found: then its check suites are read.
 *
 * @param app slug of the App
 * @throws what a failed request throws
 */
export async function checksOf(
  reader: RepositoryReader,
  oid: string,
  rollup: Rollup,
  app: string,
): Promise<ReadonlyMap<string, KnownCheck>> {
  if (rollup?.contexts.pageInfo.hasNextPage !== true) {
    return new Map((rollup?.contexts.nodes ?? []).flatMap((context) => knownCheck(context, app)));
  }
  const found = new Map<string, KnownCheck>();
  for await (const { nodes } of pages(`the check suites of ${oid}`, (after) => suitesOf(reader, oid, after))) {
    const own = (nodes ?? []).filter((suite) => suite !== null).filter((suite) => suite.app?.slug === app);
    for (const suite of own) {
      const runs = (suite.checkRuns?.nodes ?? []).flatMap((run) =>
        knownCheck(run && { ...run, checkSuite: suite }, app),
      );
      for (const [name, check] of runs) {
        found.set(name, check);
      }
    }
  }
  return found;
}

const commitSchema = v.nullable(v.object({ statusCheckRollup: v.optional(checksSchema) }));

/** The same of one commit, of which nothing else is read: none of one that is not there. @throws what a failed request throws */
export async function checksAt(
  reader: RepositoryReader,
  oid: string,
  app: string,
): Promise<ReadonlyMap<string, KnownCheck>> {
  const commit = await reader.load({
    text: (bind) => `object(oid: ${bind('GitObjectID!', oid)}) { ... on Commit { ${CHECKS} } }`,
    schema: commitSchema,
  });
  return checksOf(reader, oid, commit?.statusCheckRollup ?? null, app);
}

const suitesSchema = v.nullable(
  v.object({
    checkSuites: v.nullable(
      pageOf(
        v.object({
          app: v.nullable(v.object({ slug: v.string() })),
          checkRuns: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(contextSchema))) })),
        }),
      ),
    ),
  }),
);

async function suitesOf(reader: RepositoryReader, oid: string, after: string | null) {
  const commit = await reader.load({
    heavy: true,
    text: (
      bind,
    ) => `object(oid: ${bind('GitObjectID!', oid)}) { ... on Commit { checkSuites(first: 50, after: ${bind('String', after)}) {
      pageInfo { hasNextPage endCursor } nodes { app { slug } checkRuns(first: 100, filterBy: { checkType: LATEST }) { nodes { __typename ${RUN} } } } } } }`,
    schema: suitesSchema,
  });
  return commit?.checkSuites ?? undefined;
}

function knownCheck(context: v.InferOutput<typeof contextSchema> | null, app: string): [string, KnownCheck][] {
  const { databaseId: id, name, conclusion, title, completedAt, externalId, detailsUrl, checkSuite } = context ?? {};
  if (id === undefined || id === null || name === undefined || checkSuite?.app?.slug !== app) {
    return [];
  }
  return [
    [
      name,
      {
        ...{ id, conclusion: conclusion?.toLowerCase(), title: title ?? '', externalId: externalId ?? '' },
        page: detailsUrl ?? '',
        completedAt: completedAt === undefined || completedAt === null ? undefined : new Date(completedAt),
      },
    ],
  ];
}
