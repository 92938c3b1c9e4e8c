import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { code, details, fenced, link, plain, quoted, table } from '../../src/report/markdown.js';
import { anyText } from '../support/any-text.js';
import { livePartsOf } from '../support/github-page.js';

const SERVER = 'https://github.test';

/** What Markdown, HTML and GitHub give a meaning to, between anything at all. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'@ # & < > [ ] ( ) ! ` * _ ~ | \\ / : ; - + = . $ ^'.split(' ')) },
      { weight: 2, arbitrary: fc.constantFrom(' ', '\n', '\r', '\n\n', '\t', '\u00a0', '\u200b', '\ud800', '\0') },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          ...[
            'acme',
            '12',
            '#12',
            '@acme/admins',
            'GH-12',
            'www.evil.test',
            'http',
            'https://evil.test/a',
            '//evil.test',
          ],
          ...[
            '&#64;',
            '&commat;',
            '&num;',
            '&lt;',
            '<img src=x>',
            '</details>',
            '<!--',
            '-->',
            '<a href="//evil.test">',
          ],
          ...['[a](//evil.test)', '![a](https://evil.test)', '[a]: //evil.test', '[a]', '```', '~~~', '](', ']:'],
          ...[`[a](${SERVER}/b)`, `${SERVER}/b`, '1. ', '- ', '> ', '# ', '| a | b |', '| - | - |', 'a@evil.test'],
        ),
      },
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

const USES: [string, (text: string) => string][] = [
  ['plain', plain],
  ['plain after a word', (text) => `a ${plain(text)} b`],
  ['plain in a list', (text) => `- ${plain(text)}\n- b`],
  ['plain in a quote', (text) => `> ${plain(text)}\n`],
  ['code', (text) => `a ${code(text)} b`],
  ['the text of a link', (text) => `a ${link(text, `${SERVER}/x`)} b`],
  ['the end of an address', (text) => `a ${link('x', `${SERVER}/${text}`)} b`],
  ['what should be an address', (text) => (link('x', text).startsWith('[x](') ? '' : link('x', text))],
  [
    'cells of a table',
    (text) =>
      table(
        ['a', plain(text)],
        [
          [code(text), link(text, `${SERVER}/x`)],
          [plain(text), code(text)],
        ],
      ),
  ],
  ['the title of what is folded', (text) => details(text, 'b')],
  ['a block of code', (text) => `${fenced('diff', text)}\n\nb`],
  ['a block of code that is folded', (text) => details('a', fenced('', text))],
  ['a quotation', (text) => `${quoted(text, SERVER)}\n\nb`],
  ['a quotation that is folded', (text) => details('a', quoted(text, SERVER))],
];

describe('text from outside does nothing on GitHub, whatever it is made of', () => {
  test.each(USES)('as %s', (_where, use) => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(livePartsOf(use(text), [SERVER])).toEqual([]);
      }),
      { numRuns: process.env.OSTACK_TORTURE === 'all' ? 3000 : 20 },
    );
  });
});

test('what is looked for would be found', () => {
  const text =
    '@acme #1 &#64;acme <img src=x> [a](//evil.test) ![a](https://evil.test) www.evil.test <!-- a --> \\#2 _https://evil.test';
  expect(livePartsOf(text, [SERVER])).toEqual([
    'mention @acme',
    'mention @acme',
    'reference #1',
    'element img',
    'img src x',
    'a href //evil.test',
    'element img',
    'img src https://evil.test',
    'img alt a',
    'a href http://www.evil.test',
    'comment  a ',
    'reference #2',
    'a href https://evil.test',
  ]);
});
