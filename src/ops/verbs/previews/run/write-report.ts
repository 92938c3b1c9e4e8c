import * as core from '@actions/core';
import { nameOf } from '../../../../github/connected.js';
import { writeSummary } from '../../../../report/summary.js';
import { info, logGroup, logWarning } from '../../../../runtime/log.js';
import { leftOutSentence } from '../../../judgement/left-out.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import { previewOutput } from './outputs.js';
import type { PreviewRun, PreviewRunResult } from './preview-run.js';
import { logLine, renderSummary } from './summary.js';

/**
 * Writes the log, annotations, outputs and job summary of a run.
 *
 * @throws Error with every failure, a line each, after all of that is written
 */
export async function writePreviewReport(run: PreviewRun, result: PreviewRunResult): Promise<void> {
  for (const warning of result.warnings) {
    logWarning(warning);
  }
  for (const preview of result.previews) {
    info(logLine(preview));
    for (const each of preview.decision.name === run.own?.name ? preview.details.leftOut : []) {
      info(leftOutSentence(each));
    }
  }
  if (result.diff !== '') {
    logGroup('What would change', result.diff);
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
  const { serverUrl, dryRun } = run;
  const context = { opsRepository: nameOf(run.ops), serverUrl, dryRun, now: new Date() };
  await writeSummary(renderSummary({ ...result, failures }, context));
  if (failures.length > 0) {
    throw new Error([...new Set(failures)].join('\n'));
  }
}

/** A preview that cannot be rendered fails the run that is about it. Others are reported on their own pull requests. */
function failureOf({ decision }: PreviewResult, { own }: PreviewRun): string[] {
  return decision.action === 'failed' && decision.name === own?.name ? [`${decision.name}: ${decision.reason}`] : [];
}
