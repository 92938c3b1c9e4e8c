import { type CommentTarget, commentMutation, findComment } from '../../../github/comments.js';
import type { Connected } from '../../../github/connected.js';
import { GraphqlErrors } from '../../../github/graphql-error.js';
import { runMutations } from '../../../github/mutations.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import type { WatchedChange } from './changes.js';
import { liveComment, MARKER } from './comment.js';

/** Pull requests that a run comments on at most. */
const MOST = 20;

/** What was merged before is not told: the first run finds versions that run for long. */
const RECENT_MS = 7 * 24 * 3_600_000;

/**
 * Tells the pull requests that brought versions whether these are live, in one comment each, which is edited.
 *
 * @param news the changes of which there is something new
 * @param all all changes, for what else the pull requests brought
 * @param failed takes a request that failed, with words for people
 */
export async function tellPulls(
  ops: Connected,
  news: readonly WatchedChange[],
  all: readonly WatchedChange[],
  now: Date,
  failed: (words: string, error: unknown) => void,
): Promise<void> {
  const told = news.filter(
    ({ entry, health }) =>
      now.getTime() - entry.at.getTime() < RECENT_MS && health.state !== 'pending' && health.state !== 'progressing',
  );
  const numbers = [...new Set(told.flatMap(({ entry }) => entry.pullRequest?.number ?? []))].slice(0, MOST);
  if (numbers.length === 0) {
    return;
  }
  const operation = operationIn(ops.repository, 'comment on pull requests', 'pull-requests: write');
  await tryOperation(
    operation,
    async () => {
      const reader = repositoryReader(ops.github, ops.repository, 'WatchComments');
      const targets = await Promise.all(numbers.map((number) => findComment(reader, number, MARKER)));
      const mutations = numbers.flatMap((number, index) => {
        const body = liveComment(all.filter(({ entry }) => entry.pullRequest?.number === number));
        return mutationFor(targets[index], `c${index}`, body);
      });
      if (mutations.length === 0) {
        return;
      }
      const { errors } = await runMutations(ops.github, 'TellPulls', mutations);
      if (errors.length > 0) {
        throw new GraphqlErrors([...errors]);
      }
    },
    failed,
  );
}

function mutationFor(target: CommentTarget | undefined, alias: string, body: string) {
  return target === undefined ? [] : (commentMutation(alias, target, body) ?? []);
}
