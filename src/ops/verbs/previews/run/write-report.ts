import * as core from '@actions/core';
import { nameOf } from '../../../../github/connected.js';
import { writeSummary } from '../../../../report/summary.js';
import { info } from '../../../../runtime/log.js';
import type { Played, PreviewRun } from './run-previews.js';
import { logLine, previewOutput, renderSummary } from './summary.js';

/**
 * Log lines, annotations, outputs and the job summary of a run about previews.
 *
 * @throws Error with all that failed, after everything is written
 */
export async function writePreviewReport(run: PreviewRun, played: Played): Promise<void> {
  for (const warning of played.warnings) {
    core.warning(warning);
  }
  for (const preview of played.previews) {
    info(logLine(preview));
  }
  if (played.diff !== '') {
    core.startGroup('What would change');
    info(played.diff);
    core.endGroup();
  }
  const previews = played.previews.map((preview) => previewOutput(preview, played.sharing));
  const own = previews.find(({ name }) => name === run.own?.name);
  core.setOutput('name', run.own?.name ?? '');
  core.setOutput('url', own?.url ?? '');
  core.setOutput('urls', own?.urls ?? {});
  core.setOutput('state', own?.state ?? '');
  core.setOutput('commit', played.commit);
  core.setOutput('previews', previews);
  const failures = [...played.failures, ...played.previews.flatMap((preview) => failureOf(preview, run))];
  await writeSummary(renderSummary({ ...played, failures }, nameOf(run.ops), run.dryRun));
  if (failures.length > 0) {
    throw new Error([...new Set(failures)].join('\n'));
  }
}

/** A preview that cannot be made fails the run that is about it; others' are told to their pull requests. */
function failureOf({ decision }: Played['previews'][number], { own }: PreviewRun): string[] {
  return decision.action === 'failed' && decision.name === own?.name ? [`${decision.name}: ${decision.reason}`] : [];
}
