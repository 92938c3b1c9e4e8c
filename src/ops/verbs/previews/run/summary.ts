import { code, details, fenced, link, plain, table } from '../../../../report/markdown.js';
import type { Sharing } from '../../../repository/workspaces.js';
import { standingLine } from '../feedback/comment.js';
import { mainUrl } from '../feedback/details.js';
import { type Played, type PlayedPreview, urlsOf } from './run-previews.js';

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
export function previewOutput({ decision, shown, standing }: PlayedPreview, sharing: Sharing): PreviewOutput {
  const { name, repository, pullRequest, action, position, reason } = decision;
  const present = decision.state === 'active';
  return {
    name,
    repository,
    pullRequest: pullRequest ?? null,
    action,
    state: standing.stage,
    position: position ?? null,
    url: present ? mainUrl(shown.apps) : '',
    urls: present ? urlsOf(shown.apps, sharing) : {},
    expiresAt: shown.expiresAt,
    reason,
  };
}

/** One line of the log. */
export function logLine({ decision, shown, standing }: PlayedPreview): string {
  const { name, action, reason, state } = decision;
  const url = state === 'active' ? mainUrl(shown.apps) : '';
  const stage = action === 'skipped' ? 'as it was' : standingLine(standing);
  return `${name}: ${action}, ${stage}${url === '' ? '' : ` ${url}`} (${reason})`;
}

/** What happened, for the job summary. */
export function renderSummary(played: Played, opsRepository: string, dryRun: boolean): string {
  const rows = played.previews.map(({ decision, shown, standing }) => {
    const url = decision.state === 'active' ? mainUrl(shown.apps) : '';
    const stage = decision.action === 'skipped' ? `skipped: ${decision.reason}` : standingLine(standing);
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
    ...played.failures.map((failure) => `**Failed:** ${plain(failure)}`),
    ...played.warnings.map((warning) => `> ${plain(warning)}`),
    ...(played.diff === '' ? [] : [details('What would change', fenced('diff', played.diff))]),
  ];
  return `${parts.join('\n\n')}\n`;
}
