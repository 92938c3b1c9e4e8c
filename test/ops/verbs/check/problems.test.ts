import { describe, expect, test } from '@jest/globals';
import { readHolds } from '../../../../src/ops/policy/holds.js';
import { problemOf } from '../../../../src/ops/tree/problem-of.js';
import { sortProblems } from '../../../../src/ops/verbs/check/problems.js';
import { parseYaml } from '../../../../src/ops/yaml/parse.js';
import { readValues } from '../../../../src/ops/yaml/values.js';

function problemIn(reading: () => unknown) {
  try {
    reading();
  } catch (error) {
    return problemOf(error, 'asked.yaml');
  }
  throw new Error('It can be read.');
}

const BOMB = Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`);

describe('the problem of a file that cannot be read', () => {
  test.each<[what: string, reading: () => unknown, file: string, line: number | undefined]>([
    ['is no YAML', () => parseYaml('a: 1\nb: [1\n', 'base/web.yaml'), 'base/web.yaml', 3],
    ['is no YAML, and has a space in its path', () => parseYaml('a: [1\n', 'my base/web.yaml'), 'my base/web.yaml', 2],
    ['has an alias of nothing', () => readValues('a: 1\nb: *c\n', 'base/web.yaml'), 'base/web.yaml', 2],
    [
      'has too many aliases',
      () => readValues(`l0: &l0 x\n${BOMB.join('\n')}\n`, 'base/web.yaml'),
      'base/web.yaml',
      undefined,
    ],
    ['has other fields than expected', () => readHolds('- { app: 1 }\n', 'holds.yaml'), 'holds.yaml', 1],
  ])('that %s has its file and line', (_what, reading, file, line) => {
    expect(problemIn(reading)).toMatchObject({ level: 'error', file, line });
  });

  test('of which the error names none is of the file that was asked for', () => {
    const message = 'other.yaml:7: is what somebody else says.';
    const problem = problemIn(() => {
      throw new Error(message);
    });
    expect(problem).toEqual({ level: 'error', file: 'asked.yaml', line: undefined, message });
  });
});

test('problems are told once, errors first, then by file and line', () => {
  const problem = (level: 'error' | 'warning', file: string, line: number) => ({ level, file, line, message: '' });
  const sorted = [
    problem('error', 'a', 2),
    problem('error', 'a', 10),
    problem('error', 'b', 1),
    problem('warning', 'a', 1),
  ];
  expect(sortProblems([...sorted, ...sorted].reverse())).toEqual(sorted);
});
