import { describe, expect, test } from '@jest/globals';
import { decideMerge, type MergeChoice } from '../../../src/ops/policy/merge-decision.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';

const FREEZE = 'freeze: [{ cron: "0 11 * * *", for: 3h }]';
const policy = readPolicy(`
environments:
  quick: { cd: true, ${FREEZE} }
  slow: { cd: false, ${FREEZE} }
`);
const OPEN = new Date('2026-11-21T10:59:00Z');
const FROZEN = new Date('2026-11-21T11:00:00Z');

describe('whether a pull request merges by itself', () => {
  test.each<[cd: string, choice: MergeChoice, when: string, now: Date, merges: boolean, reason: string]>([
    ['cd', 'auto', 'at any time', OPEN, true, ''],
    [
      'cd',
      'auto',
      'in a freeze',
      FROZEN,
      false,
      'quick is frozen until 2026-11-21 14:00 UTC, so it waits for a person',
    ],
    ['cd', 'true', 'at any time', OPEN, true, ''],
    ['cd', 'true', 'in a freeze', FROZEN, true, ''],
    ['cd', 'false', 'at any time', OPEN, false, ''],
    ['cd', 'false', 'in a freeze', FROZEN, false, ''],
    ['no cd', 'auto', 'at any time', OPEN, false, ''],
    ['no cd', 'auto', 'in a freeze', FROZEN, false, ''],
    ['no cd', 'true', 'at any time', OPEN, true, ''],
    ['no cd', 'true', 'in a freeze', FROZEN, true, ''],
    ['no cd', 'false', 'at any time', OPEN, false, ''],
    ['no cd', 'false', 'in a freeze', FROZEN, false, ''],
  ])('with %s in the policy and "merge: %s" %s', (cd, choice, _when, now, merges, reason) => {
    const environment = environmentPolicy(policy, cd === 'cd' ? 'quick' : 'slow');
    expect(decideMerge(environment, choice, now)).toEqual({ merges, reason });
  });

  test.each<[MergeChoice, boolean]>([
    ['auto', false],
    ['true', true],
    ['false', false],
  ])('where the policy does not name the environment, "merge: %s" means %s', (choice, merges) => {
    expect(decideMerge(environmentPolicy(policy, 'demo'), choice, FROZEN).merges).toBe(merges);
  });
});
