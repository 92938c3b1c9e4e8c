import type { Proposed } from '../../ops/verbs/check/evaluate.js';
import { Publisher } from '../../ops/verbs/check/publish.js';
import { readPull } from '../../ops/verbs/check/pulls.js';
import { checkChange, proposedBy } from './check-change.js';
import { type Checked, type CheckRun, pullsOf } from './check-run.js';
import type { Subject } from './subject.js';

/** For a merge group without a known pull request: it had its approvals, or it would not be in the queue. */
const APPROVED: Proposed = {
  messages: [],
  approvals: async (approvers) => ({ given: approvers, refused: [], problem: undefined }),
};

/** Checks what a merge queue is about to merge, and sets the commit statuses of its head commit. */
export async function checkGroup(run: CheckRun, group: Subject & { kind: 'group' }): Promise<Checked> {
  const { inputs, github, repository, context } = run;
  const { base, head, number } = group;
  const proposed = number === undefined ? APPROVED : proposedBy(run, await readPull(pullsOf(run), number));
  const found = await checkChange(run, { base, head }, proposed, true);
  const { verdicts = [], files } = found ?? {};
  const publisher = new Publisher(github, repository, undefined);
  if (inputs.statuses && !inputs.dryRun) {
    await publisher.statuses(head, verdicts, new Map(), context.runUrl);
  }
  return { number, sha: head, verdicts, files, notes: [...publisher.notes], failures: [...publisher.failures] };
}
