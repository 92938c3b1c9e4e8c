import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { chooseEnvironments } from '../../../../src/ops/verbs/bump/environments.js';

describe('the environments of a bump', () => {
  const policy = readPolicy('environments:\n  production: { after: staging }\n  staging: {}\n');
  const none = readPolicy(undefined);

  test('are those that were named', () => {
    expect(chooseEnvironments(['staging', 'staging'], policy, [], 'acme/ops')).toEqual({
      names: ['staging'],
      named: true,
    });
  });

  test("are else the policy's, in the order that versions move", () => {
    expect(chooseEnvironments([], policy, ['demo'], 'acme/ops').names).toEqual(['staging', 'production']);
  });

  test('are else the folders', () => {
    expect(chooseEnvironments([], none, ['staging', 'demo'], 'acme/ops').names).toEqual(['demo', 'staging']);
  });

  test.each<[string[], string]>([
    [['stagin'], 'There is no environment "stagin" in acme/ops. It has: staging, production.'],
  ])('%j are refused', (named, message) => {
    expect(() => chooseEnvironments(named, policy, [], 'acme/ops')).toThrow(message);
  });

  test('are missed where there are none', () => {
    expect(() => chooseEnvironments([], none, [], 'acme/ops')).toThrow('acme/ops has no environments');
  });
});
