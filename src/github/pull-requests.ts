import * as v from 'valibot';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { GraphqlErrors } from './graphql-error.js';
import { Cursor, pageOf } from './page.js';

/** What is open in a repository, and the file that says how it is set up. */
export interface OpenRequests {
  /** When the list was asked for. */
  listedAt: Date;
  pullRequests: OpenPullRequest[];
  /** Text of `ostack.yaml` on the default branch, whose content has been reviewed; `undefined` where there is none. */
  configText: string | undefined;
}

/** An open pull request, as far as environments for it need to know. */
export interface OpenPullRequest {
  number: number;
  /** Full id of its last commit. */
  headOid: string;
  title: string;
  /** Login, `undefined` where the account is gone. */
  author: string | undefined;
  /** Whether its branch is in another repository. */
  fromFork: boolean;
}

const nodeSchema = v.object({
  number: v.number(),
  headRefOid: v.string(),
  title: v.string(),
  isCrossRepository: v.boolean(),
  author: v.nullable(v.object({ login: v.string() })),
});

const answerSchema = v.object({
  repository: v.nullable(
    v.object({
      config: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })),
      pullRequests: pageOf(nodeSchema),
    }),
  ),
});

const DOCUMENT = `query OpenPullRequests($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    config: object(expression: "HEAD:ostack.yaml") { ... on Blob { text } }
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number headRefOid title isCrossRepository author { login } }
    }
  }
}`;

/**
 * All open pull requests of a repository, oldest first. The list is whole or there is none: a page that fails, or a pull
 * request that could not be read, is an error.
 *
 * @throws GraphqlErrors or a failed request
 */
export async function openPullRequests(github: GitHub, { owner, name }: RepositoryName): Promise<OpenRequests> {
  const listedAt = new Date();
  const found = new Map<number, OpenPullRequest>();
  const cursor = new Cursor(`the open pull requests of ${owner}/${name}`);
  for (;;) {
    const variables = { owner, name, after: cursor.after };
    const { repository }: v.InferOutput<typeof answerSchema> = await github.query(answerSchema, DOCUMENT, variables);
    if (repository === null) {
      throw new GraphqlErrors([
        { message: `Could not resolve to a Repository ${owner}/${name}`, type: 'NOT_FOUND', path: [] },
      ]);
    }
    const { nodes, pageInfo } = repository.pullRequests;
    for (const node of nodes ?? [null]) {
      if (node === null) {
        throw new Error(`GitHub left out some open pull requests of ${owner}/${name}. Run it again.`);
      }
      const { number, headRefOid: headOid, title, isCrossRepository: fromFork, author } = node;
      found.set(number, { number, headOid, title, author: author?.login, fromFork });
    }
    if (!cursor.goOn(pageInfo)) {
      return { listedAt, pullRequests: [...found.values()], configText: repository.config?.text ?? undefined };
    }
  }
}
