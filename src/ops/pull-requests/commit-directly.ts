import { nameOf } from '../../github/connected.js';
import { explain } from '../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../github/failure.js';
import { isStale } from '../../github/graphql-error.js';
import { runMutations } from '../../github/mutations.js';
import { isRule } from '../../github/rule-refusal.js';
import type { Snapshot } from '../repository/snapshot.js';
import { commitMutation, committedOid } from '../tree/commit-mutation.js';
import { refused } from './github-refusal.js';
import type { PlannedChange } from './planned.js';
import type { Proposal } from './proposal.js';

/** How a commit on the default branch went. */
export type Committed =
  | { state: 'committed'; oid: string }
  | { state: 'failed'; error: Error }
  /** Rules keep commits away from the branch. */
  | { state: 'guarded'; reason: string }
  /** The branch moved, or the answer was lost: read and plan again. */
  | { state: 'again'; reason: string };

/** Commits a proposal to the default branch, if that is still at the commit of the snapshot. */
export async function commitDirectly(
  snapshot: Snapshot,
  proposal: Proposal,
  planned: PlannedChange,
): Promise<Committed> {
  const { repo, ops } = snapshot;
  const repository = nameOf(ops);
  const target = { repository, branch: repo.base, expectedHeadOid: repo.baseOid };
  const operation = { doing: `commit to the branch ${repo.base}`, permission: 'contents: write' };
  const alongside = proposal.alongside ?? [];
  try {
    const results = await runMutations(ops.github, 'CommitProposal', [
      commitMutation('commit', target, planned.change, proposal.message(planned)),
      ...alongside.map(({ mutation }, index) => ({ ...mutation, alias: `x${index}` })),
    ]);
    for (const [index, { otherwise }] of alongside.entries()) {
      const error = results.error(`x${index}`);
      if (error !== undefined) {
        snapshot.warn(`${otherwise}: ${error.message}`);
      }
    }
    const error = results.error('commit');
    const oid = committedOid(results, 'commit');
    if (oid !== undefined) {
      return { state: 'committed', oid };
    }
    if (error === undefined || isStale(error)) {
      return { state: 'again', reason: error?.message ?? 'GitHub gave no answer' };
    }
    return isRule(error.message)
      ? { state: 'guarded', reason: `GitHub takes no commit to ${repo.base}: ${error.message}` }
      : { state: 'failed', error: refused({ ...operation, error }, repository) };
  } catch (error) {
    const failure = readFailure(error);
    if (failure === undefined || !mayHaveTakenEffect(failure)) {
      throw explain(error, { ...operation, repository });
    }
    return { state: 'again', reason: `an answer was lost: ${failure.message}` };
  }
}
