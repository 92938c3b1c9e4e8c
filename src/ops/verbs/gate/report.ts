import { cutMarkdown } from '../../../report/cut.js';
import { link, plain, table } from '../../../report/markdown.js';
import type { HeadVerdict } from '../../judgement/head-verdict.js';
import type { Verdict } from '../../judgement/judge.js';

const MARKS: Record<Verdict['state'], string> = { success: '✅', pending: '⏳', failure: '❌' };

/** What a check run says of its head, Markdown: by pull request and environment. */
export function verdictMarkdown({ title, pulls }: HeadVerdict): string {
  const rows = pulls.flatMap(({ number, verdicts, problem }) => [
    ...(problem === undefined ? [] : [[`#${number}`, MARKS.failure, '', plain(problem)]]),
    ...verdicts
      .filter(({ touched }) => touched)
      .map(({ environment, state, reason }) => [`#${number}`, MARKS[state], plain(environment), plain(reason)]),
  ]);
  const body = rows.length === 0 ? '' : `\n\n${table(['pull request', '', 'environment', 'why'], rows)}`;
  return `${plain(title)}${body}\n`;
}

/** The run's summary, Markdown. */
export function gateSummary(
  verdicts: readonly HeadVerdict[],
  notes: readonly string[],
  page: (number: number) => string,
  limitBytes: number,
): string {
  const rows = verdicts.flatMap(({ pulls, isAllowed, title }) =>
    pulls.map(({ number }) => [link(`#${number}`, page(number)), isAllowed ? '✅' : '❌', plain(title)]),
  );
  const list =
    rows.length === 0
      ? 'No pull request into the default branch is open.'
      : table(['pull request', '', 'verdict'], rows);
  const said = notes.length === 0 ? '' : `\n\n${notes.map((note) => `- ${plain(note)}`).join('\n')}`;
  return cutMarkdown(`## oStack gate\n\nLevel: *guarded*.\n\n${list}${said}\n`, limitBytes);
}
