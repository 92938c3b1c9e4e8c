import { expect, test } from '@jest/globals';
import { markdown } from '../../../src/local/github/http/markdown.js';

test.each([
  ['a table', '| a |\n| --- |\n| `b` |', /<td><code>b<\/code><\/td>/],
  ['a folded block', '<details><summary>more</summary>\n\ntext\n</details>', /<details><summary>more<\/summary>/],
  [
    'an alert',
    '> [!WARNING]\n> Not yet.',
    /<blockquote class="warning">\s*<p><strong>Warning<\/strong><\/p>\s*<p>Not yet\./,
  ],
  ['a link', '[run](https://example.com)', /<a href="https:\/\/example.com">run<\/a>/],
])('%s is shown as GitHub shows it', (_, text, shown) => {
  expect(markdown(text).text).toMatch(shown);
});

test('a line break is one on the page in a comment, and a space in a file', () => {
  expect(markdown('one\ntwo', true).text).toMatch(/one<br \/>\s*two/);
  expect(markdown('one\ntwo').text).not.toContain('<br');
});

test.each([
  ['a script', '<script>alert(1)</script>'],
  ['a handler', '<img src="x" onerror="alert(1)">'],
  ['a link that runs', '[x](javascript:alert(1))'],
  ['a link that runs, in HTML', '<a href="javascript:alert(1)">x</a>'],
  ['a frame', '<iframe src="https://example.com"></iframe>'],
  ['a style', '<style>body { display: none }</style>'],
  ['a form', '<form action="https://example.com"><button>x</button></form>'],
])('%s in a text does nothing on its page', (_, text) => {
  expect(markdown(text, true).text).not.toMatch(/<script|onerror|javascript:|<iframe|<style|<form|<button/);
});
