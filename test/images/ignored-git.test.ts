import { expect, test } from '@jest/globals';
import { keepsOut } from '../../src/images/ignored-git.js';

test.each([
  ['nothing', '', false],
  ['its name', '.git\n', true],
  ['its name with slashes', '# x\r\n\r\n/.git/\r\n', true],
  ['its name with spaces', '  ./.git  \n', true],
  ['a pattern for it', '.git*\n', true],
  ['a pattern of one character', '.gi?\n', true],
  ['hidden files', '.*\n', true],
  ['it anywhere', '**/.git\n', true],
  ['what is in it', '.git/**\n', true],
  ['everything', '**\n', true],
  ['everything, with exceptions', '*\n!apps\n!packages/ui\n', true],
  ['an exception, and then it', '!.git\n.git\n', true],
  ['everything, with it as an exception', '*\n!.git\n', false],
  ['everything, with something of it as an exception', '*\n!.git/HEAD\n', false],
  ['it, with an exception that may reach into it', '.git\n!**/HEAD\n', false],
  ['it, with an exception that goes around', '.git\n!a/../.git\n', false],
  ['a part of it', '.git/objects\n', false],
  ['a set of characters', '.[g]it\n', false],
  ['others', '.github\nnode_modules\nxgit\n', false],
  ['a comment', '#.git\n', false],
])("whether an ignore file keeps git's own folder out: %s", (_name, text, expected) => {
  expect(keepsOut(text, '.git')).toBe(expected);
});

test.each([
  ['.git\n', false],
  ['**/.git\n', true],
  ['lib\n', true],
  ['lib/*\n', true],
  ['*/.git\n', true],
  ['lib\n!lib/.git\n', false],
  ['lib\n!lib/src\n', true],
])('whether %j keeps a module’s own out', (text, expected) => {
  expect(keepsOut(text, 'lib/.git')).toBe(expected);
});
