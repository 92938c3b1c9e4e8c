import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { refuseAway } from '../../../src/ops/repository/snapshot.js';

describe('a verb that knows the default branch alone', () => {
  test.each<[what: string, environments: string, error: string | undefined]>([
    ['goes on where all environments live there', '  dev: {}\n  prod: { after: dev }', undefined],
    [
      'names the first that does not',
      '  dev: {}\n  prod: { branch: prod }',
      'prod lives on the branch prod by ostack.yaml of acme/ops',
    ],
    ['names its repository', '  prod: { repository: acme/prod }', 'prod lives on the default branch of acme/prod by'],
  ])('%s', (_what, environments, error) => {
    const refuse = () => refuseAway(readPolicy(`environments:\n${environments}\n`), 'acme/ops');
    if (error === undefined) {
      expect(refuse).not.toThrow();
    } else {
      expect(refuse).toThrow(error);
    }
  });
});
