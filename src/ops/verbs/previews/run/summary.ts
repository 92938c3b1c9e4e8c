import { code, details as collapsed, fenced, link, plain, table } from '../../../../report/markdown.js';
import { isoSeconds, utc } from '../../../../report/time.js';
import { durationOf } from '../../../../runtime/duration.js';
import { mainUrl } from '../feedback/details.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import { type PreviewStatus, statusLine } from '../feedback/status.js';
import type { Decision } from '../plan/decision.js';
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

/** What the summary of a run is written from, besides its result. */
export interface SummaryContext {
  /** `owner/name`. */
  opsRepository: string;
  /** Address of GitHub in a browser. */
  serverUrl: string;
  now: Date;
  dryRun: boolean;
}

const HEADERS = ['preview', 'for', 'owner', 'age', 'size', 'state', 'until', 'address'];

/** The job summary of a run, Markdown: every preview with whose it is, how old and how large, and what all of them may use. */
export function renderSummary(result: PreviewRunResult, context: SummaryContext): string {
  const { opsRepository, dryRun } = context;
  const rows = result.previews.map((preview) => previewRow(preview, context));
  const parts = [
    `### Previews in ${plain(opsRepository)}${dryRun ? ' (dry run, nothing was written)' : ''}`,
    ...(result.asked === undefined ? [] : [askedLine(result.asked, opsRepository)]),
    ...(rows.length === 0 ? ['There are none.'] : [totals(result), table(HEADERS, rows)]),
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

function previewRow({ decision, details, status }: PreviewResult, { serverUrl, now }: SummaryContext): string[] {
  const { name, repository, pullRequest, record, action, state, reason } = decision;
  const url = state === 'active' ? mainUrl(details.apps) : '';
  const size = record?.size;
  return [
    code(name),
    pullRequest === undefined
      ? plain(repository)
      : link(`${repository}#${pullRequest}`, `${serverUrl}/${repository}/pull/${pullRequest}`),
    plain(record?.pullRequest?.author ?? ''),
    record === undefined ? '' : ageOf(now.getTime() - Date.parse(record.createdAt)),
    size === undefined || state !== 'active' ? '' : `${counted(size.apps, 'app')}, ${counted(size.objects, 'object')}`,
    plain(action === 'skipped' ? `skipped: ${reason}` : stateOf(decision, status)),
    state !== 'active' || record === undefined ? '' : utc(new Date(record.expiresAt)),
    url === '' ? '' : link(url.replace(/^https?:\/\//, ''), url),
  ];
}

/** A preview that this run did not change was deployed by another one. */
function stateOf({ action }: Decision, status: PreviewStatus): string {
  const isOld = ['kept', 'unchanged', 'prolonged'].includes(action);
  return isOld && status.stage === 'deploying' ? 'deployed' : statusLine(status);
}

/** How many there are of each kind, and what a single one may use: what it does use is not known here. */
function totals({ previews, policy: { limit, quota } }: PreviewRunResult): string {
  const there = previews.filter(({ decision }) => decision.state !== 'gone').map(({ decision }) => decision);
  const asleep = there.filter(({ state, record }) => state === 'active' && record?.asleepAt !== undefined).length;
  const queued = there.filter(({ state }) => state === 'queued').length;
  const parts = [
    `${there.length - asleep - queued} awake`,
    ...(asleep === 0 ? [] : [`${asleep} asleep`]),
    ...(queued === 0 ? [] : [`${queued} waiting`]),
  ];
  const bound =
    quota === undefined
      ? 'There are no bounds on what one may use'
      : `Each may use up to ${quota.cpu} CPUs, ${quota.memory} of memory, ${quota.storage} of storage and ${quota.pods} pods`;
  return plain(`${parts.join(', ')}, of at most ${limit}. ${bound}.`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** An age for people: whole days, or hours, or minutes. */
function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : hours >= 1 ? `${hours} h` : `${minutes} min`;
}
