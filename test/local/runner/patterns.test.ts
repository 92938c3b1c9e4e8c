import { describe, expect, test } from '@jest/globals';
import { passesFilter, selectedByGlobs } from '../../../src/local/runner/patterns.js';

describe('filters of branches, tags and paths', () => {
  test.each([
    ['main', ['main'], true],
    ['main2', ['main'], false],
    ['feature/a', ['feature/*'], true],
    ['feature/a/b', ['feature/*'], false],
    ['feature/a/b', ['feature/**'], true],
    ['a/feature', ['**feature'], true],
    ['v1.2', ['v[12].[0-9]+'], true],
    ['v1.20', ['v[12].[0-9]+'], true],
    ['v3.0', ['v[12].[0-9]+'], false],
    ['v1.2', ['v1x2'], false],
    ['page.jsx', ['*.jsx?'], true],
    ['page.js', ['*.jsx?'], true],
    ['docs/a/b.md', ['docs/**'], true],
    ['docs/b.md', ['**/docs/**'], true],
    ['x/docs/b.md', ['**/docs/**'], true],
    ['README.md', ['**.md'], true],
    ['README.md', ['**/README.md'], true],
    ['a/b', ['**'], true],
    ['a/b', ['*'], false],
    ['releases/10', ['releases/**', '!releases/**-alpha'], true],
    ['releases/beta/3-alpha', ['releases/**', '!releases/**-alpha'], false],
    ['docs/keep.md', ['docs/**', '!docs/**', 'docs/keep.md'], true],
    ['main', ['!main'], false],
  ])('%s with %j: %s', (name, patterns, passes) => {
    expect(passesFilter(name, patterns)).toBe(passes);
  });
});

describe('globs of hashFiles', () => {
  test.each([
    ['package-lock.json', ['**/package-lock.json'], true],
    ['a/b/package-lock.json', ['**/package-lock.json'], true],
    ['a/x.ts', ['*.ts'], false],
    ['a/x.ts', ['a'], true],
    ['a/x.ts', ['a/?.ts'], true],
    ['a/x.ts', ['**', '!a/**'], false],
    ['x.ts', ['./x.ts'], true],
  ])('%s with %j: %s', (path, patterns, selected) => {
    expect(selectedByGlobs(path, patterns)).toBe(selected);
  });
});
