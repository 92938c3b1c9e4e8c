import type { GitHub } from '../../../github/client.js';
import { commentMutation, findComment } from '../../../github/comments.js';
import type { RepositoryName } from '../../../github/context.js';
import { isForbidden } from '../../../github/errors.js';
import { GraphqlErrors } from '../../../github/graphql-error.js';
import { runMutations } from '../../../github/mutations.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import type { Verdict } from '../../judgement/judge.js';

const MARKER = '<!-- ostack-check-ops -->';

/** GitHub refuses a comment of more than 65,536 characters. */
export const COMMENT_BYTES = 65_000;

/** Writes the results of a check to a pull request and its commit. What fails is kept, and does not stop the rest. */
export class Publisher {
  /** What a person should know about what was not written, sentences. */
  readonly notes = new Set<string>();
  /** What could not be written although it should have been, and why, sentences. */
  readonly failures = new Set<string>();
  readonly #github: GitHub;
  readonly #repository: RepositoryName;
  readonly #whyReadOnly: string | undefined;

  /** @param whyReadOnly why the token may only read, a sentence: a refused request is then a note, and no failure */
  constructor(github: GitHub, repository: RepositoryName, whyReadOnly: string | undefined) {
    this.#github = github;
    this.#repository = repository;
    this.#whyReadOnly = whyReadOnly;
  }

  /** Writes the report as a comment on the pull request, in place of the report of an earlier run. */
  async comment(number: number, markdown: string): Promise<void> {
    const doing = `comment on pull request ${number}`;
    await this.#try(doing, 'pull-requests: write', '"comment: false"', async () => {
      const reader = repositoryReader(this.#github, this.#repository, 'CheckComment');
      const found = await findComment(reader, number, MARKER);
      const mutation = found === undefined ? undefined : commentMutation('comment', found, `${MARKER}\n${markdown}`);
      const results = mutation && (await runMutations(this.#github, 'WriteCheckComment', [mutation]));
      if (results !== undefined && results.errors.length > 0) {
        throw new GraphqlErrors([...results.errors]);
      }
    });
  }

  /**
   * Sets a commit status for each environment, `ostack/<environment>`; one that is right already stays.
   *
   * @param known the statuses that the commit has, by context
   * @param targetUrl page that the statuses link to; empty for none
   */
  async statuses(
    sha: string,
    verdicts: readonly Verdict[],
    known: ReadonlyMap<string, { state: string; description: string }>,
    targetUrl: string,
  ): Promise<void> {
    const { owner, name: repo } = this.#repository;
    for (const { environment, state, line } of verdicts) {
      const context = `ostack/${environment}`;
      const now = known.get(context);
      if (now?.state === state && now.description === line) {
        continue;
      }
      const isSet = await this.#try('set commit statuses', 'statuses: write', '"statuses: false"', async () => {
        const link = targetUrl === '' ? {} : { target_url: targetUrl };
        await this.#github.octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
          ...{ owner, repo, sha, state, context, description: line, ...link },
          // A second status with the same values changes nothing.
          request: { repeatable: true },
        });
        return true;
      });
      if (isSet === undefined) {
        return;
      }
    }
  }

  /** @param without the input that turns this off */
  async #try<T>(doing: string, permission: string, without: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#whyReadOnly !== undefined && this.notes.has(this.#whyReadOnly)) {
      return undefined;
    }
    return tryOperation(operationIn(this.#repository, doing, permission), work, (message, error) => {
      if (!isForbidden(error)) {
        this.failures.add(message);
      } else if (this.#whyReadOnly === undefined) {
        this.failures.add(`${message} Or turn it off with ${without}.`);
      } else {
        this.notes.add(this.#whyReadOnly);
      }
    });
  }
}
