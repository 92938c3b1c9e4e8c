import * as v from 'valibot';
import type { Connected } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { readFailure } from '../../../../github/failure.js';
import { operationIn } from '../../../../github/try-operation.js';

const permissionSchema = v.object({ permission: v.string() });

/**
 * Whether a person may write to the repository. Whoever may only triage can label, and anybody who may read can comment; a bot
 * is on no list of people.
 *
 * @param username login
 * @throws Error for people when that cannot be read
 *
 * @see https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function mayWrite({ github, repository }: Connected, username: string): Promise<boolean> {
  const { owner, name: repo } = repository;
  const operation = operationIn(repository, `read what ${username} may do`, 'metadata: read');
  return attempt(operation, async () => {
    try {
      const answer = await github.octokit.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
        ...{ owner, repo, username },
      });
      return ['admin', 'write'].includes(v.parse(permissionSchema, answer.data).permission);
    } catch (error) {
      if (readFailure(error)?.status === 404) {
        return false;
      }
      throw error;
    }
  });
}
