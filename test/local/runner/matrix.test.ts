import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../src/local/runner/json.js';
import { expandMatrix, matrixLabel } from '../../../src/local/runner/matrix.js';

describe('a matrix', () => {
  test.each<[string, Json, Json]>([
    [
      'is every combination',
      { a: [1, 2], b: ['x'] },
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'x' },
      ],
    ],
    [
      'leaves out what is excluded',
      { a: [1, 2], b: ['x', 'y'], exclude: [{ a: 1, b: 'x' }, { a: 2 }] },
      [{ a: 1, b: 'y' }],
    ],
    ['may be only includes', { include: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }]],
    [
      'adds includes where they overwrite no original value, else as combinations of their own',
      {
        fruit: ['apple', 'pear'],
        animal: ['cat', 'dog'],
        include: [
          { color: 'green' },
          { color: 'pink', animal: 'cat' },
          { fruit: 'apple', shape: 'circle' },
          { fruit: 'banana' },
          { fruit: 'banana', animal: 'cat' },
        ],
      },
      [
        { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
        { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
        { fruit: 'pear', animal: 'cat', color: 'pink' },
        { fruit: 'pear', animal: 'dog', color: 'green' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    ],
    [
      'excludes by values that are mappings',
      {
        os: [
          { name: 'a', v: 1 },
          { name: 'b', v: 2 },
        ],
        exclude: [{ os: { name: 'a' } }],
      },
      [{ os: { name: 'b', v: 2 } }],
    ],
  ])('%s', (_, matrix, combinations) => {
    expect(expandMatrix(matrix)).toEqual(combinations);
  });

  test.each<[Json, string]>([
    [{ a: [] }, "Matrix vector 'a' does not contain any values"],
    [{ a: 'x' }, "Matrix vector 'a' must be a list."],
    [{ include: [1] }, '"include" of the matrix must be a list of mappings.'],
    ['x', 'The matrix must be a mapping.'],
    [{ a: [1], exclude: [{ a: 1 }] }, 'The matrix is empty.'],
  ])('%j is an error', (matrix, message) => {
    expect(() => expandMatrix(matrix)).toThrow(message);
  });

  test('labels a job with the values of its combination', () => {
    expect(matrixLabel({ node: 20, os: { name: 'linux', list: ['a', true] } })).toBe('20, linux, a, true');
  });
});
