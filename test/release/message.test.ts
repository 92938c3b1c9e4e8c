import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessage } from '../../src/release/message.js';
import { anyText } from '../support/any-text.js';

describe('the header of a message', () => {
  test.each([
    ['feat: a', 'feat', undefined, 'a'],
    ['Feat(cart): a', 'feat', 'cart', 'a'],
    ['feat(a(b)): c', 'feat', 'a(b)', 'c'],
    ['feat(): a', 'feat', undefined, 'a'],
    ['fix(cart)!: a: b', 'fix', 'cart', 'a: b'],
    ['feat:a', undefined, undefined, undefined],
    ['feat : a', undefined, undefined, undefined],
    ['a word: b', undefined, undefined, undefined],
    ['feat(cart: a', undefined, undefined, undefined],
    ['Repair the cart', undefined, undefined, undefined],
  ])('%s', (text, type, scope, subject) => {
    expect(readMessage(text)).toMatchObject({ header: text, type, scope, subject });
  });

  test('is cut where it is longer than anybody reads', () => {
    expect(readMessage(`feat: ${'a'.repeat(60_000)}`).header).toHaveLength(501);
  });

  test('of an empty message says so', () => {
    expect(readMessage(' \n')).toMatchObject({ header: '(no message)', type: undefined, breaking: [] });
  });
});

describe('what breaks', () => {
  test.each<[string, string, string[]]>([
    ['the mark', 'feat!: a', ['a']],
    ['the footer', 'fix: a\n\nBREAKING CHANGE: b is gone', ['b is gone']],
    ['its synonym', 'fix: a\n\nBREAKING-CHANGE: b is gone', ['b is gone']],
    ['mark and footer: the footer says it', 'fix!: a\n\nBREAKING CHANGE: b is gone', ['b is gone']],
    ['a text over lines and paragraphs', 'fix: a\n\nBREAKING CHANGE: b\nis gone\n\nand c', ['b is gone and c']],
    ['a text on the next line', 'fix: a\n\nBREAKING CHANGE:\nb is gone', ['b is gone']],
    ['two of them', 'fix: a\n\nBREAKING CHANGE: b\nBREAKING CHANGE: c', ['b', 'c']],
    ['it ends at the next footer', 'fix: a\n\nBREAKING CHANGE: b\nReviewed-by: Ada\nCloses #7', ['b']],
    ['also at one with a number sign', 'fix: a\n\nBREAKING CHANGE: b\nCloses #7\nmore', ['b']],
    [
      'trailers of people and of ours are not part of it',
      'fix: a\n\nBREAKING CHANGE: b\n\nCo-authored-by: Ada <a@b.c>\nSigned-off-by: Ada <a@b.c>\nOstack-App: web',
      ['b'],
    ],
    [
      'one commit of a squashed pull request, and not the next',
      'feat: a (#7)\n\n* feat: a\n\nBREAKING CHANGE: b is gone\n\n* fix(x): c\n\n---------\n\nCo-authored-by: Ada <a@b.c>',
      ['b is gone'],
    ],
    ['a list in the text', 'fix: a\n\nBREAKING CHANGE:\n\n* b is gone\n* c is gone', ['* b is gone * c is gone']],
    ['lines of Windows', 'fix: a\r\n\r\nBREAKING CHANGE: b\r\nRefs: 7\r\n', ['b']],
    ['a word before a tag that is never closed', 'fix: the <details> tag\n\nof <details>\n\nBREAKING CHANGE: b', ['b']],
    ['a fence that is never closed', 'fix: a\n\n```\n\nBREAKING CHANGE: b', ['b']],
    ['a fence that only a shorter one follows', 'fix: a\n\n````\n```\n\nBREAKING CHANGE: b', ['b']],
    ['a comment that is never closed', 'fix: a\n\n<!-- x\n\nBREAKING CHANGE: b', ['b']],
    ['a word after a comment', 'fix: a\n\n<!-- x\n-->\nBREAKING CHANGE: b is gone<!-- y -->', ['b is gone']],
    ['a number sign for the colon', 'fix: a\n\nBREAKING CHANGE #7 takes b away', ['#7 takes b away']],
    ['a number sign after its synonym', 'fix: a\n\nBREAKING-CHANGE #7', ['#7']],
    ['directly below the header', 'fix: a\nBREAKING CHANGE: b', ['b']],
    ['below prose and a blank line', 'fix: a\n\nAs it was said in\n\nBREAKING CHANGE: b', ['b']],
    ['below a sentence that ends', 'fix: a\n\nIt had to go.\nBREAKING CHANGE: b', ['b']],
    ['below one that ends in a quote', 'fix: a\n\nIt was "bad."\nBREAKING CHANGE: b', ['b']],
    ['below another footer', 'fix: a\n\nRefs: x\nBREAKING CHANGE: b', ['b']],
    ['below the rest of another footer', 'fix: a\n\nRefs: x\n  and y\nBREAKING CHANGE: b', ['b']],
    ['below a commit of a list', 'feat: a\n\n* fix: c\nBREAKING CHANGE: b', ['b']],
    ['below an item of a list', 'fix: a\n\n- c\nBREAKING CHANGE: b', ['b']],
    ['below a heading', 'fix: a\n\n## What it breaks\nBREAKING CHANGE: b', ['b']],
    ['below a rule', 'fix: a\n\n---\nBREAKING CHANGE: b', ['b']],
    ['below code', 'fix: a\n\n```\nc\n```\nBREAKING CHANGE: b', ['b']],
    ['no more of something', 'fix: a\n\nBREAKING CHANGE: no b any more', ['no b any more']],
  ])('%s', (_name, text, breaking) => {
    expect(readMessage(text).breaking).toEqual(breaking);
  });

  test.each([
    ['prose', 'fix: a\n\nThis is not a breaking change.'],
    ['prose at the start of a line', 'fix: a\n\nBreaking change: none that we know of.'],
    ['lower case', 'fix: a\n\nbreaking change: b'],
    ['lower case with a dash', 'fix: a\n\nbreaking-change: b'],
    ['a word without a colon', 'fix: a\n\nBREAKING CHANGE in the other app'],
    ['the middle of a line', 'fix: a\n\nMind the BREAKING CHANGE: b'],
    ['a bullet', 'fix: a\n\n* BREAKING CHANGE: b'],
    ['an indented line', 'fix: a\n\n    BREAKING CHANGE: b'],
    ['the middle of a paragraph', 'fix: a\n\nThis is not the kind of\nBREAKING CHANGE: it only looks like one.'],
    ['the synonym there', 'fix: a\n\nWe do not call that a\nBREAKING-CHANGE: nobody\nuses it.'],
    ['a number sign there', 'fix: a\n\nThis has nothing to do with the\nBREAKING CHANGE #7 of last week'],
    ['the middle of a second paragraph', 'fix: a\n\nOne.\n\nSo it is no\nBREAKING CHANGE: it is one\nof tests.'],
    ['a number without a space', 'fix: a\n\nBREAKING CHANGE#7'],
    ['a colon without a space', 'fix: a\n\nBREAKING CHANGE:b'],
    ['the plural', 'fix: a\n\nBREAKING CHANGES: b'],
    ['a template that was not filled in', 'fix: a\n\nBREAKING CHANGE: none'],
    ['a template that was left empty', 'fix: a\n\nBREAKING CHANGE:\n\nSigned-off-by: Ada <a@b.c>'],
    ['a quote', 'fix: a\n\n> BREAKING CHANGE: b'],
    ['a fence', 'fix: a\n\n```\nBREAKING CHANGE: b\n```\nend'],
    ['a longer fence, with a shorter one in it', 'fix: a\n\n````md\n```\nBREAKING CHANGE: b\n```\n````\nend'],
    ['a fence of a language in a list', 'fix: a\n\n- so:\n  ```txt\nBREAKING CHANGE: b\n  ```\nend'],
    ['a fence of the other kind', 'fix: a\n\n~~~\n```\nBREAKING CHANGE: b\n~~~\nend'],
    ['a comment of a template', 'fix: a\n\n<!--\nBREAKING CHANGE: describe it\n-->\nend'],
    ['a comment in one line', 'fix: a\n\n<!-- x -->\n<!-- BREAKING CHANGE: b -->'],
    ['a template that says no in more words', 'fix: a\n\nBREAKING CHANGE: no breaking changes'],
    ['a template that says it twice', 'fix: a\n\nBREAKING CHANGE: N/A - nothing.'],
    [
      'release notes that a bot quotes',
      'chore(deps): bump x from 1 to 2 (#7)\n\nBumps x.\n<details>\n<summary>Release notes</summary>\n<blockquote>\n\nBREAKING CHANGE: node 18 is gone\n</blockquote>\n</details>\n<br />\n\nSigned-off-by: dependabot[bot] <support@github.com>',
    ],
  ])('%s does not', (_name, text) => {
    expect(readMessage(text).breaking).toEqual([]);
  });

  describe('in the message of a bot that tells of the releases of others', () => {
    test.each<[string, string, string[]]>([
      ['the mark', 'chore!: a', ['a']],
      [
        'what people wrote when they merged it',
        'fix(deps): a (major) (#7)\n\nBREAKING CHANGE: b\nBREAKING CHANGE: c',
        ['b', 'c'],
      ],
      ['over lines', 'fix: a\n\nBREAKING CHANGE: b\nis gone\n\nBumps x.', ['b is gone']],
      [
        'what the list of a squashed pull request says',
        'fix(deps): a (#7)\n\n* ci: no Node 18 (#6)\n\nBREAKING CHANGE: b\n---------\n\nCo-authored-by: Ada <a@b.c>',
        ['b'],
      ],
    ])('%s breaks', (_name, text, breaking) => {
      expect(readMessage(text, true).breaking).toEqual(breaking);
    });

    test.each([
      ['what follows on its text', 'fix: a\n\nBumps x from 1 to 2.\n\nBREAKING CHANGE: of x'],
      ['what follows on its table', 'fix: a\n\n| x | 1 |\n\nSigned-off-by: x\n\nBREAKING CHANGE: of x'],
      ['what follows on its title', 'fix: a\n\n# Release notes\nBREAKING CHANGE: of x'],
      ['what follows on a quote', 'fix: a\n\n> Release notes\n\nBREAKING CHANGE: of x'],
      ['what it folds and never unfolds', 'fix: a\n\n<details>\n\nBREAKING CHANGE: of x'],
      ['its list', 'fix: a\n\n- [Release notes](https://x)\n- [Commits](https://x)\n\nBREAKING CHANGE: of x'],
    ])('%s does not', (_name, text) => {
      expect(readMessage(text, true).breaking).toEqual([]);
    });
  });

  test('nothing but upper case at the start of a line, whatever the message is', () => {
    fc.assert(
      fc.property(fc.array(anyText({ maxLength: 30 })), (lines) => {
        fc.pre(!lines.some((line) => line.includes('BREAKING')));
        expect(readMessage(['fix: a', ...lines].join('\n')).breaking).toEqual([]);
      }),
    );
  });
});

test('footers are read with their tokens as written', () => {
  expect(readMessage('fix: a\n\nbody\n\nRelease-As: 2.0.0\nRefs #7\nAcked-by: Ada\n  and Bo').footers).toEqual([
    { token: 'Release-As', value: '2.0.0' },
    { token: 'Refs', value: '#7' },
    { token: 'Acked-by', value: 'Ada and Bo' },
  ]);
});

test('what stands in the middle of a paragraph is no footer', () => {
  expect(readMessage('fix: a\n\nWe tried the way of\nRelease-As: 2.0.0\n\nRefs #7').footers).toEqual([
    { token: 'Refs', value: '#7' },
  ]);
});

describe('the time that a message takes', () => {
  // Each of these would take minutes to hours with a pattern that goes back and forth. It is not measured: a message that
  // hangs ends the test.
  const runs = [
    'a',
    ' ',
    '#1 ',
    '(',
    'a(',
    '-',
    'a-',
    '/',
    'a/b#1 ',
    '"',
    'Revert "',
    '`',
    '<details>',
    '\n',
    '\n\n',
    '\na: b',
    '\n>',
  ];
  const heads = ['', 'feat: ', 'feat(', 'Revert ', 'revert: "', 'fix: a\n\nBREAKING CHANGE: ', 'fix: a\n\nCloses '];
  test.each(heads)('grows with its length after %j', (head) => {
    for (const run of runs) {
      expect(readMessage(`${head}${run.repeat(60_000)}`).header.length).toBeLessThan(502);
    }
  });
});
