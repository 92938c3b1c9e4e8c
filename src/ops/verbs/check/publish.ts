import type { GitHub } from '../../../github/client.js';
import { commentMutation, findComment } from '../../../github/comments.js';
import type { RepositoryName } from '../../../github/context.js';
import { isForbidden } from '../../../github/errors.js';
import { GraphqlErrors } from '../../../github/graphql-error.js';
import { runMutations } from '../../../github/mutations.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import type { Verdict } from './judge.js';

const MARKER = '<!-- ostack-check-ops -->';

/** GitHub refuses a comment of more than 65,536 characters. */
export const COMMENT_BYTES = 65_000;

/** Says things on GitHub. What could not be said is kept, and keeps nothing else from being said. */
export class Publisher {
  /** What a person should know. */
  readonly notes = new Set<string>();
  /** What could not be said, and why. */
  readonly failures = new Set<string>();
  readonly #github: GitHub;
  readonly #repository: RepositoryName;
  readonly #excuse: string | undefined;

  /** @param excuse why the token may only read, a sentence; a refusal is then a note with it, and no failure */
  constructor(github: GitHub, repository: RepositoryName, excuse: string | undefined) {
    this.#github = github;
    this.#repository = repository;
    this.#excuse = excuse;
  }

  /** Puts the report under the pull request, in place of the one before. */
  async comment(number: number, markdown: string): Promise<void> {
    const doing = `comment on pull request ${number}`;
    await this.#try(doing, 'pull-requests: write', '"comment: false"', async () => {
      const reader = repositoryReader(this.#github, this.#repository, 'CheckComment');
      const place = await findComment(reader, number, MARKER);
      const mutation = place === undefined ? undefined : commentMutation('comment', place, `${MARKER}\n${markdown}`);
      const results = mutation && (await runMutations(this.#github, 'WriteCheckComment', [mutation]));
      if (results !== undefined && results.errors.length > 0) {
        throw new GraphqlErrors([...results.errors]);
      }
    });
  }

  /**
   * Sets a commit status for each environment, `ostack/<environment>`; one that says so already stays.
   *
   * @param known the statuses of the commit, by context
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
      const told = await this.#try('set commit statuses', 'statuses: write', '"statuses: false"', async () => {
        const link = targetUrl === '' ? {} : { target_url: targetUrl };
        await this.#github.rest.repos.createCommitStatus({
          ...{ owner, repo, sha, state, context, description: line, ...link },
          // A second status of the same words changes nothing.
          request: { repeatable: true },
        });
        return true;
      });
      if (told === undefined) {
        return;
      }
    }
  }

  /** @param without the input that does without it */
  async #try<T>(doing: string, permission: string, without: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#excuse !== undefined && this.notes.has(this.#excuse)) {
      return undefined;
    }
    return tryOperation(operationIn(this.#repository, doing, permission), work, (words, error) => {
      if (!isForbidden(error)) {
        this.failures.add(words);
      } else if (this.#excuse === undefined) {
        this.failures.add(`${words} Or do without it: ${without}.`);
      } else {
        this.notes.add(this.#excuse);
      }
    });
  }
}
