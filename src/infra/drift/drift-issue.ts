import { cutMarkdown } from '../../report/cut.js';
import { code, details, link, plain } from '../../report/markdown.js';
import { shortLine } from '../../report/short-line.js';
import type { ResourceAction } from '../plan/read-plan.js';
import { lossesMarkdown, planText } from '../report/plan-markdown.js';
import type { Difference } from './differences.js';
import { allLine, keptLines, LINES_END, MOST_KEPT, readKept, tickLine } from './ticks.js';

/** A root that was looked at. All texts are without secrets. */
export interface LookedRoot {
  root: string;
  differences: readonly Difference[];
  /** Why nobody knows what the default branch would still change; empty where that is known. */
  problem: string;
  /** What the tool shows: of what was changed outside, and of what is not applied. */
  texts: { outside: string; code: string };
}

/** The issue of a root as it is. */
export interface DriftIssue {
  number: number;
  title: string;
  body: string;
  isOpen: boolean;
}

/** What an issue is to be, and whether anybody has to be told. */
export interface IssueWrite {
  /** `keep` writes nothing; `note` writes down in a closed issue what is expected no more. */
  act: 'open' | 'reopen' | 'update' | 'close' | 'note' | 'keep';
  title: string;
  body: string;
  /** Differences that nobody expects. */
  open: readonly Difference[];
  /** How many are there, and expected. */
  expected: number;
}

/** GitHub takes 65,536 characters of a body. */
const MOST_BYTES = 64_000;

/** Shares that the lines, and those of what is expected, take at most. */
const [LINES_BYTES, EXPECTED_BYTES, LOSSES_BYTES] = [18_000, 6_000, 5_000];

/**
 * What becomes of the issue of a root: it is open as long as something differs that nobody expects. What people have ticked in
 * it stays expected until it changes; where not all is known, nothing of that is forgotten, and the issue is not closed.
 *
 * @param known the issue of the root, open or closed; `undefined` where there never was one
 * @param end says of which commit and run this is, Markdown on one line
 */
export function planIssue(looked: LookedRoot, known: DriftIssue | undefined, end: string): IssueWrite {
  const { root, differences, problem } = looked;
  const ticked = (known && readKept(known.body))?.expected ?? new Set<string>();
  const current = new Set(differences.map(({ hash }) => hash));
  const expected = new Set([...ticked].filter((hash) => problem !== '' || current.has(hash)));
  const open = differences.filter(({ hash }) => !expected.has(hash));
  const rest = differences.filter(({ hash }) => expected.has(hash));
  const title = titleOf(root, open);
  const head = keptLines({ root, told: open.map(({ hash }) => hash), expected });
  const body = bodyOf(looked, { head, open, rest, end });
  const act = actOf(known, { isLeft: open.length > 0, isUnknown: problem !== '', title, body });
  return { act, title, body, open, expected: rest.length };
}

function actOf(
  known: DriftIssue | undefined,
  { isLeft, isUnknown, title, body }: { isLeft: boolean; isUnknown: boolean; title: string; body: string },
): IssueWrite['act'] {
  if (known === undefined) {
    return isLeft ? 'open' : 'keep';
  }
  const isSame = known.title === title && lasting(known.body) === lasting(body);
  if (isLeft) {
    return !known.isOpen ? 'reopen' : isSame ? 'keep' : 'update';
  }
  if (isUnknown) {
    return 'keep';
  }
  return known.isOpen ? 'close' : isSame ? 'keep' : 'note';
}

/** A body without its last line, which is another one each time. */
function lasting(body: string): string {
  const text = body.replace(/\r\n/g, '\n').trimEnd();
  return text.slice(0, Math.max(0, text.lastIndexOf('\n')));
}

function titleOf(root: string, open: readonly Difference[]): string {
  const count = (test: (each: Difference) => boolean, words: string) => {
    const number = open.filter(test).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const parts = [
    ...count(({ loss }) => loss !== undefined, 'lost'),
    ...count(({ of }) => of === 'outside', 'changed outside'),
    ...count(({ of }) => of === 'code', 'not applied'),
  ];
  return shortLine(`Drift in ${root}: ${parts.length === 0 ? 'nothing left' : parts.join(', ')}`, 250);
}

interface BodyParts {
  head: string;
  open: readonly Difference[];
  rest: readonly Difference[];
  end: string;
}

function bodyOf({ root, problem, texts }: LookedRoot, { head, open, rest, end }: BodyParts): string {
  const of = (which: Difference['of']) => open.filter((each) => each.of === which);
  const [outside, notApplied] = [of('outside'), of('code')];
  const room = Math.floor(LINES_BYTES / (outside.length > 0 && notApplied.length > 0 ? 2 : 1));
  const expected = lines(rest, EXPECTED_BYTES, true);
  const lossText = lossesOfDrift(root, open);
  const top = [
    head,
    ...(open.length === 0 && problem === '' ? ['Nothing is left that nobody expects.'] : []),
    ...(lossText === '' ? [] : [lossText]),
    ...(outside.length === 0 ? [] : ['### Changed outside of the code', lines(outside, room, false)]),
    ...(notApplied.length === 0
      ? []
      : ['### What the default branch would still change', lines(notApplied, room, false)]),
    ...(open.length > 1 ? [allLine(root)] : []),
    ...(open.length === 0
      ? []
      : [
          'Apply the default branch to have it as the code says, or change the code. Tick what is expected: the next run takes it off until it changes.',
        ]),
    ...(rest.length === 0 ? [] : [details(`Expected: ${rest.length}`, expected)]),
    ...(problem === ''
      ? []
      : [`> [!WARNING]\n> What the default branch would still change could not be planned, see the log of the run.`]),
    LINES_END,
  ].join('\n\n');
  const shown = [
    ...(outside.length > 0 && texts.outside !== '' ? [['What was changed outside', texts.outside] as const] : []),
    ...(notApplied.length > 0 && texts.code !== '' ? [['What an apply would do', texts.code] as const] : []),
  ];
  const share = Math.floor((MOST_BYTES - Buffer.byteLength(top) - Buffer.byteLength(end)) / Math.max(1, shown.length));
  const folded = shown.map(([name, text]) => details(name, cutMarkdown(planText(text), share - 200)));
  return [top, ...folded, `<sub>${end} No secrets are shown.</sub>`].join('\n\n');
}

function lossesOfDrift(root: string, open: readonly Difference[]): string {
  const losses = open.flatMap(({ address, action, loss }) =>
    loss === undefined
      ? []
      : [{ address: shortLine(address, 300), action: action === 'replace' ? action : ('destroy' as const), why: loss }],
  );
  return lossesMarkdown([{ root, losses, lossCount: losses.length }], {
    room: LOSSES_BYTES,
    rest: 'The log of the run has all of them.',
  });
}

/** A line a difference, as many as there is room for; which ones are told of the others is kept all the same. */
function lines(differences: readonly Difference[], room: number, isTicked: boolean): string {
  const kept: string[] = [];
  let left = room;
  for (const each of differences.slice(0, MOST_KEPT)) {
    const line = tickLine(differenceMarkdown(each), each.hash, isTicked);
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) {
      break;
    }
    kept.push(line);
  }
  const missing = differences.length - kept.length;
  return [...kept, ...(missing === 0 ? [] : [`- and ${missing} more. The log of the run has all of them.`])].join('\n');
}

/** What each is called, of what was done outside, and of what an apply would do. */
const WORDS: Readonly<Record<Difference['of'], Readonly<Record<ResourceAction, string>>>> = {
  outside: {
    ...{ add: 'is there', change: 'was changed', replace: 'was replaced', destroy: 'is gone' },
    ...{ forget: 'is managed no more', none: 'is as it was' },
  },
  code: {
    ...{ add: 'would be added', change: 'would be changed', replace: 'would be replaced' },
    ...{ destroy: 'would be destroyed', forget: 'would be managed no more', none: 'stays as it is' },
  },
};

/** Most names of attributes in a line. */
const MOST_NAMES = 6;

/** A difference in one line. */
export function differenceMarkdown({ address, of, action, attributes, notes, loss }: Difference): string {
  const names = attributes.slice(0, MOST_NAMES).map((name) => code(shortLine(name, 60)));
  const more = attributes.length - names.length;
  const what = names.length === 0 ? '' : ` (${names.join(', ')}${more === 0 ? '' : ` and ${more} more`})`;
  const rest = notes.map((note) => `, ${plain(shortLine(note, 200))}`).join('');
  return `${loss === undefined ? '' : '**Lost:** '}${code(shortLine(address, 300))} ${WORDS[of][action]}${what}${rest}`;
}

/** The end of an issue's text: which commit it is of. */
export function endOf(branch: string, commit: string, runUrl: string): string {
  return `As of ${code(branch)} at ${commit.slice(0, 7)}${runUrl === '' ? '' : `, ${link('run', runUrl)}`}.`;
}
