import * as core from '@actions/core';
import type { BumpReport } from '../../ops/verbs/bump/bump.js';
import type { BumpResult } from '../../ops/verbs/bump/result.js';
import { code, details, fenced, link, plain, table } from '../../report/markdown.js';
import { codeVersion } from '../../report/short-version.js';
import { writeSummary } from '../../report/summary.js';
import { info, logGroup, logNotice, logWarning } from '../../runtime/log.js';
import { packed } from '../../runtime/packed.js';
import type { Inputs } from './inputs.js';

const SIGNS: Record<BumpResult['action'], string> = {
  created: 'opened',
  updated: 'updated',
  unchanged: 'up to date',
  merged: 'merged',
  closed: 'closed',
  held: '',
  skipped: 'skipped',
};

/** Outcomes of a pull request that stays open. */
const OPEN: ReadonlySet<BumpResult['action']> = new Set(['created', 'updated', 'unchanged']);

/** Log lines, annotations, outputs and the job summary. */
export async function writeReport(
  report: BumpReport,
  opsRepository: string,
  { dryRun, releases }: Pick<Inputs, 'dryRun' | 'releases'>,
): Promise<void> {
  for (const warning of report.warnings) {
    logWarning(warning);
  }
  for (const notice of report.notices) {
    logNotice(notice);
  }
  for (const result of report.results) {
    info(logLine(result));
  }
  for (const [key, diff] of report.diffs) {
    if (diff !== '') {
      logGroup(`${key}: what would change`, diff);
    }
  }
  core.setOutput('pull-requests', packed(report.results));
  core.setOutput('releases', packed(releases.filter(({ app }) => report.delivered.includes(app))));
  const only = report.results.length === 1 ? report.results[0] : undefined;
  core.setOutput('pull-request-number', only?.number ?? '');
  core.setOutput('pull-request-url', only?.url ?? '');
  core.setOutput('action', only?.action ?? '');
  await writeSummary(renderSummary(report, opsRepository, dryRun));
}

/** What happened, for the job summary. */
export function renderSummary(
  { results, failures, notices, diffs }: Omit<BumpReport, 'delivered'>,
  opsRepository: string,
  dryRun: boolean,
): string {
  const title = `### Deployments to ${plain(opsRepository)}${dryRun ? ' (dry run, nothing was written)' : ''}`;
  const rows = results.map((result) => [
    plain(result.app),
    plain(result.environment),
    versions(result),
    result.number === null ? '' : link(`#${result.number}`, result.url),
    plain(outcomeOf(result, ': ')),
  ]);
  const parts = [title];
  if (rows.length > 0) {
    parts.push(table(['app', 'environment', 'version', 'pull request', ''], rows));
  }
  for (const notice of notices) {
    const [what = '', how = '', ...command] = notice.trimEnd().split('\n');
    parts.push(
      `${plain(what)} ${plain(how)}`,
      ...(command.length === 0 ? [] : [fenced('sh', command.join('\n').trim())]),
    );
  }
  for (const message of new Set(failures.map((failure) => failure.message))) {
    parts.push(`**Failed:** ${plain(message.split('\n', 1)[0] ?? '')}`);
  }
  for (const [key, diff] of diffs) {
    if (diff !== '') {
      parts.push(details(key, fenced('diff', diff)));
    }
  }
  return `${parts.join('\n\n')}\n`;
}

/** The current and the proposed version; of one that is not proposed, the reason says why. */
function versions(result: BumpResult): string {
  const { charts = [], version } = result;
  const own = versionsOf(result);
  // Where the version is that of a chart, its name tells.
  const names = charts.map((chart) => (chart.endsWith(` ${version}`) ? chart.slice(0, -version.length - 1) : chart));
  return charts.length === 0 ? own : `${own} (${names.map((name) => `chart ${code(name)}`).join(', ')})`;
}

function versionsOf({ previous, version, action }: BumpResult): string {
  if (previous !== null && (action === 'skipped' || action === 'held')) {
    return codeVersion(previous);
  }
  return previous === null || previous === version
    ? codeVersion(version)
    : `${codeVersion(previous)} → ${codeVersion(version)}`;
}

function logLine(result: BumpResult): string {
  const { app, environment, version, previous, number, url, charts = [] } = result;
  const from = previous === null || previous === version ? '' : ` (was ${previous})`;
  const where = number === null ? '' : ` #${number} ${url}`;
  const chart = charts.length === 0 ? '' : ` (chart ${charts.join(', ')})`;
  return `${app} ${version}${chart} -> ${environment}${from}: ${outcomeOf(result, ', ', where)}`;
}

/** What became of it, where that is, and why. */
function outcomeOf({ action, reason, number, mergesByItself }: BumpResult, between: string, where = ''): string {
  if (action === 'held') {
    // The reason of a hold begins with what it is: `held at 1.4.0 since …`.
    return `${reason}${where}`;
  }
  const isOpen = number !== null && OPEN.has(action);
  const why = isOpen && reason === '' ? (mergesByItself ? 'merges by itself' : 'waits for a person') : reason;
  return `${SIGNS[action]}${where}${why === '' ? '' : `${between}${why}`}`;
}
