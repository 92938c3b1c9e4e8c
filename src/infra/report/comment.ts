import { cutMarkdown } from '../../report/cut.js';
import { firstFew } from '../../report/first-few.js';
import { code, details, link, plain } from '../../report/markdown.js';
import { countsTable, destroysMarkdown, lossesMarkdown, planName, problemMarkdown } from './plan-markdown.js';
import type { RootReport } from './root-report.js';

/** By this the comment is found again. */
export const COMMENT_MARKER = '<!-- ostack:infra-plan -->';

/** A root in the comment. */
export interface CommentRoot {
  report: RootReport;
  /** The plan's text as Markdown. */
  text: string;
  /** Page of its check run, which has more. */
  url: string;
}

/** What the comment is of. */
export interface CommentOf {
  roots: readonly CommentRoot[];
  /** The pull request's head. */
  head: string;
  runUrl: string;
}

/** GitHub takes 65,536 characters of a comment. */
const MOST_BYTES = 65_000;

/** Shares of it that lists of losses and of other destroys take at most. */
const [MOST_LOSSES, MOST_DESTROYS, MOST_PROBLEMS] = [18_000, 10_000, 12_000];

/** Shares of what is told of each root: its numbers, what it waits for, and its hash. */
const [MOST_NUMBERS, MOST_WAITS, MOST_HASHES, MOST_NOTES] = [8_000, 4_000, 6_000, 4_000];

/**
 * The one comment of a pull request, over all its roots: what is lost, then what is destroyed, then how much changes, and folded
 * what the tool shows. Where it is too long, texts are cut and never what is destroyed.
 */
export function planComment({ roots, head, runUrl }: CommentOf): string {
  const reports = roots.map(({ report }) => report).sort((one, other) => (one.root < other.root ? -1 : 1));
  const end = `<sub>Of ${head.slice(0, 7)} merged into its base${runUrl === '' ? '' : `, ${link('run', runUrl)}`}. No secrets are shown.</sub>`;
  if (reports.length === 0) {
    return [COMMENT_MARKER, '### Plan', 'Nothing of the infrastructure changes any more.', end].join('\n\n');
  }
  const rest = 'The check runs have more.';
  const notes = reports.flatMap((report) => report.notes.map((note) => `- ${code(report.root)}: ${plain(note)}`));
  const top = [
    ...[COMMENT_MARKER, `### Plan: ${title(reports)}`],
    lossesMarkdown(reports, { room: MOST_LOSSES, rest }),
    cutMarkdown(
      reports
        .filter(({ problem }) => problem !== '')
        .map(problemMarkdown)
        .join('\n\n'),
      MOST_PROBLEMS,
      rest,
    ),
    destroysMarkdown(reports, { room: MOST_DESTROYS, rest }),
    cutMarkdown(numbers(reports), MOST_NUMBERS, rest),
    cutMarkdown(waits(reports), MOST_WAITS, rest),
    cutMarkdown(hashes(reports), MOST_HASHES, rest),
    notes.length === 0 ? '' : cutMarkdown(details('Worth knowing', notes.join('\n')), MOST_NOTES, rest),
  ].filter((part) => part !== '');
  const room = MOST_BYTES - Buffer.byteLength(`${top.join('\n\n')}\n\n${end}`);
  return [...top, ...texts(roots, room), end].join('\n\n');
}

/** Most lines of the table, and names of roots in a line. */
const [MOST_ROWS, MOST_NAMES] = [100, 5];

function title(reports: readonly RootReport[]): string {
  const count = (state: RootReport['state']) => reports.filter((report) => report.state === state).length;
  const changed = reports.filter(
    ({ state, counts }) => state === 'planned' && Object.values(counts).some((each) => each > 0),
  );
  const roots = (number: number) => (number === 1 ? '1 root' : `${number} roots`);
  const wrong = count('failed') + count('refused');
  const changes =
    changed.length === 0 ? 'no changes' : `${roots(changed.length)} ${changed.length === 1 ? 'changes' : 'change'}`;
  return wrong === 0
    ? changes
    : `${roots(wrong)} ${wrong === 1 ? 'has' : 'have'} no plan${changed.length === 0 ? '' : `, ${changes}`}`;
}

function numbers(reports: readonly RootReport[]): string {
  const more = reports.length - MOST_ROWS;
  return `${countsTable(reports.slice(0, MOST_ROWS))}${more > 0 ? `\n\nAnd ${more} more roots.` : ''}`;
}

function waits(reports: readonly RootReport[]): string {
  const lines = reports
    .filter(({ after }) => after.length > 0)
    .map(
      ({ root, after }) =>
        `${code(root)} is planned again when ${after.length > MOST_NAMES ? firstFew(after.map(code), MOST_NAMES) : after.map(code).join(' and ')} ${after.length === 1 ? 'is' : 'are'} applied.`,
    );
  return lines.join('\n');
}

/** What each plan is called by: an approval is of that. */
function hashes(reports: readonly RootReport[]): string {
  const named = reports.flatMap(({ root, proof }) =>
    proof === undefined ? [] : [`${code(root)} ${code(planName(proof.structure))}`],
  );
  return named.length === 0
    ? ''
    : `An approval is of ${named.length === 1 ? 'this plan' : 'these plans'}: ${named.slice(0, MOST_ROWS).join(',\n')}.`;
}

/** What the tool shows, folded, each with an equal share of the room. */
function texts(roots: readonly CommentRoot[], room: number): string[] {
  const shown = [...roots].filter(({ text }) => text !== '').sort((one, other) => one.text.length - other.text.length);
  let left = room;
  const cut = shown.map(({ report, text, url }, index) => {
    const share = Math.floor(left / (shown.length - index)) - SURROUNDED - 2 * Buffer.byteLength(report.root);
    const body =
      share < LEAST_SHARE ? '' : cutMarkdown(text, share, url === '' ? '' : link('The check has more.', url));
    const folded = body === '' ? '' : details(report.root, body);
    left -= Buffer.byteLength(folded) + 2;
    return { root: report.root, folded };
  });
  return cut
    .filter(({ folded }) => folded !== '')
    .sort((one, other) => (one.root < other.root ? -1 : 1))
    .map(({ folded }) => folded);
}

/** Bytes of what is around a folded text, and the least of a text that is worth showing. */
const [SURROUNDED, LEAST_SHARE] = [120, 400];
