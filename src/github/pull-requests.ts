import * as v from 'valibot';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { GraphqlErrors } from './graphql-error.js';
import { pageOf, pages } from './page.js';

/** The open pull requests of a repository, and its settings. */
export interface OpenRequests {
  /** Time of the first request. */
  listedAt: Date;
  pullRequests: OpenPullRequest[];
  /** Text of `ostack.yaml` on the default branch, whose content has been reviewed; `undefined` without that file. */
  configText: string | undefined;
  /** Whether the default branch has the starter that listens to commands on previews, under its own name. */
  listens: boolean;
  /** Name of the default branch; `undefined` where there is none yet. */
  defaultBranch: string | undefined;
}

/** An open pull request, as far as previews need it. */
export interface OpenPullRequest {
  number: number;
  /** Full id of its last commit. */
  headOid: string;
  title: string;
  /** Login; `undefined` when the account was deleted. */
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
      listens: v.nullable(v.object({ __typename: v.string() })),
      defaultBranchRef: v.nullable(v.object({ name: v.string() })),
      pullRequests: pageOf(nodeSchema),
    }),
  ),
});

const DOCUMENT = `query OpenPullRequests($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    config: object(expression: "HEAD:ostack.yaml") { ... on Blob { text } }
    listens: object(expression: "HEAD:.github/workflows/preview-command.yml") { __typename }
    defaultBranchRef { name }
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number headRefOid title isCrossRepository author { login } }
    }
  }
}`;

/**
 * Reads all open pull requests of a repository, oldest first.
 *
 * @throws GraphqlErrors or a failed request, and Error when GitHub leaves out a pull request: the list is never partial
 */
export async function openPullRequests(github: GitHub, { owner, name }: RepositoryName): Promise<OpenRequests> {
  const listedAt = new Date();
  const found = new Map<number, OpenPullRequest>();
  let configText: string | undefined;
  let listens = false;
  let defaultBranch: string | undefined;
  const read = async (after: string | null) => {
    const { repository } = await github.query(answerSchema, DOCUMENT, { owner, name, after });
    if (repository === null) {
      throw new GraphqlErrors([
        { message: `Could not resolve to a Repository ${owner}/${name}`, type: 'NOT_FOUND', path: [] },
      ]);
    }
    return {
      ...repository.pullRequests,
      config: repository.config,
      at: repository.defaultBranchRef,
      workflow: repository.listens,
    };
  };
  for await (const { nodes, config, at, workflow } of pages(`the open pull requests of ${owner}/${name}`, read)) {
    configText = config?.text ?? undefined;
    defaultBranch = at?.name;
    listens = workflow?.__typename === 'Blob';
    for (const node of nodes ?? [null]) {
      if (node === null) {
        throw new Error(`GitHub left out some open pull requests of ${owner}/${name}. Run it again.`);
      }
      const { number, headRefOid: headOid, title, isCrossRepository: fromFork, author } = node;
      found.set(number, { number, headOid, title, author: author?.login, fromFork });
    }
  }
  return { listedAt, pullRequests: [...found.values()], configText, listens, defaultBranch };
}
