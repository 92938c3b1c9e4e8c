import { describe, expect, test } from '@jest/globals';
import { isStale } from '../../src/github/graphql-error.js';

describe('a refusal of GitHub', () => {
  test.each([
    [{ message: 'Expected branch to point to "a" but it did not.  Pull and try again.', type: 'STALE_DATA' }, true],
    [{ message: 'A ref named "refs/heads/x" already exists in the repository.', type: 'UNPROCESSABLE' }, true],
    [{ message: 'A pull request already exists for acme:x.', type: 'UNPROCESSABLE' }, true],
    [{ message: 'No commits between main and x', type: 'UNPROCESSABLE' }, true],
    [{ message: 'Resource not accessible by integration', type: 'FORBIDDEN' }, false],
    [{ message: 'Repository rule violations found', type: 'UNPROCESSABLE' }, false],
  ])('%j is a race: %s', (error, stale) => {
    expect(isStale({ ...error, path: [] })).toBe(stale);
  });
});
