import { nameOf } from '../../../../github/connected.js';
import { type ProbeSettings, probesOf } from '../feedback/details.js';
import type { RepositoryFeedback } from '../feedback/repository-feedback.js';
import { updateFeedback } from '../feedback/update.js';
import type { PreviewResult, PreviewRun, PreviewRunResult } from '../run/run-previews.js';
import { readReports } from './cluster-reports.js';
import { type Expected, type WaitResult, type WaitSettings, waitUntilLive } from './wait-until-live.js';

/** Waits for previews, and tells how far each has come; what does not come to live is in the report. */
export async function watch(
  run: PreviewRun,
  wait: WaitSettings & ProbeSettings,
  awaited: readonly PreviewResult[],
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
  result: PreviewRunResult,
): Promise<void> {
  const byName = new Map(awaited.map((preview) => [preview.decision.name, preview]));
  const expected = awaited.map(
    ({ decision, details }): Expected => ({
      name: decision.name,
      head: details.head,
      probes: probesOf(decision, details.apps, wait),
    }),
  );
  const results = await waitUntilLive(expected, wait, {
    operation: { doing: 'read what the cluster reports', repository: nameOf(run.ops), permission: 'statuses: read' },
    reports: (previews) => readReports(run.ops.github, run.ops.repository, previews),
    async reached({ name, head }, stage) {
      const preview = byName.get(name);
      const feedback = feedbacks.get(preview?.decision.repository.toLowerCase() ?? '');
      if (preview !== undefined && feedback?.told(name, head) !== 'live') {
        preview.status = { stage };
        await updateFeedback([preview], feedbacks);
      }
    },
  });
  for (const preview of awaited) {
    settle(preview, results.get(preview.decision.name), run, result);
  }
  const superseded = ({ decision }: PreviewResult) => results.get(decision.name)?.state === 'superseded';
  await updateFeedback(
    awaited.filter((preview) => !superseded(preview)),
    feedbacks,
  );
}

function settle(
  preview: PreviewResult,
  liveness: WaitResult | undefined,
  run: PreviewRun,
  result: PreviewRunResult,
): void {
  const { name } = preview.decision;
  if (liveness?.state === 'live') {
    preview.status = { stage: 'live' };
  } else if (liveness?.state === 'failed') {
    const { reason } = liveness;
    preview.status = { stage: 'failed', reason };
    (name === run.own?.name ? result.failures : result.warnings).push(`${name} is not live: ${reason}.`);
  } else if (liveness?.state === 'unseen') {
    preview.status = { stage: 'deploying' };
    result.warnings.push(
      `Nothing tells whether ${name} is live: it has no address and nothing reports on commits of the ops repository. ` +
        'Give the policy previews.url, or set up notifications of Flux or Argo CD.',
    );
  } else {
    preview.status = { stage: 'deploying' };
    result.warnings.push(`A newer run took over ${name}, so this one does not wait for it any longer.`);
  }
}
