import { code, link, plain, table } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import { inOrder } from '../render/groups.js';
import { resourcesMarkdown } from '../render/markdown.js';
import type { Verdict } from './judge.js';
import type { Problem } from './problem.js';
import type { RenderedRoot } from './render-roots.js';

/** Everything that a check has found out about a change. */
export interface CheckReport {
  verdicts: readonly Verdict[];
  problems: readonly Problem[];
  /** `undefined` where nothing was rendered. */
  rendered: readonly RenderedRoot[] | undefined;
  /** Address of the repository's files at the head, `https://github.com/acme/ops/blob/<sha>`. */
  page: string;
  /** What could not be told on the pull request itself. */
  notes: readonly string[];
}

const MARKS: Record<Verdict['state'], string> = { success: '✅', pending: '⏳', failure: '❌' };
const MOST_PROBLEMS = 50;

/** The whole report, Markdown. @param limitBytes differences that do not fit are left out, which is said */
export function reportMarkdown(report: CheckReport, limitBytes: number): string {
  const { problems, verdicts, rendered, notes } = report;
  const head = [
    headline(report),
    ...notes.map((note) => `> ${plain(note)}`),
    ...(verdicts.length === 0 ? [] : [verdictTable(verdicts)]),
    ...(problems.length === 0 ? [] : [problemList(problems, report.page)]),
  ].join('\n\n');
  const start = cutToBytes(head, Math.max(1000, limitBytes - 2000));
  const left = limitBytes - Buffer.byteLength(start) - 100;
  const order = verdicts.map(({ environment }) => environment);
  const groups = inOrder(rendered?.flatMap((root) => root.groups ?? []) ?? [], order);
  const difference =
    rendered === undefined ? '' : `### What changes in the clusters\n\n${resourcesMarkdown(groups, left)}`;
  return `${[start, difference].filter((part) => part !== '').join('\n\n')}\n`;
}

function headline({ problems, verdicts }: CheckReport): string {
  const errors = problems.filter(({ level }) => level === 'error').length;
  const waiting = verdicts.filter(({ state }) => state !== 'success').map(({ environment }) => plain(environment));
  const files =
    errors === 0
      ? '✅ All files are in order.'
      : `❌ ${errors === 1 ? 'One problem' : `${errors} problems`} in the files.`;
  const policy = waiting.length === 0 ? '' : ` ⏳ The policy keeps it out of ${waiting.join(', ')} for now.`;
  return `## Ops check\n\n${files}${policy}`;
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ environment, state, reason }) => [MARKS[state], plain(environment), plain(reason)]);
  return table(['', 'environment', 'policy'], rows);
}

function problemList(problems: readonly Problem[], page: string): string {
  const lines = problems.slice(0, MOST_PROBLEMS).map(({ level, file, line, message }) => {
    const address = `${page}/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`;
    const where = file === '' ? '' : `${link(`${file}${line === undefined ? '' : `:${line}`}`, address)} `;
    const place = `${file}:${line}: `;
    const text = message.startsWith(place) ? message.slice(place.length) : message;
    return `- ${level === 'error' ? '❌' : '⚠️'} ${where}${plain(text)}`;
  });
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`- ${code(String(more))} more: see the log.`] : [])].join('\n');
}
