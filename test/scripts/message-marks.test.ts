import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { marksOf } from '../../scripts/docs/message-marks.js';
import { errorMessages } from '../../scripts/docs/messages.js';
import { workflowMessages } from '../../scripts/docs/workflow-messages.js';
import { doubtfulNames, unevenShapes } from '../../src/ops/layouts/unclear-layout.js';
import { foreignReleases, foreignTags, highestForeign } from '../../src/release/foreign-tags.js';
import { TagFormat } from '../../src/release/tags.js';
import { anchorIn, anchorOf } from '../../src/runtime/message-anchor.js';
import { MESSAGE_MARKS } from '../../src/runtime/message-marks.js';

const SHOP = { name: 'shop', path: '.' };
const root = join(import.meta.dirname, '..', '..');
const messages = [...new Set([...(await errorMessages(root)).values()].flat())];
const marks = marksOf(messages);
const all = [...marks.values()];
const PAGE = 'https://github.com/ostack/actions/blob/main/docs/troubleshooting.md';

describe('the mark of a message', () => {
  const of = (...given: string[]) => [...marksOf(given)].map(([, mark]) => mark);

  test.each<[string, string[], string[]]>([
    ['is its text', ['The clone is broken.'], ['The clone is broken.']],
    ['is the longest piece', ['It was not there. "…" is what was expected here.'], ['is what was expected here.']],
    ['is in whole words', [`${'word '.repeat(20)}end`], ['word '.repeat(12).trim()]],
    ['is all of its pieces where each is short', ['"…" has … of …'], ['has…of']],
    ['is none where all is values', ['…: …'], []],
    [
      'is all of its pieces where two messages have the longest',
      ['A tag …: run this again later', 'A page …: run this again later'],
      ['A tag…: run this again later', 'A page…: run this again later'],
    ],
    [
      'is another piece where the longest is of two',
      ['There was no tag. …: run this again later', 'There was no page. …: run this again later'],
      ['There was no tag.', 'There was no page.'],
    ],
  ])('%s', (_name, given, expected) => {
    expect(of(...given)).toEqual(expected);
  });
});

test('every message that the sources give leads to its own place', () => {
  for (const [message, mark] of marks) {
    expect([message, anchorIn(message.replaceAll('…', 'some value'), all)]).toEqual([message, anchorOf(mark)]);
  }
  const without = messages.filter((message) => !marks.has(message));
  expect(without).toEqual([]);
  expect(new Set(all.map(anchorOf)).size).toBe(messages.length);
});

test.each<[string, string, RegExp]>([
  ['of a format of tags in ostack.yaml', formatProblem('{app}'), /^m-expected-version-in-it-once/],
  [
    'of folders in doubt',
    doubtfulNames({ doubts: [{ folder: 'overlays', known: ['staging'], unknown: ['edge'] }] }, []).message,
    /^m-which-are-taken-for-environments-and/,
  ],
  [
    'of environments that differ',
    unevenShapes({ uneven: [{ folder: 'apps', patterns: ['a/{environment}', 'b/{environment}'] }], shapes: [] })
      .message,
    /^m-fit-some-of-them-each/,
  ],
  [
    'of tags of another tool, worded far from where it is thrown',
    foreignReleases({ name: 'shop' }, highestForeign(foreignTags([{ name: 'rel/2.4.0', commit: 'c' }], [SHOP])), {
      first: '0.1.0',
      asked: false,
      example: 'shop-v1.2.3',
    }) ?? '',
    /^m-or-use-the-inputs-of-the-same-names/,
  ],
])('a message that is put together of sentences leads to one of them: %s', (_name, message, expected) => {
  expect(anchorIn(message, MESSAGE_MARKS)).toMatch(expected);
});

test('a text that says what to do has a place, whoever words it; what pages tell has none', () => {
  const found = (text: string) => messages.some((message) => message.includes(text));
  expect(found('asks for a version of …, and is none')).toBe(true);
  expect(found("is written by Flux's image automation")).toBe(true);
  expect(found('there is no such Dockerfile')).toBe(true);
  expect(found('Files whose name starts with an underscore are never promoted')).toBe(false);
});

function formatProblem(format: string): string {
  let said = '';
  try {
    new TagFormat(format, true, (text) => new Error(`"${format}": ${text}`)).checkApps(['web']);
  } catch (error) {
    said = String(error);
  }
  return said;
}

test('every anchor of the page is there once, and every mark has one', async () => {
  const page = await readFile(join(root, 'docs', 'troubleshooting.md'), 'utf8');
  const anchors = [...page.matchAll(/<a id="([^"]*)"/g)].map(([, anchor = '']) => anchor);
  expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  expect(MESSAGE_MARKS.map(anchorOf).filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test('errors of workflows and of composite actions end with the link too', async () => {
  const found = await workflowMessages(root);
  expect(found.length).toBeGreaterThan(0);
  for (const { path, message, help } of found) {
    expect([path, help]).toEqual([path, `${PAGE}#${anchorIn(message, all)}`]);
  }
});
