import * as v from 'valibot';
import type { GitHub } from '../../../github/client.js';
import { nameOf } from '../../../github/connected.js';
import type { RepositoryName } from '../../../github/context.js';
import { attempt, type Operation } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { listPullRequests } from '../../repository/list-pull-requests.js';

/** What the policy has to know of a pull request of the ops repository. */
export interface CheckedPull {
  number: number;
  headOid: string;
  /** Name of its branch. */
  branch: string;
  /** Login, `undefined` where the account is gone. */
  author: string | undefined;
  base: string;
  open: boolean;
  /** GitHub cannot merge it; `false` also while GitHub does not know yet. */
  conflicts: boolean;
  /** Its branch is in another repository. */
  fromFork: boolean;
  /** Logins whose latest review approves the current head; never the author. */
  approvedBy: string[];
  /** Logins whose latest review, of any head, requests changes. */
  refusedBy: string[];
  /** Messages of its commits, oldest first, at most 100. */
  messages: string[];
  /** The commit statuses of its head, by context. */
  statuses: ReadonlyMap<string, { state: string; description: string }>;
}

const reviewSchema = v.object({
  state: v.string(),
  author: v.nullable(v.object({ login: v.string() })),
  commit: v.nullable(v.object({ oid: v.string() })),
});
const contextSchema = v.object({ context: v.string(), state: v.string(), description: v.nullable(v.string()) });
const pullSchema = v.object({
  number: v.number(),
  state: v.string(),
  headRefOid: v.string(),
  headRefName: v.string(),
  baseRefName: v.string(),
  author: v.nullable(v.object({ login: v.string() })),
  mergeable: v.string(),
  isCrossRepository: v.boolean(),
  latestOpinionatedReviews: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(reviewSchema))) })),
  commits: v.object({
    nodes: v.nullable(v.array(v.nullable(v.object({ commit: v.object({ message: v.string() }) })))),
  }),
  last: v.optional(
    v.object({
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              commit: v.object({ status: v.nullable(v.object({ contexts: v.array(contextSchema) })) }),
            }),
          ),
        ),
      ),
    }),
  ),
});

const selectionWith = (
  statuses: boolean,
) => `number state headRefOid headRefName baseRefName mergeable isCrossRepository author { login }
  latestOpinionatedReviews(first: 100) { nodes { state author { login } commit { oid } } }
  commits(first: 100) { nodes { commit { message } } }
  ${statuses ? 'last: commits(last: 1) { nodes { commit { status { contexts { context state description } } } } }' : ''}`;

/** From where pull requests are read. */
export interface PullSource {
  github: GitHub;
  repository: RepositoryName;
  /** Whether commit statuses are read too: that takes the permission `statuses: read`. */
  statuses: boolean;
}

/** One pull request. @throws Error saying that there is none of this number, or naming the permission that the token lacks */
export async function readPull({ github, repository: at, statuses }: PullSource, number: number): Promise<CheckedPull> {
  const { owner, name } = at;
  const schema = v.object({ repository: v.object({ pullRequest: pullSchema }) });
  const document = `query CheckedPull($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ${selectionWith(statuses)} } }
}`;
  const variables = { owner, name, number };
  const operation = readingPulls(at, statuses, `read pull request ${number}`);
  const { repository } = await attempt(operation, () => github.query(schema, document, variables));
  return toPull(repository.pullRequest);
}

/** All open pull requests into a branch, oldest first. @throws Error naming the permission that the token lacks */
export async function openPulls({ github, repository, statuses }: PullSource, base: string): Promise<CheckedPull[]> {
  const reader = repositoryReader(github, repository, 'CheckedPulls');
  const list = `the open pull requests of ${nameOf({ repository })}`;
  const filter = { states: ['OPEN'], base, order: 'oldest first', pageSize: 20, heavy: true } as const;
  return attempt(readingPulls(repository, statuses, 'read the open pull requests'), async () => {
    const pulls: CheckedPull[] = [];
    for await (const page of listPullRequests(reader, list, filter, selectionWith(statuses), pullSchema)) {
      pulls.push(...page.map(toPull));
    }
    return pulls;
  });
}

function readingPulls(repository: RepositoryName, statuses: boolean, doing: string): Operation {
  const permission = `pull-requests: read${statuses ? '" and "statuses: read' : ''}`;
  return operationIn(repository, doing, permission);
}

function toPull(pull: v.InferOutput<typeof pullSchema>): CheckedPull {
  const author = pull.author?.login;
  const reviews = (pull.latestOpinionatedReviews?.nodes ?? []).filter((review) => review !== null);
  const contexts = pull.last?.nodes?.[0]?.commit.status?.contexts ?? [];
  return {
    ...{ number: pull.number, headOid: pull.headRefOid, author, base: pull.baseRefName, open: pull.state === 'OPEN' },
    branch: pull.headRefName,
    conflicts: pull.mergeable === 'CONFLICTING',
    fromFork: pull.isCrossRepository,
    approvedBy: reviews.flatMap(({ state, author: reviewer, commit }) =>
      state === 'APPROVED' && commit?.oid === pull.headRefOid && reviewer !== null && reviewer.login !== author
        ? [reviewer.login]
        : [],
    ),
    refusedBy: reviews.flatMap(({ state, author: reviewer }) =>
      state === 'CHANGES_REQUESTED' && reviewer !== null ? [reviewer.login] : [],
    ),
    messages: (pull.commits.nodes ?? []).flatMap((node) => (node === null ? [] : [node.commit.message])),
    statuses: new Map(
      contexts.map(({ context, state, description }) => [
        context,
        { state: state.toLowerCase(), description: description ?? '' },
      ]),
    ),
  };
}

const headSchema = v.object({
  repository: v.nullable(
    v.object({ defaultBranchRef: v.nullable(v.object({ name: v.string(), target: v.object({ oid: v.string() }) })) }),
  ),
});

/** The default branch and its head commit. @throws Error where the repository is empty, or the token cannot read it */
export async function defaultHead(
  github: GitHub,
  repository: RepositoryName,
): Promise<{ branch: string; oid: string }> {
  const document = `query DefaultHead($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { defaultBranchRef { name target { oid } } }
}`;
  const { owner, name } = repository;
  const operation = operationIn(repository, 'read the default branch', 'contents: read');
  const found = await attempt(operation, () => github.query(headSchema, document, { owner, name }));
  const ref = found.repository?.defaultBranchRef;
  if (ref === null || ref === undefined) {
    throw new Error(`${owner}/${name} has no commit on a default branch, so there is nothing to compare with.`);
  }
  return { branch: ref.name, oid: ref.target.oid };
}
