import { code, details as collapsed, fenced, link, plain, table } from '../../../../report/markdown.js';
import { isoSeconds } from '../../../../report/time.js';
import { durationOf } from '../../../../runtime/duration.js';
import { mainUrl } from '../feedback/details.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import { statusLine } from '../feedback/status.js';
import type { Asked } from './ask-for-previews.js';
import type { PreviewRunResult } from './preview-run.js';

/** One line of the log about a preview. */
export function logLine({ decision, details, status }: PreviewResult): string {
  const { name, action, reason, state } = decision;
  if (action === 'skipped') {
    return `${name}: skipped, unchanged (${reason})`;
  }
  const url = state === 'active' ? mainUrl(details.apps) : '';
  const line = `${name}: ${action}, ${statusLine(status)}${url === '' ? '' : ` ${url}`}`;
  return 'reason' in status ? line : `${line} (${reason})`;
}

/**
 * The job summary of a run, Markdown.
 *
 * @param opsRepository `owner/name`
 */
export function renderSummary(result: PreviewRunResult, opsRepository: string, dryRun: boolean): string {
  const rows = result.previews.map(({ decision, details, status }) => {
    const url = decision.state === 'active' ? mainUrl(details.apps) : '';
    const state = decision.action === 'skipped' ? `skipped: ${decision.reason}` : statusLine(status);
    return [
      code(decision.name),
      plain(`${decision.repository}${decision.pullRequest === undefined ? '' : ` #${decision.pullRequest}`}`),
      plain(state),
      url === '' ? '' : link(url.replace(/^https?:\/\//, ''), url),
    ];
  });
  const parts = [
    `### Previews in ${plain(opsRepository)}${dryRun ? ' (dry run, nothing was written)' : ''}`,
    ...(result.asked === undefined ? [] : [askedLine(result.asked, opsRepository)]),
    rows.length === 0 ? 'There are none.' : table(['preview', 'for', 'state', 'address'], rows),
    ...result.failures.map((failure) => `**Failed:** ${plain(failure)}`),
    ...result.warnings.map((warning) => `> ${plain(warning)}`),
    ...(result.diff === '' ? [] : [collapsed('What would change', fenced('diff', result.diff))]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function askedLine({ at, tookMs }: Asked, opsRepository: string): string {
  const outcome = tookMs === undefined ? 'it was not there in time' : `it was there ${durationOf(tookMs)} later`;
  return `${plain(opsRepository)} alone writes previews. It was asked at ${isoSeconds(at)}, and ${outcome}.`;
}
