import * as v from 'valibot';
import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { explain } from '../github/errors.js';
import { GraphqlErrors } from '../github/graphql-error.js';
import type { Attribution } from './notes.js';

/** Commits asked for in one document, well below GitHub's limit on nodes. */
const BATCH = 100;

/** Most commits that are looked up; notes show fewer. */
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
  associatedPullRequests(first: 5) { nodes { number url merged author { login } } }
}`;

/**
 * Reads the accounts and pull requests of commits, a hundred in one request. Never throws for a failed request: what cannot
 * be read, for example without the permission for pull requests, is left out of the notes.
 *
 * @param repository `owner/name`
 * @param warn called with a sentence about what is left out
 * @returns by commit id; without the commits that GitHub does not have
 */
export async function readAttributions(
  github: GitHub,
  repository: string,
  shas: readonly string[],
  warn: (message: string) => void,
): Promise<Map<string, Attribution>> {
  const operation = { doing: 'read pull requests and authors', repository, permission: 'pull-requests: read' };
  const found = new Map<string, Attribution>();
  const commits = [...new Set(shas)].slice(0, MOST);
  for (let at = 0; at < commits.length; at += BATCH) {
    const batch = commits.slice(at, at + BATCH);
    try {
      const { data, errors } = await github.queryParts(answerSchema, documentFor(batch), {
        ...parseRepository(repository, 'GITHUB_REPOSITORY'),
      });
      if (errors.length > 0) {
        warn(`The release notes lack some of them. ${messageOf(explain(new GraphqlErrors(errors), operation))}`);
      }
      for (const [index, sha] of batch.entries()) {
        const commit = v.safeParse(commitSchema, data.repository?.[`c${index}`]);
        if (commit.success && commit.output) {
          found.set(sha, attribution(commit.output));
        }
      }
    } catch (error) {
      warn(
        `The release notes name pull requests and authors only as the commits do. ${messageOf(explain(error, operation))}`,
      );
      return found;
    }
  }
  return found;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The document, with one alias per commit. Ids can be written into it because they are git's, hexadecimal. */
function documentFor(shas: readonly string[]): string {
  const parts = shas.map((sha, index) => `c${index}: object(oid: "${sha}") { ...who }`);
  return `query ReleaseCommits($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ${parts.join('\n')} }
}
fragment who on GitObject { ${COMMIT} }`;
}

function attribution(commit: NonNullable<v.InferOutput<typeof commitSchema>>): Attribution {
  const pullRequests = commit.associatedPullRequests?.nodes?.filter((node) => node?.merged === true) ?? [];
  return {
    login: commit.author?.user?.login ?? pullRequests[0]?.author?.login,
    pullRequests: pullRequests.flatMap((one) =>
      one === null || one === undefined ? [] : [{ number: one.number, url: one.url }],
    ),
  };
}
