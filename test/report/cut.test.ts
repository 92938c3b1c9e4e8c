import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutMarkdown } from '../../src/report/cut.js';
import { details, fenced, plain, table } from '../../src/report/markdown.js';
import { cutToBytes } from '../../src/report/summary.js';
import { anyText } from '../support/any-text.js';
import { leftOpen } from './left-open.js';

/** Blocks as our reports have them, with long names and text that looks like Markdown. */
const text = fc.oneof(anyText({ maxLength: 40 }), fc.constantFrom('```', '~~~~', '</details>', '🦜🦜'));
const block = fc.oneof(
  fc.array(text, { minLength: 1, maxLength: 30 }).map((names) =>
    table(
      ['app'],
      names.map((name) => [plain(name)]),
    ),
  ),
  fc.array(text, { maxLength: 20 }).map((lines) => fenced('diff', lines.join('\n'))),
  fc.array(text, { maxLength: 20 }).map((lines) => details('more', fenced('', lines.join('\n')))),
  text.map((body) => details('nested', details('inside', plain(body)))),
);
const report = fc.array(block, { minLength: 1, maxLength: 12 }).map((blocks) => blocks.join('\n\n'));

describe('cut Markdown', () => {
  test('is whole where it fits, and else fits, says so, and leaves nothing open', () => {
    fc.assert(
      fc.property(report, fc.integer({ min: 100, max: 3000 }), (markdown, limit) => {
        const cut = cutMarkdown(markdown, limit);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        if (Buffer.byteLength(markdown) <= limit) {
          expect(cut).toBe(markdown);
        } else {
          expect(cut).toContain('_Cut here: the whole is');
          expect(leftOpen(cut)).toEqual({ fence: '', details: 0 });
          expect(cut.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('keeps as many lines as fit, and names where the rest is', () => {
    const lines = Array.from({ length: 100 }, (_none, index) => `line ${index}`).join('\n');
    const cut = cutMarkdown(details('more', fenced('', lines)), 300, 'The [run](https://x.test) has the rest.');
    expect(cut.split('\n').slice(-7)).toEqual([
      'line 19',
      '```',
      '',
      '</details>',
      '',
      '_Cut here: the whole is 843 bytes, the limit 300. The [run](https://x.test) has the rest._',
      '',
    ]);
  });

  test.each([0, 20])('is nothing where not even the notice fits into %i bytes', (limit) => {
    expect(cutMarkdown('a line\n'.repeat(50), limit)).toBe('');
    expect(cutToBytes('a line\n'.repeat(50), limit)).toBe('');
  });
});

test('cut text fits with its notice', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 2000 }), fc.integer({ min: 0, max: 1500 }), (whole, limit) => {
      expect(Buffer.byteLength(cutToBytes(whole, limit))).toBeLessThanOrEqual(limit);
    }),
  );
});
