import { describe, expect, test } from '@jest/globals';
import { readTree } from '../../../src/local/runner/tree.js';
import { callInputs, dispatchInputs } from '../../../src/local/runner/workflow-inputs.js';

const declared = readTree(
  `inputs:
  name: { type: string, default: world }
  count: { type: number, default: 3 }
  dry-run: { type: boolean }
  where: { type: choice, options: [staging, production] }
  who: { required: true }
`,
  'w.yml',
);

describe('inputs of Run workflow', () => {
  test('have their defaults and types', () => {
    expect(dispatchInputs(declared, { who: 'me' })).toEqual({
      name: 'world',
      count: 3,
      'dry-run': false,
      where: 'staging',
      who: 'me',
    });
    expect(dispatchInputs(declared, { who: 'me', count: '7', 'dry-run': 'true', where: 'production' })).toMatchObject({
      count: 7,
      'dry-run': true,
      where: 'production',
    });
  });

  test.each([
    [{}, "Required input 'who' not provided"],
    [{ who: 'me', typo: 'x' }, 'Unexpected inputs provided: ["typo"]'],
    [{ who: 'me', count: 'many' }, "Input 'count' is 'many', expected a number."],
    [{ who: 'me', 'dry-run': 'yes' }, "Input 'dry-run' is 'yes', expected true or false."],
    [
      { who: 'me', where: 'moon' },
      "Provided value 'moon' for input 'where' not in the list of allowed values: staging, production",
    ],
  ])('%j is an error', (given, message) => {
    expect(() => dispatchInputs(declared, given)).toThrow(message);
  });
});

describe('inputs of a called workflow', () => {
  const trigger = readTree(
    `inputs:
  ref: { type: string, default: "\${{ github.ref }}" }
  count: { type: number }
  flag: { type: boolean, required: true }
`,
    'w.yml',
  );
  const scope = { contexts: { github: { ref: 'refs/heads/main' } } };

  test('have their defaults, which may be expressions', () => {
    expect(callInputs(trigger, { flag: true }, scope, 'call')).toEqual({
      ref: 'refs/heads/main',
      count: 0,
      flag: true,
    });
  });

  test.each([
    [{}, 'call: Input flag is required, but not provided while calling.'],
    [{ flag: true, typo: 1 }, 'call: Invalid input, typo is not defined in the referenced workflow.'],
    [{ flag: 'true' }, "call: Unexpected value 'true' for input flag: expected a boolean."],
    [{ flag: true, count: '1' }, "call: Unexpected value '1' for input count: expected a number."],
  ])('%j is an error', (given, message) => {
    expect(() => callInputs(trigger, given, scope, 'call')).toThrow(message);
  });
});
