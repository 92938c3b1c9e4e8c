import { cutMarkdown } from '../../../report/cut.js';
import { firstFew } from '../../../report/first-few.js';
import { code, link, plain, table } from '../../../report/markdown.js';
import type { Verdict } from '../../judgement/judge.js';
import { inEnvironmentOrder } from '../../render/change-groups.js';
import { resourcesMarkdown } from '../../render/resources-markdown.js';
import type { Problem } from '../../tree/problem.js';
import type { KnownApps } from './check-files.js';
import type { RenderedRoot } from './render-roots.js';

/** The results of a check. */
export interface CheckReport {
  verdicts: readonly Verdict[];
  /** `undefined` where the files were not checked. */
  problems: readonly Problem[] | undefined;
  /** `undefined` where nothing was rendered. */
  rendered: readonly RenderedRoot[] | undefined;
  /** What was not rendered and why, sentences. */
  notRendered: readonly string[];
  /** The apps that are known of the environments that the change alters. */
  known: readonly KnownApps[];
  /** Address of the repository's files at the head, `https://github.com/acme/ops/blob/<sha>`. */
  page: string;
  /** Page of this run; empty where it is none. */
  runUrl: string;
  /** What could not be written to the pull request, sentences. */
  notes: readonly string[];
}

const MARKS: Record<Verdict['state'], string> = { success: '✅', pending: '⏳', failure: '❌' };
const MOST_PROBLEMS = 50;
/** Apps of an environment that are named. */
const MOST_NAMES = 20;

/**
 * The report, Markdown.
 *
 * @param limitBytes what does not fit is left out, with a note that says where the whole report is
 */
export function reportMarkdown(report: CheckReport, limitBytes: number): string {
  const whole = parts(report, Number.MAX_SAFE_INTEGER);
  if (Buffer.byteLength(whole) <= limitBytes) {
    return whole;
  }
  const run = report.runUrl === '' ? 'the run' : link('the run', report.runUrl);
  const note = `_This report is cut. The whole of it is in ${run}: in its summary, and in its artifact “ops-check”._\n`;
  return `${parts(report, limitBytes - Buffer.byteLength(note) - 2)}\n${note}`;
}

function parts(report: CheckReport, limitBytes: number): string {
  const { problems = [], verdicts, rendered, notRendered, known, notes } = report;
  const head = [
    headline(report),
    ...notes.map((note) => `> ${plain(note)}`),
    ...(verdicts.length === 0 ? [] : [verdictTable(verdicts)]),
    ...chartList(verdicts),
    ...(problems.length === 0 ? [] : [problemList(problems, report.page)]),
    ...(notRendered.length === 0 ? [] : [`**Not rendered:**\n\n${notRenderedList(notRendered)}`]),
    ...known.map(knownLine),
  ].join('\n\n');
  const start = cutMarkdown(head, Math.max(1000, limitBytes - 2000));
  const left = limitBytes - Buffer.byteLength(start) - 100;
  const order = verdicts.map(({ environment }) => environment);
  const groups = inEnvironmentOrder(rendered?.flatMap((root) => root.groups ?? []) ?? [], order);
  const difference =
    rendered === undefined ? '' : `### What changes in the clusters\n\n${resourcesMarkdown(groups, left)}`;
  return `${[start, difference].filter((part) => part !== '').join('\n\n')}\n`;
}

function knownLine({ environment, apps }: KnownApps): string {
  return `Apps in **${plain(environment)}**: ${apps.length === 0 ? 'none' : firstFew(apps.map(plain), MOST_NAMES)}.`;
}

function notRenderedList(all: readonly string[]): string {
  const lines = all.slice(0, MOST_PROBLEMS).map((sentence) => `- ${plain(sentence)}`);
  const more = all.length - lines.length;
  return [...lines, ...(more > 0 ? [`- ${code(String(more))} more.`] : [])].join('\n');
}

function headline({ problems, verdicts }: CheckReport): string {
  const waiting = verdicts.filter(({ state }) => state !== 'success').map(({ environment }) => plain(environment));
  const policy = waiting.length === 0 ? '' : `⏳ The policy does not let it into ${waiting.join(', ')} yet.`;
  return `## Ops check\n\n${[filesLine(problems), policy].filter((part) => part !== '').join(' ')}`;
}

function filesLine(problems: readonly Problem[] | undefined): string {
  const errors = problems?.filter(({ level }) => level === 'error').length;
  switch (errors) {
    case undefined:
      return '';
    case 0:
      return '✅ All files are in order.';
    default:
      return `❌ ${errors === 1 ? 'One problem' : `${errors} problems`} in the files.`;
  }
}

/** The verdicts on one of several pull requests. */
export interface PolicyReport {
  number: number;
  /** Address of its page. */
  page: string;
  verdicts: readonly Verdict[];
  notes: readonly string[];
}

/** The verdicts on several pull requests, Markdown. @param limitBytes what does not fit is left out */
export function policyMarkdown(reports: readonly PolicyReport[], limitBytes: number): string {
  const rows = reports.flatMap(({ number, page, verdicts, notes }) => {
    const pull = link(`#${number}`, page);
    return [
      ...verdicts
        .filter(({ touched }) => touched)
        .map(({ environment, state, reason }) => [pull, MARKS[state], plain(environment), plain(reason)]),
      ...notes.map((note) => [pull, '⚠️', '', plain(note)]),
    ];
  });
  const count = reports.length === 1 ? 'One open pull request' : `${reports.length} open pull requests`;
  const body =
    rows.length === 0 ? 'They change no environment.' : table(['pull request', '', 'environment', 'policy'], rows);
  return cutMarkdown(`## Ops check\n\n${count}, checked against the current policy.\n\n${body}\n`, limitBytes);
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ environment, state, reason }) => [MARKS[state], plain(environment), plain(reason)]);
  return table(['', 'environment', 'policy'], rows);
}

/** What becomes of charts, also where an environment does not take it. */
function chartList(verdicts: readonly Verdict[]): string[] {
  const lines = verdicts.flatMap(({ environment, charts = [] }) =>
    charts.map((move) => `- ${plain(`${move} in ${environment}`)}`),
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function problemList(problems: readonly Problem[], page: string): string {
  const lines = problems.slice(0, MOST_PROBLEMS).map(({ level, file, line, message }) => {
    const address = `${page}/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`;
    const where = file === '' ? '' : `${link(`${file}${line === undefined ? '' : `:${line}`}`, address)} `;
    const text = withoutPosition(message, file);
    return `- ${level === 'error' ? '❌' : '⚠️'} ${where}${plain(text)}`;
  });
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`- ${code(String(more))} more: see the log.`] : [])].join('\n');
}

/** A message without the position that it begins with, `overlays/staging/shop/a.yaml:5:8: `. */
function withoutPosition(message: string, file: string): string {
  const rest = message.startsWith(`${file}:`) ? message.slice(file.length + 1) : '';
  const position = /^(?:\d+:)+ /.exec(rest)?.[0];
  return position === undefined ? message : rest.slice(position.length);
}
