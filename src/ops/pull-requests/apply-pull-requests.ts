import type { Snapshot } from '../repository/snapshot.js';
import type { Proposal } from './proposal.js';
import { noteOutcome, type Run, writeContextOf } from './run.js';
import { type Survey, workFor } from './survey.js';
import { type Work, writtenOf } from './work.js';
import { writeWorks } from './write-works.js';

/** Opens, updates, merges or closes the pull requests of proposals, once. */
export async function applyPullRequests<P extends Proposal>(
  run: Run<P>,
  snapshot: Snapshot,
  surveys: readonly Survey<P>[],
): Promise<void> {
  const works = new Map<Work, Survey<P>>();
  for (const each of surveys) {
    const work = await workFor(snapshot, each);
    if (work.step.do === 'nothing') {
      const { action, reason } = work.step;
      noteOutcome(run, each, { action, reason, pullRequest: work.open });
    } else {
      works.set(work, each);
    }
  }
  for (const [work, { proposal }] of works) {
    if (work.merges) {
      run.report.mayBeMerged.add(proposal.subject);
    }
  }
  const alongside = surveys.flatMap(({ proposal, base }) =>
    base.state === 'change' ? (proposal.alongside ?? []) : [],
  );
  const executed = await writeWorks(writeContextOf(run, snapshot), [...works.keys()], alongside);
  for (const [work, each] of works) {
    const done = writtenOf(executed, work);
    const settled = done.state === 'again' ? done.settled : undefined;
    if (done.state === 'settled') {
      noteOutcome(run, each, done);
    } else if (settled === undefined || done.state === 'failed') {
      run.outcomes.set(each.proposal.subject, done);
    } else {
      noteOutcome(run, each, settled, done.reason);
    }
  }
}
