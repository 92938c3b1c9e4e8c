import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkTitle } from '../../src/report/check-title.js';
import { code, details, fenced, link, plain, quoted } from '../../src/report/markdown.js';
import { visible, visibleOutput } from '../../src/report/visible.js';
import { anyText } from '../support/any-text.js';

const ESCAPE = '\u001b';

describe('Text that a reader would see otherwise than it is', () => {
  test.each([
    ['a colour', `${ESCAPE}[31mred`, '⟨U+001B⟩[31mred'],
    ['a title of the window', `${ESCAPE}]0;x\u0007y`, '⟨U+001B⟩]0;x⟨U+0007⟩y'],
    ['a sequence in one sign', '\u009b2Jx', '⟨U+009B⟩2Jx'],
    ['a letter taken back', 'evil\b\b\b\bgood', 'evil⟨U+0008⟩⟨U+0008⟩⟨U+0008⟩⟨U+0008⟩good'],
    ['letters from right to left', 'user\u202egpj.exe', 'user⟨U+202E⟩gpj.exe'],
    ['an isolate', '\u2066if\u2069', '⟨U+2066⟩if⟨U+2069⟩'],
    ['marks of direction', '\u200e\u200f\u061c', '⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩'],
    ['what has no width', 'pass\u200bword \u2060\ufeff', 'pass⟨U+200B⟩word ⟨U+2060⟩⟨U+FEFF⟩'],
    ['what fills a place unseen', 'if\u3164 a\u115fb\uffa0', 'if⟨U+3164⟩ a⟨U+115F⟩b⟨U+FFA0⟩'],
    ['what turns brackets', '\u206a(\u206b', '⟨U+206A⟩(⟨U+206B⟩'],
    ['a note between lines', 'a\ufff9b\ufffac\ufffb', 'a⟨U+FFF9⟩b⟨U+FFFA⟩c⟨U+FFFB⟩'],
    ['a mark of music', 'a\u{1d173}b', 'a⟨U+1D173⟩b'],
    ['a variant of nothing, and one of a variant', 'a\ufe01b ❤\ufe0f\ufe01', 'a⟨U+FE01⟩b ❤\ufe0f⟨U+FE01⟩'],
    ['a joiner of nothing', 'a\u200cb\u200dc', 'a⟨U+200C⟩b⟨U+200D⟩c'],
    ['a text of tags', 'hi\u{e0065}\u{e0076}', 'hi⟨U+E0065⟩⟨U+E0076⟩'],
    ['an end of the text', 'a\0b', 'a⟨U+0000⟩b'],
    ['a line of another system', 'a\u0085b', 'a⟨U+0085⟩b'],
  ])('%s is named', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each([
    'a\tb\nc\r\nd',
    'résumé: שלום, مرحبا',
    '👩‍👩‍👧 family',
    'नमस्ते',
    'می\u200cخواهم',
    'e\u0301',
    '❤\ufe0f 1\ufe0f\u20e3',
    '\u4fae\ufe00',
    '\u2229\ufe00',
  ])('%j stays as it is', (text) => {
    expect(visible(text)).toBe(text);
  });

  test.each([
    ['plain text', plain],
    ['code', code],
    ['a link', (text: string) => link(text, 'https://github.com/acme')],
    ['a quote', (text: string) => quoted(text, 'https://github.com/acme')],
    ['a fence', (text: string) => fenced('', text)],
    ['a fold', (text: string) => details(text, '')],
  ])('is in no Markdown: %s', (_what, shown) => {
    fc.assert(fc.property(anyText(), (text) => !/(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/u.test(shown(text))));
    expect(shown('a\u202eb')).toContain('202E');
  });
});

describe('The title of a check', () => {
  test.each([
    ['a\n::error::b\u202e', 'a ::error::b⟨U+202E⟩'],
    ['x'.repeat(250), 'x'.repeat(250)],
    ['x'.repeat(251), `${'x'.repeat(249)}…`],
    [`${ESCAPE}[2J`, '⟨U+001B⟩[2J'],
  ])('%j', (text, title) => {
    expect(checkTitle(text)).toBe(title);
  });
});

describe("A program's output in the log", () => {
  test.each([
    ['keeps its colours', `${ESCAPE}[1;38:5:9mbold${ESCAPE}[0m`, `${ESCAPE}[1;38:5:9mbold${ESCAPE}[0m`],
    ['loses its movements', `${ESCAPE}[2K${ESCAPE}[1Gdone${ESCAPE}[?25h`, 'done'],
    ['has no links of its own', `${ESCAPE}]8;;https://evil\u0007x`, '⟨U+001B⟩]8;;https://evil⟨U+0007⟩x'],
    ['has no other direction', 'a\u202eb', 'a⟨U+202E⟩b'],
    ['keeps its lines', 'a\r\n[0K\n', 'a\r\n[0K\n'],
  ])('%s', (_what, text, shown) => {
    expect(visibleOutput(text)).toBe(shown);
  });
});
