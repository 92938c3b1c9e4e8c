import { code, details, fenced, link, plain, table } from '../../../../report/markdown.js';
import type { Sharing } from '../../../repository/workspaces.js';
import { statusLine } from '../feedback/comment.js';
import { mainUrl } from '../feedback/details.js';
import { type PreviewResult, type PreviewRunResult, urlsOf } from './run-previews.js';

/** One entry of the output `previews`. */
export interface PreviewOutput {
  name: string;
  repository: string;
  pullRequest: number | null;
  action: string;
  /** `queued`, `deploying`, `live`, `failed`, `removed`… */
  state: string;
  position: number | null;
  url: string;
  urls: Record<string, string>;
  expiresAt: string;
  reason: string;
}

/** What became of a preview, for later steps. */
export function previewOutput({ decision, details, status }: PreviewResult, sharing: Sharing): PreviewOutput {
  const { name, repository, pullRequest, action, position, reason } = decision;
  const present = decision.state === 'active';
  return {
    name,
    repository,
    pullRequest: pullRequest ?? null,
    action,
    state: status.stage,
    position: position ?? null,
    url: present ? mainUrl(details.apps) : '',
    urls: present ? urlsOf(details.apps, sharing) : {},
    expiresAt: details.expiresAt,
    reason,
  };
}

/** One line of the log. */
export function logLine({ decision, details, status }: PreviewResult): string {
  const { name, action, reason, state } = decision;
  const url = state === 'active' ? mainUrl(details.apps) : '';
  const stage = action === 'skipped' ? 'as it was' : statusLine(status);
  return `${name}: ${action}, ${stage}${url === '' ? '' : ` ${url}`} (${reason})`;
}

/** What happened, for the job summary. */
export function renderSummary(result: PreviewRunResult, opsRepository: string, dryRun: boolean): string {
  const rows = result.previews.map(({ decision, details, status }) => {
    const url = decision.state === 'active' ? mainUrl(details.apps) : '';
    const stage = decision.action === 'skipped' ? `skipped: ${decision.reason}` : statusLine(status);
    return [
      code(decision.name),
      plain(`${decision.repository}${decision.pullRequest === undefined ? '' : ` #${decision.pullRequest}`}`),
      plain(stage),
      url === '' ? '' : link(url.replace(/^https?:\/\//, ''), url),
    ];
  });
  const parts = [
    `### Previews in ${plain(opsRepository)}${dryRun ? ' (dry run, nothing was written)' : ''}`,
    rows.length === 0 ? 'There are none.' : table(['preview', 'for', 'state', 'address'], rows),
    ...result.failures.map((failure) => `**Failed:** ${plain(failure)}`),
    ...result.warnings.map((warning) => `> ${plain(warning)}`),
    ...(result.diff === '' ? [] : [details('What would change', fenced('diff', result.diff))]),
  ];
  return `${parts.join('\n\n')}\n`;
}
