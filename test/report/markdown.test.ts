import { describe, expect, test } from '@jest/globals';
import { code, link, plain } from '../../src/report/markdown.js';

describe('Markdown from outside text', () => {
  test.each([
    ['a mention', 'thanks @octocat', 'thanks @\u2060octocat'],
    ['an issue reference', 'fixes #1', 'fixes \\#\u20601'],
    ['an address after an underscore', '_https://evil.test', '\\_https\u2060://evil.test'],
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

  test('a code span holds bars without ending the cell of its table', () => {
    expect(code('a|b')).toBe('`a\\|b`');
    expect(code('a\\|b')).toBe('`a\\\u2060\\|b`');
  });
});

describe('a link', () => {
  test.each([
    ['https://x.test/a%2Fb?q=is%3Apr', '[t](https://x.test/a%2Fb?q=is%3Apr)'],
    ['https://x.test/a)|b', '[t](https://x.test/a%29%7Cb)'],
    ['https://x.test/a b', '[t](https://x.test/a%20b)'],
    ['javascript:alert(1)', 't'],
    ['no url', 't'],
  ])('to %s ends where it should', (url, expected) => {
    expect(link('t', url)).toBe(expected);
  });
});
