import type { Snapshot } from '../repository/snapshot.js';
import { closeProposed } from './close-proposed.js';
import { commitDirectly } from './commit-directly.js';
import type { Proposal } from './proposal.js';
import { noteOutcome, type Run, writeContextOf } from './run.js';
import type { Survey } from './survey.js';

/**
 * Commits the first proposal that changes something; the others are planned again on top of it. No pull request of theirs
 * stays open. Where rules keep commits away, the run goes on with pull requests.
 *
 * @returns whether a commit was made
 */
export async function applyDirectly<P extends Proposal>(
  run: Run<P>,
  snapshot: Snapshot,
  surveys: readonly Survey<P>[],
): Promise<boolean> {
  const execution = writeContextOf(run, snapshot);
  let isFirst = true;
  let wasCommitted = false;
  for (const each of surveys) {
    const { base, proposal } = each;
    if (base.state === 'nothing' || base.state === 'newer') {
      const pullRequest = await closeProposed(snapshot, execution, each, base.reason);
      noteOutcome(run, each, { action: pullRequest ? 'closed' : 'unchanged', reason: base.reason, pullRequest });
    } else if (base.state === 'change' && isFirst) {
      isFirst = false;
      const done = await commitDirectly(snapshot, proposal, base);
      wasCommitted = done.state === 'committed';
      if (done.state === 'committed') {
        const reason = `it was committed to ${snapshot.repo.base} directly, as ${done.oid}`;
        await closeProposed(snapshot, execution, each, reason);
        noteOutcome(run, each, { action: 'committed', reason: '', commit: done.oid });
      } else if (done.state === 'guarded') {
        run.direct = false;
        run.outcomes.set(proposal.subject, { state: 'again', reason: done.reason });
      } else {
        run.outcomes.set(proposal.subject, done);
      }
    } else {
      run.outcomes.set(proposal.subject, { state: 'again', reason: 'another commit of this run came first' });
    }
  }
  return wasCommitted;
}
