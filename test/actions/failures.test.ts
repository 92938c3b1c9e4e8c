import { describe, expect, test } from '@jest/globals';
import { renderFailures } from '../../src/actions/failures.js';
import { DifferenceError } from '../../src/ops/tree/difference-error.js';

describe('failures in a job summary', () => {
  test.each<[what: string, failures: Error[], lines: string[]]>([
    ['one is a paragraph', [new Error('It fails.')], ['It fails.']],
    ['several are a list', [new Error('It fails.'), new Error('So does this.')], ['- It fails.', '- So does this.']],
    ['one of several lines is a list', [new Error('It fails.\nSo does this.')], ['- It fails.', '- So does this.']],
    [
      'a difference is a block',
      [new DifferenceError('It would change:', '@@ -1 +1 @@\n-a\n+b')],
      ['It would change:', '', '```diff', '@@ -1 +1 @@', '-a', '+b', '```'],
    ],
    [
      'a difference is a block beside others, too',
      [new Error('It fails.'), new DifferenceError('It would change:', '-a')],
      ['It fails.', '', 'It would change:', '', '```diff', '-a', '```'],
    ],
    [
      'lines to paste are a block',
      [new Error('It fails. Type:\n\n    git fetch\n      --all\n    git merge\n\nThen run it again.')],
      ['It fails. Type:', '', '```sh', 'git fetch', '  --all', 'git merge', '```', '', 'Then run it again.'],
    ],
    [
      'what only looks like a difference is a sentence',
      [new Error('The file has:\n@@ merge me @@')],
      ['- The file has:', '- @\u2060@ merge me @\u2060@'],
    ],
  ])('%s', (_what, failures, lines) => {
    const text = ['> [!CAUTION]', ...lines.map((line) => `> ${line}`.trimEnd())].join('\n');
    expect(renderFailures(failures)).toBe(text);
  });
});
