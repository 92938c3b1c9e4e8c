import { describe, expect, test } from '@jest/globals';
import { isBlobOf } from '../../../src/ops/tree/blob-id.js';

describe("git's id of a file tells its text", () => {
  test.each([
    ['of a text', 'ce013625030ba8dba906f756967f9e9ca394464a', 'hello\n', true],
    ['of an empty file', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391', '', true],
    ['of another text', 'ce013625030ba8dba906f756967f9e9ca394464a', 'hello', false],
    ['counted in bytes', 'b168a61f3bdf65992dd863a091b27c60307e2be7', 'grün\n', true],
    ['of a repository of SHA-256', '2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4', 'hello\n', true],
  ])('%s', (_, id, text, expected) => {
    expect(isBlobOf(id, text)).toBe(expected);
  });
});
