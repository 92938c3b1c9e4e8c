import { cutMarkdown } from '../../../report/cut.js';
import { link, plain, table } from '../../../report/markdown.js';
import type { JudgeAgain } from '../../judgement/before-freeze.js';
import type { HeadVerdict, JudgedPull } from '../../judgement/head-verdict.js';
import type { Verdict } from '../../judgement/judge.js';
import { unreportedNote } from '../../live/unreported.js';

/** A verdict, and `owner/name` of the repository of its pull requests where that is another one than the policy's. */
export type RepositoryVerdict = HeadVerdict & { repository: string | undefined };

/** What the gate said. */
export interface GateReport {
  verdicts: RepositoryVerdict[];
  /** Check runs that were written. */
  written: number;
  /** Check runs of heads that no open pull request has any more, withdrawn. */
  withdrawn: number;
  /** When everything has to be judged again, because something is allowed and a freeze is near. */
  again: JudgeAgain | undefined;
  /** The environments into which something may come that nobody has to prove; `undefined` where none was asked for. */
  unproven: readonly string[] | undefined;
  /** What a person should know, sentences. */
  notes: string[];
}

const MARKS: Record<Verdict['state'], string> = { success: '✅', pending: '⏳', failure: '❌' };

/** What a check run says of its head, Markdown: by pull request and environment. */
export function verdictMarkdown({ title, pulls }: HeadVerdict): string {
  const rows = pulls.flatMap(({ number, verdicts, problem }) => [
    ...(problem === undefined ? [] : [[`#${number}`, MARKS.failure, '', plain(problem)]]),
    ...verdicts
      .filter(({ touched }) => touched)
      .map(({ environment, state, reason }) => [`#${number}`, MARKS[state], plain(environment), plain(reason)]),
  ]);
  const parts = [
    plain(title),
    ...(rows.length === 0 ? [] : [table(['pull request', '', 'environment', 'why'], rows)]),
    ...unreportedNote(pulls.flatMap(unreportedIn)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function unreportedIn({ verdicts }: Pick<JudgedPull, 'verdicts'>): readonly string[] {
  return verdicts.flatMap(({ unreported = [] }) => unreported);
}

/**
 * The run's summary, Markdown.
 *
 * @param unproven the environments into which something may come that nobody has to prove; `undefined` where none was asked for
 */
export function gateSummary(
  { verdicts, notes, unproven }: Pick<GateReport, 'verdicts' | 'notes' | 'unproven'>,
  page: (number: number, repository: string | undefined) => string,
  limitBytes: number,
): string {
  const rows = verdicts.flatMap(({ repository, pulls, isAllowed, title }) =>
    pulls.map(({ number }) => [
      link(`${repository ?? ''}#${number}`, page(number, repository)),
      ...[isAllowed ? '✅' : '❌', plain(title)],
    ]),
  );
  const list =
    rows.length === 0
      ? 'No pull request into a branch that is judged is open.'
      : table(['pull request', '', 'verdict'], rows);
  const unreported = verdicts.flatMap(({ pulls }) => pulls.flatMap(unreportedIn));
  const said = [
    ...unreportedNote(unreported),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${plain(note)}`).join('\n')]),
  ];
  const parts = ['## oStack gate', levelLine(unproven), list, ...said];
  return cutMarkdown(`${parts.join('\n\n')}\n`, limitBytes);
}

function levelLine(unproven: readonly string[] | undefined): string {
  if (unproven === undefined) {
    return 'Level: *guarded*.';
  }
  return unproven.length === 0
    ? 'Level: *proven*.'
    : `Level: *guarded*, not *proven*: "images" of ostack.yaml does not say of ${unproven.map(plain).join(' and ')} where all that comes in has to be built, or that it is pinned.`;
}
