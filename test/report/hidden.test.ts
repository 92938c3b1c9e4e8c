import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quotable } from '../../src/report/hidden.js';

describe('what of a text is quoted elsewhere', () => {
  test.each([
    [
      'a block of ours, with its content',
      'a\n<!-- ostack:delivery done -->\nx\n<!-- /ostack:delivery -->\nb',
      'a\n\nb',
    ],
    ['a block of ours without an end: the mark alone', 'a <!-- ostack:bump 1 --> b', 'a  b'],
    ['two blocks', '<!-- ostack:a -->1<!-- /ostack:a -->m<!-- ostack:b -->2<!-- /ostack:b -->', 'm'],
    ['a comment', 'a <!-- note to self --> b', 'a  b'],
    ['a comment over lines', 'a <!-- note\nto self --> b', 'a \n b'],
    ['a line with a comment alone', 'a\n<!-- note -->\nb', 'a\nb'],
    ['fences in a comment', 'a\n<!--\n```\n-->\nb\n<!-- c -->\n```\nd', 'a\nb\n```\nd'],
    ['what follows a fence that a shorter one does not end', '````\n```\n````\n<!-- a -->', '````\n```\n````'],
    ['a comment that nothing ends, with what follows', 'a <!-- b', 'a'],
    ['an empty comment', 'a <!----> b', 'a  b'],
  ])('has not %s', (_, text, left) => {
    expect(quotable(text)).toBe(left);
  });

  test('has comments in fences, where everybody sees them', () => {
    const text = '```html\n<!-- shown -->\n```\n<!-- hidden -->';
    expect(quotable(text)).toBe('```html\n<!-- shown -->\n```');
  });

  test('is all of it where nothing is hidden', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('<!--'));
        expect(quotable(text)).toBe(text.trim());
      }),
    );
  });
});
