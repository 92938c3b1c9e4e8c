import { createContext, runInContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { parse } from '@swc/core';
import * as v from 'valibot';
import { sourceFiles } from '../support/sources.js';

/** Never shipped to users: they run on a developer's own machine, with that machine's own texts. */
const NOT_SHIPPED = /^local\//;

const literalSchema = v.pipe(
  v.object({ type: v.literal('RegExpLiteral'), pattern: v.string(), flags: v.string() }),
  v.transform(({ pattern, flags }) => ({ pattern, flags })),
);

interface Found {
  place: string;
  pattern: string;
  flags: string;
}

/** Every regular expression that is written in the sources of the actions. */
async function expressions(): Promise<Found[]> {
  const found = await Promise.all(
    (await sourceFiles(NOT_SHIPPED)).map(async ({ file, text }) => {
      const list: Found[] = [];
      JSON.stringify(await parse(text, { syntax: 'typescript', target: 'es2022' }), (_key, value: unknown) => {
        const literal = v.safeParse(literalSchema, value);
        if (literal.success) {
          list.push({ place: file, ...literal.output });
        }
        return value;
      });
      return list;
    }),
  );
  return [...new Map(found.flat().map((one) => [`/${one.pattern}/${one.flags}`, one])).values()];
}

/** Long enough to tell a square from a line, in a hundredth of a second. */
const LENGTH = 6_000;
const BREAKS = ['', '\0', '\n\0', 'x', ' '];

/** Long runs of each kind of character, alternating and nested, as they break patterns that go back and forth. */
const RUNS = [
  ...[
    'a',
    'A',
    '0',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '.',
    '-',
    '_',
    '/',
    '\\',
    '#',
    '`',
    '~',
    '"',
    "'",
    '<',
    '>',
    '@',
    ':',
    'é',
  ],
  ...[
    'a-',
    'a.',
    'a/',
    'a ',
    ' a',
    '0.',
    '(',
    '()',
    '(a',
    '[',
    '[]',
    '{',
    '{{',
    '${',
    '{a}',
    '=',
    ',',
    ', ',
    ': ',
    '; ',
  ],
  ...[
    'a=b ',
    'a="b",',
    '"a',
    '\\"',
    "'a ",
    '<a',
    '<a>',
    '<!--',
    '-->',
    '<!-- ',
    '@{',
    '..',
    '- ',
    '* ',
    '#1',
    ' (#1',
    '```',
  ],
  ...[
    '\n ',
    '\n\n',
    '\n- ',
    '\na: ',
    'a: b\n',
    '\u2060',
    '%20',
    '&amp;',
    'sha256:',
    '0a',
    '\x1b[',
    '\x1b[0m',
    ' \n\t',
    '1h',
  ],
];

/** One character, or one class of them, in a pattern, and a character that fits it. */
const ATOM =
  /\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-f]{2}|\\[pP]\{[^}]*\}|\\.|\[\^?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?(?:<\w+>|:)|\(|[*+?]\??|\{\d+(?:,\d*)?\}|./gs;

/**
 * Texts that fit the pattern in part: what fits it, with one of its characters repeated very often. Of alternatives one is
 * taken, the first or the last.
 */
function pumped(pattern: string): string[] {
  return [true, false].flatMap((first) => {
    const fitting = atoms(pattern, first);
    return fitting.flatMap((atom, at) => {
      const head = fitting.slice(0, at).join('');
      const next = fitting[at + 1] ?? '';
      return [head + repeated(atom), head + repeated(atom + next)];
    });
  });
}

function atoms(pattern: string, first: boolean): string[] {
  const levels: { all: string[]; skip: boolean }[] = [{ all: [], skip: false }];
  for (const [atom] of pattern.matchAll(ATOM)) {
    const level = levels.at(-1) ?? { all: [], skip: false };
    if (atom.startsWith('(')) {
      levels.push({ all: [], skip: false });
    } else if (atom === ')') {
      levels.pop();
      levels.at(-1)?.all.push(...level.all);
    } else if (atom === '|') {
      level.skip = first;
      level.all.splice(0, first ? 0 : level.all.length);
    } else if (!level.skip && !/^[*+?{^$]/.test(atom)) {
      level.all.push(fitting(atom));
    }
  }
  return (levels[0]?.all ?? []).filter((text) => text !== '');
}

function fitting(atom: string): string {
  if (/^\\[bB]$/.test(atom)) {
    return '';
  }
  const expression = new RegExp(`^(?:${atom})$`, /^\\[pPu]/.test(atom) || /\\(?:p|u\{)/.test(atom) ? 'su' : 's');
  return (
    ['a', '0', ' ', '-', '.', '/', ...atom.replace(/\\/g, ''), '\n', '\t', '\0', 'é', '\u2028'].find((one) =>
      expression.test(one),
    ) ?? ''
  );
}

function repeated(piece: string): string {
  return piece.repeat(Math.ceil(LENGTH / piece.length));
}

/** What stands literally at the start of a pattern: a run after it gets further than a run alone. */
function opening(pattern: string): string {
  return /^\^?((?:[\w :@<!/-]|\\[/.()[\]{}])*)(?![*+?{|])/.exec(pattern)?.[1]?.replace(/\\/g, '') ?? '';
}

/** The first text on which an expression is slow, `-1` for none. Runs inside of a context of its own, which can be stopped. */
const FIRST_SLOW = `
  const expression = new RegExp(source, flags);
  const once = (text) => {
    const start = Date.now();
    expression.lastIndex = 0;
    if (expression.global) text.replace(expression, '');
    else expression.exec(text);
    return Date.now() - start;
  };
  texts.findIndex((text) => [1, 2, 3, 4].every(() => once(text) > 9));`;

/**
 * Runs an expression over all hostile texts. A linear one takes well below a millisecond for each, a quadratic one some thirty.
 * The fastest of some tries counts, so that a machine that is busy with something else makes nothing slow.
 *
 * @returns the text that it hangs on, `undefined` when there is none
 */
function slowText({ pattern, flags }: Found, timeout = 20_000): string | undefined {
  const heads = [...new Set(['', opening(pattern)])];
  const texts = [...RUNS.map(repeated), ...pumped(pattern)].flatMap((run, at) =>
    heads.map((head) => head + run + (BREAKS[at % BREAKS.length] ?? '')),
  );
  try {
    const context = createContext({ source: pattern, flags, texts });
    const at = Number(runInContext(FIRST_SLOW, context, { timeout }));
    return texts[at]?.slice(0, 40);
  } catch {
    return 'one of the texts, for a long time';
  }
}

test('no regular expression takes longer than its text grows', async () => {
  const all = await expressions();
  expect(all.length).toBeGreaterThan(200);
  const slow = all.flatMap((one) => {
    const text = slowText(one);
    return text === undefined ? [] : [`${one.place}: /${one.pattern}/${one.flags} with ${JSON.stringify(text)}`];
  });
  expect(slow).toEqual([]);
}, 300_000);

test.each(['a+$', '(a*)*b', 'File "(.+)" .+ (.+)x', '^(\\w+\\s?)+:'])(
  'one that does is found: %s',
  (pattern) => {
    expect(slowText({ place: '', pattern, flags: '' }, 300)).toBeDefined();
  },
  300_000,
);
