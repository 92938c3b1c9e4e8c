import { type Connected, nameOf } from '../../../../github/connected.js';
import { feedbackOf } from '../feedback/needs-update.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import { type FeedbackByRepository, updateFeedback } from '../feedback/update.js';
import { readClusterReports } from './cluster-reports.js';
import { type ProbeSettings, probesOf } from './preview-probes.js';
import { type AwaitedPreview, type WaitOutcome, type WaitSettings, waitUntilLive } from './wait-until-live.js';

/** One or more sentences for people, about one preview each. */
export interface WaitProblem {
  name: string;
  /** Whether the preview has failed. Otherwise it may be live, and nobody knows. */
  failed: boolean;
  message: string;
}

/**
 * Waits for previews, and updates their status and their feedback each time they get further.
 *
 * @param ops the ops repository, with a token that may read commit statuses
 * @param branch that previews are on
 * @param awaited active previews; their status is changed
 * @returns a problem for each preview that was not seen live
 * @throws any error that is no failed request
 */
export async function waitAndReport(
  ops: Connected,
  branch: string,
  settings: WaitSettings & ProbeSettings,
  awaited: readonly PreviewResult[],
  feedbacks: FeedbackByRepository,
): Promise<WaitProblem[]> {
  const byName = new Map(awaited.map((preview) => [preview.decision.name, preview]));
  const previews = awaited.map(
    ({ decision, details }): AwaitedPreview => ({
      name: decision.name,
      head: details.head,
      probes: probesOf(decision, details.apps, settings),
    }),
  );
  const outcomes = await waitUntilLive(previews, settings, {
    operation: { doing: 'read what the cluster reports', repository: nameOf(ops), permission: 'statuses: read' },
    readReports: (names) => readClusterReports(ops.github, ops.repository, branch, names),
    async reached({ name, head }, stage) {
      const preview = byName.get(name);
      const feedback = preview && feedbackOf(feedbacks, preview.decision.repository);
      if (preview !== undefined && feedback?.reportedStage(name, head) !== 'live') {
        preview.status = { stage };
        await updateFeedback([preview], feedbacks);
      }
    },
  });
  const problems = awaited.flatMap((preview) => applyOutcome(preview, outcomes.get(preview.decision.name)) ?? []);
  const isSuperseded = ({ decision }: PreviewResult) => outcomes.get(decision.name)?.state === 'superseded';
  await updateFeedback(
    awaited.filter((preview) => !isSuperseded(preview)),
    feedbacks,
  );
  return problems;
}

/** Sets the status of a preview. @returns the problem, where it was not seen live */
function applyOutcome(preview: PreviewResult, outcome: WaitOutcome | undefined): WaitProblem | undefined {
  const { name } = preview.decision;
  switch (outcome?.state) {
    case 'live':
      preview.status = { stage: 'live' };
      return undefined;
    case 'failed':
      preview.status = { stage: 'failed', reason: outcome.reason };
      return { name, failed: true, message: `${name}: ${outcome.reason}` };
    case 'unknown':
      preview.status = { stage: 'deploying' };
      return {
        name,
        failed: false,
        message:
          `Nothing shows whether ${name} is live: it has no address, and the cluster reports no commit statuses in the ops ` +
          'repository. Set previews.url in the policy, or set up notifications of Flux or Argo CD.',
      };
    default:
      preview.status = { stage: 'deploying' };
      return { name, failed: false, message: `A newer run has changed ${name}, so this run no longer waits for it.` };
  }
}
