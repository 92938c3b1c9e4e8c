import { expect, test } from '@jest/globals';
import { environmentCheckOf, gateCheckOf, isGateCheck, isOfGate } from '../../../src/ops/policy/gate-check.js';

const [main, prod] = [gateCheckOf(undefined), gateCheckOf('env/prod')];

test('each branch has a check of its own, and the one of the default branch keeps its name', () => {
  expect([main, prod, environmentCheckOf(prod, 'prod')]).toEqual([
    'oStack / gate',
    'oStack / gate into env/prod',
    'oStack / gate into env/prod / prod',
  ]);
});

test.each<[string, boolean, boolean]>([
  [main, true, true],
  [prod, true, true],
  [environmentCheckOf(main, 'prod'), false, true],
  [environmentCheckOf(prod, 'prod'), false, true],
  ['oStack / gates', false, false],
  ['oStack / audit', false, false],
  ['ci', false, false],
])('what "%s" is: required of a branch, said by the gate', (name, isRequired, isOfIt) => {
  expect([isGateCheck(name), isOfGate(name)]).toEqual([isRequired, isOfIt]);
});
