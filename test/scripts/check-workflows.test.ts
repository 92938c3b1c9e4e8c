// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { checkFile } from '../../scripts/check-workflows.js';

const workflow = (steps: string) => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;

describe('checking a workflow or an action', () => {
  test.each([
    [
      '.github/workflows/a.yml',
      workflow('      - uses: $/actions/b\n      - run: echo "$A"\n        env: { A: "${{ github.ref }}" }\n'),
    ],
    [
      'workflows/apps/a.yml',
      'on: push\nconcurrency: { group: a, queue: max }\njobs: { a: { uses: o/r/.github/workflows/x.yml@v1 } }\n',
    ],
    ['actions/b/action.yml', 'name: B\ndescription: B\nruns: { using: node24, main: ../../dist/b.js }\n'],
  ])('finds nothing wrong with a good %s', async (file, text) => {
    expect(await checkFile(text, file)).toEqual([]);
  });

  test.each([
    ['.github/workflows/a.yml', workflow('      - run: echo\n        typo: 1\n'), "7:9: Unexpected value 'typo'"],
    [
      '.github/workflows/a.yml',
      workflow('      - run: echo\n        if: nope.x\n'),
      "7:13: Unrecognized named-value: 'nope'",
    ],
    [
      '.github/workflows/a.yml',
      workflow('      - run: echo ${{ github.ref }}\n'),
      '6:1: An expression inside "run": pass the value through "env".',
    ],
    ['.github/workflows/a.yml', workflow('      - run: "x\n'), '7:1: Missing closing "quote'],
    [
      'workflows/apps/a.yml',
      'on: push\njobs: { a: { uses: ostack/actions/.github/workflows/release.yml@v1, with: { typo: x } } }\n',
      '2:83: Invalid input, typo is not defined in the referenced workflow.',
    ],
    [
      'actions/b/action.yml',
      'name: B\nruns: { using: node24, main: b.js }\n',
      '1:1: Required property is missing: description',
    ],
  ])('names the place of what is wrong in %s: %#', async (file, text, problem) => {
    const found = await checkFile(text, file);
    expect(found.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n')).toContain(problem);
  });
});
