import { describe, expect, test } from '@jest/globals';
import { code, plain } from '../../src/report/markdown.js';

describe('Markdown from outside text', () => {
  test.each([
    ['a mention', 'thanks @octocat', 'thanks @\u2060octocat'],
    ['an issue reference', 'fixes #1', 'fixes \\#1'],
    ['a tag', '<img src=x>', '&lt;img src=x\\>'],
    ['a table cell end', 'a | b', 'a \\| b'],
    ['several lines', 'a\n\n# b', 'a \\# b'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
  ])('%s has no effect', (_name, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('a code span holds backticks without ending', () => {
    expect(code('a `` b')).toBe('```a `` b```');
    expect(code('`a`')).toBe('`` `a` ``');
  });
});
