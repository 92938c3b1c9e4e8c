import * as v from 'valibot';
import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { explain } from '../github/errors.js';
import { GraphqlErrors } from '../github/graphql-error.js';
import type { Attribution } from './notes.js';

/** Commits asked for in one document, well below GitHub's limit on nodes. */
const BATCH = 100;

/** More than any notes show. */
const MOST = 500;

const person = v.nullish(v.object({ login: v.string() }));
const commitSchema = v.nullish(
  v.object({
    author: v.nullish(v.object({ user: person })),
    associatedPullRequests: v.nullish(
      v.object({
        nodes: v.nullish(
          v.array(v.nullish(v.object({ number: v.number(), url: v.string(), merged: v.boolean(), author: person }))),
        ),
      }),
    ),
  }),
);
const answerSchema = v.object({ repository: v.nullish(v.record(v.string(), v.unknown())) });

const COMMIT = `... on Commit {
  author { user { login } }
  associatedPullRequests(first: 3) { nodes { number url merged author { login } } }
}`;

/**
 * Asks GitHub for the accounts and pull requests behind commits, a hundred in one request. Notes are as good as possible,
 * never a reason to fail: what GitHub does not tell (no permission to read pull requests, say) is left out.
 *
 * @param repository `owner/name`
 * @param tell is told what is left out
 * @returns by commit id; a commit that GitHub knows nothing of is not in it
 */
export async function readAttributions(
  github: GitHub,
  repository: string,
  shas: readonly string[],
  tell: (message: string) => void,
): Promise<Map<string, Attribution>> {
  const operation = { doing: 'read pull requests and authors', repository, permission: 'pull-requests: read' };
  const found = new Map<string, Attribution>();
  const wanted = [...new Set(shas)].slice(0, MOST);
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH);
    try {
      const { data, errors } = await github.queryParts(answerSchema, documentFor(batch), {
        ...parseRepository(repository, 'GITHUB_REPOSITORY'),
      });
      if (errors.length > 0) {
        tell(`The release notes lack some of them. ${wordsOf(explain(new GraphqlErrors(errors), operation))}`);
      }
      for (const [index, sha] of batch.entries()) {
        const commit = v.safeParse(commitSchema, data.repository?.[`c${index}`]);
        if (commit.success && commit.output) {
          found.set(sha, attribution(commit.output));
        }
      }
    } catch (error) {
      tell(
        `The release notes name pull requests and authors only as the commits do. ${wordsOf(explain(error, operation))}`,
      );
      return found;
    }
  }
  return found;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One alias per commit. The ids are from git and hexadecimal, so they can stand in the document. */
function documentFor(shas: readonly string[]): string {
  const parts = shas.map((sha, index) => `c${index}: object(oid: "${sha}") { ...who }`);
  return `query ReleaseCommits($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ${parts.join('\n')} }
}
fragment who on GitObject { ${COMMIT} }`;
}

function attribution(commit: NonNullable<v.InferOutput<typeof commitSchema>>): Attribution {
  const pullRequests = commit.associatedPullRequests?.nodes?.filter((node) => node?.merged === true) ?? [];
  const pullRequest = pullRequests[0] ?? undefined;
  return {
    login: commit.author?.user?.login ?? pullRequest?.author?.login,
    pullRequest: pullRequest === undefined ? undefined : { number: pullRequest.number, url: pullRequest.url },
  };
}
