import * as core from '@actions/core';
import { nameOf } from '../../../../github/connected.js';
import { writeSummary } from '../../../../report/summary.js';
import { info } from '../../../../runtime/log.js';
import type { PreviewRun, PreviewRunResult } from './run-previews.js';
import { logLine, previewOutput, renderSummary } from './summary.js';

/**
 * Log lines, annotations, outputs and the job summary of a run about previews.
 *
 * @throws Error with all that failed, after everything is written
 */
export async function writePreviewReport(run: PreviewRun, result: PreviewRunResult): Promise<void> {
  for (const warning of result.warnings) {
    core.warning(warning);
  }
  for (const preview of result.previews) {
    info(logLine(preview));
  }
  if (result.diff !== '') {
    core.startGroup('What would change');
    info(result.diff);
    core.endGroup();
  }
  const previews = result.previews.map((preview) => previewOutput(preview, result.sharing));
  const own = previews.find(({ name }) => name === run.own?.name);
  core.setOutput('name', run.own?.name ?? '');
  core.setOutput('url', own?.url ?? '');
  core.setOutput('urls', own?.urls ?? {});
  core.setOutput('state', own?.state ?? '');
  core.setOutput('commit', result.commit);
  core.setOutput('previews', previews);
  const failures = [...result.failures, ...result.previews.flatMap((preview) => failureOf(preview, run))];
  await writeSummary(renderSummary({ ...result, failures }, nameOf(run.ops), run.dryRun));
  if (failures.length > 0) {
    throw new Error([...new Set(failures)].join('\n'));
  }
}

/** A preview that cannot be made fails the run that is about it; others' are told to their pull requests. */
function failureOf({ decision }: PreviewRunResult['previews'][number], { own }: PreviewRun): string[] {
  return decision.action === 'failed' && decision.name === own?.name ? [`${decision.name}: ${decision.reason}`] : [];
}
