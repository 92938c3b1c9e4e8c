import { expect, test } from '@jest/globals';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { mergedInto } from '../../../src/ops/pull-requests/stop-merging.js';

const POLICY = readPolicy(`environments:
  dev: { branch: dev, cd: true }
  test: { branch: test, after: dev }
  stage: { branch: stage, after: dev, promotion: merge }
  prod: { branch: prod, after: stage, promotion: merge }
`);

test.each([
  ['an environment whose promotions merge, the branch of the one before', 'prod', ['stage']],
  ['an environment whose promotions copy, none', 'test', []],
  ['an environment without one before it, none', 'dev', []],
  ['every environment, those of all', '*', ['dev', 'stage']],
  ['an environment that nobody has, none', 'prdo', []],
])('What a hold keeps from merging is, of %s', (_what, environment, branches) => {
  expect(mergedInto(POLICY, environment)).toEqual(branches);
});
