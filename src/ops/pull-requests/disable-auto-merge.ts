import { runMutations } from '../../github/mutations.js';
import { operationIn, tryOperation } from '../../github/try-operation.js';
import type { PullRequest } from '../repository/pull-request.js';
import type { Snapshot } from '../repository/snapshot.js';
import { mergesByItself, stopMerge } from './stop-merge.js';

/**
 * Turns off the auto-merge of pull requests of held apps: it was turned on by a run that had not seen the hold, and GitHub
 * would merge them past it. Where that fails, a warning says to turn it off by hand.
 */
export async function disableAutoMerge(
  { ops, warn }: Snapshot,
  held: readonly { branch: { open: PullRequest | undefined } }[],
): Promise<void> {
  const pulls = held.flatMap(({ branch: { open } }) => (open !== undefined && mergesByItself(open) ? [open] : []));
  if (pulls.length === 0) {
    return;
  }
  const byHand = 'it would merge past the hold. Turn that off by hand';
  const mutations = pulls.flatMap((pull, index) =>
    stopMerge(pull).map((mutation) => ({ ...mutation, alias: `u${index}_${mutation.name}` })),
  );
  await tryOperation(
    operationIn(ops.repository, 'turn off auto-merge', 'pull-requests: write'),
    async () => {
      const results = await runMutations(ops.github, 'DisableAutoMerge', mutations);
      for (const [index, { number }] of pulls.entries()) {
        const error = results.errors.find(({ path }) => String(path[0]).startsWith(`u${index}_`));
        if (error !== undefined) {
          warn(`Auto-merge of #${number} is still on (${error.message}): ${byHand}.`);
        }
      }
    },
    (message) =>
      warn(`${message} Auto-merge of ${pulls.map(({ number }) => `#${number}`).join(', ')} is still on: ${byHand}.`),
  );
}
