import type { GitHub } from '../../github/client.js';
import { commentMutation, findComment } from '../../github/comments.js';
import type { RepositoryName } from '../../github/context.js';
import { type Deed, explain, isRequestFailure } from '../../github/errors.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { runMutations } from '../../github/mutations.js';
import { repositoryReader } from '../../github/repository-reader.js';
import type { Verdict } from './judge.js';

const MARKER = '<!-- ostack-check-ops -->';

/** GitHub refuses a comment of more than 65,536 characters. */
export const COMMENT_BYTES = 65_000;

/** Says things on GitHub. What a token may not do is left out, and why is kept in `notes`. */
export class Teller {
  readonly notes = new Set<string>();
  readonly #github: GitHub;
  readonly #repository: RepositoryName;

  constructor(github: GitHub, repository: RepositoryName) {
    this.#github = github;
    this.#repository = repository;
  }

  /** Puts the report under the pull request, in place of the one before. */
  async comment(number: number, markdown: string): Promise<void> {
    await this.#try(this.#deed(`comment on pull request ${number}`, 'pull-requests: write'), async () => {
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
      const told = await this.#try(this.#deed('set commit statuses', 'statuses: write'), async () => {
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

  #deed(doing: string, permission: string): Deed {
    return { doing, permission, repository: `${this.#repository.owner}/${this.#repository.name}` };
  }

  async #try<T>(deed: Deed, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const explained = explain(error, deed);
      if (!isRequestFailure(error) || !(explained instanceof Error)) {
        throw error;
      }
      this.notes.add(explained.message);
      return undefined;
    }
  }
}
