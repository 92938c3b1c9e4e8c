import type { Choices } from './choices.js';

const WORDS = [
  'keep in step with production',
  'newTag: 1.3.0',
  '"quoted\' {[ and }] more: than #one',
  'a\tb',
  'ünïcödé ✓ 日本',
  '*alias &anchor !tag %YAML',
  'ghcr.io/acme/my-app:1.3.0',
  '',
];

function remark(choices: Choices): string {
  return `#${choices.of(' ', '', '\t')}${WORDS[choices.upTo(WORDS.length)]}`.trimEnd();
}

/** What stands behind a value on its line: nothing, white space, a comment. */
export function lineTail(choices: Choices): string {
  switch (choices.of('nothing', 'nothing', 'nothing', 'comment', 'tab comment', 'space', 'tab')) {
    case 'comment':
      return `${choices.of(' ', '  ')}${remark(choices)}`;
    case 'tab comment':
      return `\t${remark(choices)}`;
    case 'space':
      return choices.of(' ', '   ');
    case 'tab':
      return '\t';
    default:
      return '';
  }
}

/** Whole lines between entries: none, blank ones, comments at any column up to `most`. */
export function lines(choices: Choices, column: number, most: number): string {
  switch (choices.of('nothing', 'nothing', 'nothing', 'blank', 'comment', 'both')) {
    case 'blank':
      return choices.of('\n', '\n\n');
    case 'comment':
      return comment(choices, column, most);
    case 'both':
      return `${choices.of('', '\n')}${comment(choices, column, most)}${choices.of('', '\n')}`;
    default:
      return '';
  }
}

function comment(choices: Choices, column: number, most: number): string {
  const at = Math.min(most, choices.of(column, 0, column + 2, column + 5));
  return `${' '.repeat(at)}${remark(choices)}\n`;
}
