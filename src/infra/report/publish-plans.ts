import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { readPlanChecks, writePlanCheck } from './check-runs.js';
import { COMMENT_MARKER, type CommentRoot, planComment } from './comment.js';
import { writeMarkedComment } from './marked-comment.js';
import type { RootReport } from './root-report.js';

/** Where plans are told. */
export interface PlanPlace {
  to: Connected;
  /** Number of the pull request. */
  number: number;
  /** Its head. */
  head: string;
  runUrl: string;
}

/** What is told. */
export interface PlansToTell {
  roots: readonly Pick<CommentRoot, 'report' | 'text'>[];
  /** Whether these are all roots of the pull request; in a job of a matrix they are not, and those of other jobs stay. */
  isAll: boolean;
}

/** How often the comment is written anew because another job told something meanwhile. */
const MOST_ROUNDS = 10;

/**
 * Writes a check run for each root, and the one comment from the check runs of the head. Jobs of a matrix write it at once: each
 * writes its check runs first, and looks after the comment whether others have come, so whichever is last has seen all.
 *
 * @throws Error naming the permission that the token lacks
 */
export async function publishPlans(
  { to, number, head, runUrl }: PlanPlace,
  { roots, isAll }: PlansToTell,
): Promise<void> {
  const read = operationIn(to.repository, 'read and write check runs', 'checks: write');
  await attempt(read, async () => {
    const known = await readPlanChecks(to, head);
    for (const root of roots) {
      const there = known.get(root.report.root);
      await writePlanCheck(to, head, { ...root, report: standing(root.report, there?.report) }, there, runUrl);
    }
  });
  const names = new Set(roots.map(({ report }) => report.root));
  const tell = operationIn(to.repository, `comment on pull request ${number}`, 'pull-requests: write');
  await attempt(tell, async () => {
    let told = '';
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const checks = [...(await readPlanChecks(to, head)).values()];
      const now = planComment({ roots: checks.filter(({ report }) => !isAll || names.has(report.root)), head, runUrl });
      if (now === told) {
        return;
      }
      told = now;
      await writeMarkedComment(to, number, { marker: COMMENT_MARKER, text: now, isNew: checks.length > 0 });
    }
  });
}

/** A report whose plan does what the one before it did for this head: who approved that one has approved this one. */
export function standing(report: RootReport, before: RootReport | undefined): RootReport {
  const [now, then] = [report.proof, before?.proof];
  const isSame = now !== undefined && then?.structure === now.structure && then.inputs === now.inputs;
  return isSame ? { ...report, proof: { ...now, since: then.since } } : report;
}
