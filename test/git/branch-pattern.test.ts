import { describe, expect, test } from '@jest/globals';
import { fitsBranch, isBranchPattern } from '../../src/git/branch-pattern.js';

describe('A pattern of branches', () => {
  test.each([
    ['release/*', 'release/1', true],
    ['release/*', 'release/.1', true],
    ['release/*', 'release/1/mine', false],
    ['release/*', 'evil-release/1', false],
    ['release/**', 'release/1/mine', true],
    ['v*-lts', 'v1-lts', true],
    ['v*s', 'vs', true],
    ['vs*s', 'vs', false],
    ['[0-9]*.x', '1.x', true],
    ['a[b', 'a[b', true],
    ['main', 'main', true],
    ['main', 'Main', false],
    ['!main', 'evil', false],
    ['+(a|b)', 'aaaa', false],
  ])('%s fits %s: %s', (pattern, name, fits) => {
    expect(fitsBranch(pattern, name)).toBe(fits);
  });

  test.each([
    ['main', false],
    ['a[b', false],
    ['release/*', true],
    ['[0-9]*.x', true],
  ])('%s stands for several: %s', (text, several) => {
    expect(isBranchPattern(text)).toBe(several);
  });
});
