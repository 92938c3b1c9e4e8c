import { nameOf } from '../../../../github/connected.js';
import { type ProbeSettings, probesOf } from '../feedback/details.js';
import type { Feedback } from '../feedback/repository-feedback.js';
import { tell } from '../feedback/update.js';
import type { Played, PlayedPreview, PreviewRun } from '../run/run-previews.js';
import { readReports } from './cluster-reports.js';
import { type Expected, type Liveness, type Patience, waitUntilLive } from './wait-until-live.js';

/** Waits for previews, and tells how far each has come; what does not come to live is in the report. */
export async function watch(
  run: PreviewRun,
  wait: Patience & ProbeSettings,
  awaited: readonly PlayedPreview[],
  feedbacks: ReadonlyMap<string, Feedback>,
  played: Played,
): Promise<void> {
  const byName = new Map(awaited.map((preview) => [preview.decision.name, preview]));
  const expected = awaited.map(
    ({ decision, shown }): Expected => ({
      name: decision.name,
      head: shown.head,
      probes: probesOf(decision, shown.apps, wait),
    }),
  );
  const results = await waitUntilLive(expected, wait, {
    operation: { doing: 'read what the cluster reports', repository: nameOf(run.ops), permission: 'statuses: read' },
    reports: (previews) => readReports(run.ops.github, run.ops.repository, previews),
    async reached({ name, head }, stage) {
      const preview = byName.get(name);
      const feedback = feedbacks.get(preview?.decision.repository.toLowerCase() ?? '');
      if (preview !== undefined && feedback?.told(name, head) !== 'live') {
        preview.standing = { stage };
        await tell([preview], feedbacks);
      }
    },
  });
  for (const preview of awaited) {
    settle(preview, results.get(preview.decision.name), run, played);
  }
  const superseded = ({ decision }: PlayedPreview) => results.get(decision.name)?.state === 'superseded';
  await tell(
    awaited.filter((preview) => !superseded(preview)),
    feedbacks,
  );
}

function settle(preview: PlayedPreview, liveness: Liveness | undefined, run: PreviewRun, played: Played): void {
  const { name } = preview.decision;
  if (liveness?.state === 'live') {
    preview.standing = { stage: 'live' };
  } else if (liveness?.state === 'failed') {
    const { reason } = liveness;
    preview.standing = { stage: 'failed', reason };
    (name === run.own?.name ? played.failures : played.warnings).push(`${name} is not live: ${reason}.`);
  } else if (liveness?.state === 'unseen') {
    preview.standing = { stage: 'deploying' };
    played.warnings.push(
      `Nothing tells whether ${name} is live: it has no address and nothing reports on commits of the ops repository. ` +
        'Give the policy previews.url, or set up notifications of Flux or Argo CD.',
    );
  } else {
    preview.standing = { stage: 'deploying' };
    played.warnings.push(`A newer run took over ${name}, so this one does not wait for it any longer.`);
  }
}
