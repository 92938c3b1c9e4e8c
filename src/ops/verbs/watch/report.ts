import { code, link, plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { GUIDE, unreportedNote } from '../../live/unreported.js';
import { changeCells, HEADS } from './change-cells.js';
import type { WatchedChange } from './changes.js';
import type { WatchReport } from './watch.js';

/** What is reported of one app in one environment, for programs. */
export interface WatchOutput {
  environment: string;
  app: string;
  version: string | null;
  commit: string;
  state: string;
  since: string | null;
  reason: string;
  url: string;
  pullRequest: number | null;
}

export function watchOutputs({ watched }: WatchReport): WatchOutput[] {
  return watched.changes.map(({ environment, app, version, entry, health: { state, since, reason, url } }) => ({
    ...{ environment, app, version, commit: entry.oid, state, since: since?.toISOString() ?? null, reason, url },
    pullRequest: entry.pullRequest?.number ?? null,
  }));
}

/** The job summary, Markdown: what is not live first. */
export function watchSummary(report: WatchReport, isDry: boolean): string {
  const { watched, records, notes } = report;
  const { changes, silent } = watched;
  const isOpen = ({ health }: WatchedChange) => health.state !== 'live';
  const rows = [...changes.filter(isOpen), ...changes.filter((each) => !isOpen(each))].map(rowOf);
  const written = [...records].map(([name, { created, statuses, left }]) => {
    const rest = left === 0 ? '' : `, ${left} more in the next run`;
    return `- ${plain(name)}: ${created} deployments ${isDry ? 'to be made' : 'made'}, ${statuses.length} statuses${rest}`;
  });
  const none = 'No environment says with "ready" in ostack.yaml what reports that it is live';
  const parts = [
    '## Live',
    rows.length === 0 ? `${none}. ${link('What to add', GUIDE)}` : table(HEADS, rows),
    ...(rows.length > 0 ? unreportedNote(silent) : []),
    ...(written.length === 0 ? [] : [written.join('\n')]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${plain(note)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function rowOf(change: WatchedChange): string[] {
  const { app, version, entry } = change;
  const pull = entry.pullRequest === undefined ? [] : [link(`#${entry.pullRequest.number}`, entry.pullRequest.url)];
  return [
    [`**${plain(app)}**`, ...(version === null ? [] : [codeVersion(version)]), ...pull].join(' '),
    ...changeCells(change, code(entry.oid.slice(0, 7))),
  ];
}
