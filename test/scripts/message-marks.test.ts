import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { marksOf } from '../../scripts/docs/message-marks.js';
import { errorMessages } from '../../scripts/docs/messages.js';
import { workflowMessages } from '../../scripts/docs/workflow-messages.js';
import { anchorIn, anchorOf } from '../../src/runtime/message-anchor.js';

const root = join(import.meta.dirname, '..', '..');
const PAGE = 'https://github.com/ostack/actions/blob/main/docs/troubleshooting.md';

describe('the mark of a message', () => {
  const marks = (...messages: string[]) => [...marksOf(messages)].map(([, mark]) => mark);

  test.each<[string, string[], string[]]>([
    ['is its text', ['The clone is broken.'], ['The clone is broken.']],
    ['is the longest piece', ['It was not there. "…" is what was expected here.'], ['is what was expected here.']],
    ['is in whole words', [`${'word '.repeat(20)}end`], ['word '.repeat(12).trim()]],
    ['is none where all is values', ['… has … of …'], []],
    ['is none that two messages have', ['a …: run this again later', 'b …: run this again later'], []],
    [
      'is another piece where the longest is of two',
      ['There was no tag. …: run this again later', 'There was no page. …: run this again later'],
      ['There was no tag.', 'There was no page.'],
    ],
  ])('%s', (_name, messages, expected) => {
    expect(marks(...messages)).toEqual(expected);
  });

  test('is found in the message with its values, the longest first', () => {
    const all = ['has no folder', 'has no folder in the commit'];
    expect(anchorIn('apps/shop: web has no folder in the commit 1a2b3c.', all)).toBe('m-has-no-folder-in-the-commit');
    expect(anchorIn('something else', all)).toBeUndefined();
  });
});

test('a message that the sources give leads to its own place, or to none', async () => {
  const messages = [...new Set([...(await errorMessages(root)).values()].flat())];
  const marks = marksOf(messages);
  const all = [...marks.values()];
  for (const [message, mark] of marks) {
    expect([message, anchorIn(message.replaceAll('…', 'some value'), all)]).toEqual([message, anchorOf(mark)]);
  }
  // Most of them: the others are made of values.
  expect(marks.size / messages.length).toBeGreaterThan(0.8);
});

test('every anchor of the page is there once', async () => {
  const page = await readFile(join(root, 'docs', 'troubleshooting.md'), 'utf8');
  const anchors = [...page.matchAll(/<a id="([^"]*)"/g)].map(([, anchor]) => anchor);
  expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
});

test('errors of workflows and of composite actions end with the link too', async () => {
  const found = await workflowMessages(root);
  const all = [...marksOf([...(await errorMessages(root)).values()].flat()).values()];
  expect(found.length).toBeGreaterThan(0);
  for (const { path, message, help } of found) {
    expect([path, help]).toEqual([path, `${PAGE}#${anchorIn(message, all)}`]);
  }
});
