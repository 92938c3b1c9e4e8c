import { describe, expect, test } from '@jest/globals';
import { anchorIn } from '../../src/runtime/message-anchor.js';

describe('the mark of a message', () => {
  test('is found in the message with its values, the longest first', () => {
    const some = ['has no folder', 'has no folder in the commit'];
    expect(anchorIn('apps/shop: web has no folder in the commit 1a2b3c.', some)).toBe('m-has-no-folder-in-the-commit');
    expect(anchorIn('something else', some)).toBeUndefined();
  });

  test.each<[string, string, string | undefined]>([
    ['has pieces in their order', '"web" has 3 commits of 4', 'm-has-of'],
    ['lacks a piece', '"web" has 3 commits', undefined],
    ['has them in another order', 'of 4, "web" has 3', undefined],
    ['has another mark with more text', '"web" has 3 folders of 4 too many', 'm-folders-of'],
  ])('in a message that %s', (_name, message, expected) => {
    expect(anchorIn(message, ['has…of', 'folders of'])).toBe(expected);
  });
});
