import type { Snapshot } from '../repository/snapshot.js';
import { unifiedDiff } from '../tree/unified-diff.js';
import { isNew } from './content-pace.js';
import { DRY_RUN } from './outcome.js';
import type { Proposal } from './proposal.js';
import { noteOutcome, type Run } from './run.js';
import { type Survey, workFor } from './survey.js';
import type { Settled, Work } from './work.js';

/** Notes what would become of proposals, with what would change and what their pull requests would say. */
export async function rehearseAll<P extends Proposal>(
  run: Run<P>,
  snapshot: Snapshot,
  surveys: readonly Survey<P>[],
): Promise<void> {
  const { direct } = run;
  for (const each of surveys) {
    const { base, proposal } = each;
    const work = await workFor(snapshot, each);
    const isDirect = direct && base.state === 'change';
    if (work.step.do === 'nothing' && !isDirect) {
      noteOutcome(run, each, { action: work.step.action, reason: work.step.reason });
      continue;
    }
    if (base.state === 'change') {
      run.report.diffs.set(proposal.subject, unifiedDiff(base.before, base.change));
    }
    if (isDirect) {
      noteOutcome(run, each, { action: 'committed', reason: DRY_RUN, rehearsed: true });
    } else {
      run.report.texts.set(proposal.subject, work.body);
      const { action } = rehearse(work);
      noteOutcome(run, each, { action, reason: DRY_RUN, pullRequest: work.open, rehearsed: true });
    }
  }
}

/** What writing it would come to, as far as the step tells. */
function rehearse({ step, open }: Pick<Work, 'step' | 'open'>): Settled {
  const actions = {
    open: 'created',
    append: 'updated',
    rebuild: 'updated',
    keep: 'unchanged',
    close: 'closed',
  } as const;
  const action = step.do === 'nothing' ? 'unchanged' : actions[step.do];
  const created = isNew({ step, open });
  return { state: 'settled', action: created ? 'created' : action, reason: DRY_RUN, pullRequest: open };
}
