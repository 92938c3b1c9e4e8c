import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { nextPage } from '../../github/page.js';
import { operationIn } from '../../github/try-operation.js';

/** A move of a branch, as GitHub recorded it. */
export interface Push {
  /** Grows with time. */
  id: number;
  before: string;
  after: string;
  at: Date;
  /** Login; `undefined` where the account is gone. */
  actor: string | undefined;
  /** Whether it took away commits that the branch had. */
  isForced: boolean;
}

const activitySchema = v.array(
  v.object({
    id: v.number(),
    before: v.string(),
    after: v.string(),
    timestamp: v.string(),
    activity_type: v.string(),
    actor: v.nullable(v.object({ login: v.string() })),
  }),
);

/**
 * How a branch moved, newest first, a hundred moves in one request; all of them where none is named.
 *
 * @param isEnough whether what is read goes back far enough
 * @param mostPages requests at most
 * @returns what there is, where GitHub's record does not go back so far
 * @throws Error naming the permission that the token lacks
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
export async function readPushes(
  { github, repository }: Connected,
  branch: string | undefined,
  isEnough: (pushes: readonly Push[]) => boolean,
  mostPages: number,
): Promise<Push[]> {
  const { owner, name } = repository;
  const ref = branch === undefined ? '' : `&ref=${encodeURIComponent(`refs/heads/${branch}`)}`;
  const pushes: Push[] = [];
  let next: string | undefined = `/repos/${owner}/${name}/activity?per_page=100${ref}`;
  await attempt(
    operationIn(repository, `read who pushed to ${branch ?? 'its branches'}`, 'contents: read'),
    async () => {
      for (let page = 0; next !== undefined && page < mostPages && !isEnough(pushes); page++) {
        const answer: Awaited<ReturnType<typeof github.octokit.request>> = await github.octokit.request(`GET ${next}`);
        pushes.push(
          ...v
            .parse(activitySchema, answer.data)
            .map(({ id, before, after, timestamp, actor, activity_type: type }) => ({
              ...{ id, before, after, at: new Date(timestamp), actor: actor?.login, isForced: type === 'force_push' },
            })),
        );
        next = nextPage(answer.headers);
      }
    },
  );
  return pushes;
}
