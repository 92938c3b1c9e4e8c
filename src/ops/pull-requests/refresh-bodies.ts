import { NOBODY } from '../repository/repository-state.js';
import type { Snapshot } from '../repository/snapshot.js';
import type { Proposal } from './proposal.js';
import { type Run, writeContextOf } from './run.js';
import { type Survey, survey, workFor } from './survey.js';
import { writeWorks } from './write-works.js';

/**
 * Writes the bodies of open pull requests that say something else than what is on their branches. The body and the branch
 * are two writes: a slower run may have written the body of an older release after the newer one's, which is done by then
 * and does not come back. Whoever finds it so mends it.
 */
export async function refreshBodies<P extends Proposal>(
  run: Run<P>,
  snapshot: Snapshot,
  surveys: readonly Survey<P>[],
): Promise<void> {
  for (const { proposal, branch, onTop } of surveys) {
    const newer = await proposal.newerProposal?.(branch, onTop);
    if (newer === undefined) {
      continue;
    }
    // People may have written to it since it was read.
    snapshot.forgetBranch(newer.branch);
    const again = await survey(snapshot, newer, run.options.starters ?? []);
    const isWritable = again.base.state === 'change';
    const work = isWritable ? await workFor(snapshot, again) : undefined;
    if (work?.step.do !== 'keep') {
      continue;
    }
    const execution = { ...writeContextOf(run, snapshot), people: NOBODY, mergeMethod: undefined };
    const done = await writeWorks(execution, [{ ...work, labels: [], merges: false, stopsMerging: false }]);
    const outcome = run.outcomes.get(proposal.subject);
    if ([...done.values()].some(({ state }) => state === 'again') && outcome?.state === 'settled') {
      const reason = 'its branch moved while the text was written';
      run.outcomes.set(proposal.subject, { ...outcome, state: 'again', reason });
    }
  }
}
