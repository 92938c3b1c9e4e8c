import { runMutations } from '../../../github/mutations.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import type { Round } from './round-context.js';
import type { Survey } from './unit.js';

/**
 * Turns off the auto-merge of pull requests of held apps: it was turned on by a run that had not seen the hold, and GitHub
 * would merge them past it. What of that fails is told.
 */
export async function disableAutoMerge({ github, repository, warn }: Round, held: readonly Survey[]): Promise<void> {
  const pulls = held.flatMap(({ open }) => (open?.autoMerge === true ? [open] : []));
  if (pulls.length === 0) {
    return;
  }
  const byHand = 'it would merge past the hold. Turn that off by hand';
  const mutations = pulls.map(({ id }, index) => {
    const input = { pullRequestId: id };
    return { alias: `u${index}`, name: 'disablePullRequestAutoMerge', input, select: 'clientMutationId' };
  });
  await tryOperation(
    operationIn(repository, 'turn off auto-merge', 'pull-requests: write'),
    async () => {
      const results = await runMutations(github, 'KeepWaiting', mutations);
      for (const [index, { number }] of pulls.entries()) {
        const error = results.error(`u${index}`);
        if (error !== undefined) {
          warn(`Auto-merge of #${number} is still on (${error.message}): ${byHand}.`);
        }
      }
    },
    (words) =>
      warn(`${words} Auto-merge of ${pulls.map(({ number }) => `#${number}`).join(', ')} is still on: ${byHand}.`),
  );
}
