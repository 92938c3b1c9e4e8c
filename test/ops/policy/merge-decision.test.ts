import { describe, expect, test } from '@jest/globals';
import {
  type BranchRules,
  decideMerge,
  type MergeChoice,
  type NotYet,
  notYetSentences,
  wantsMerge,
} from '../../../src/ops/policy/merge-decision.js';

const [cd, person] = [{ cd: true }, { cd: false }];

describe('whether a pull request is to merge by itself', () => {
  test.each<[choice: MergeChoice, environments: { cd: boolean }[], wants: boolean]>([
    ['auto', [cd], true],
    ['auto', [cd, cd], true],
    ['auto', [person], false],
    ['auto', [cd, person], false],
    ['auto', [], false],
    ['true', [person], true],
    ['true', [], true],
    ['false', [cd], false],
    ['false', [], false],
  ])('with "merge: %s" and %j: %s', (choice, environments, wants) => {
    expect(wantsMerge(choice, environments)).toBe(wants);
  });
});

describe('what becomes of one that is to merge by itself', () => {
  const ALLOWED = undefined;
  const FROZEN: NotYet = { fact: 'production is frozen until 14:00.', until: new Date('2026-11-21T14:00:00Z') };
  const EARLY: NotYet = { fact: 'production takes web 1.5.0 only once it is in staging.', until: undefined };
  const branch = (guarded: boolean, gated: boolean, autoMergeAllowed: boolean, mergeQueue = false): BranchRules => ({
    ...{ guarded, gated, autoMergeAllowed, mergeQueue },
  });
  const FREE = branch(false, false, true);
  const NO_AUTO = branch(false, false, false);
  const CHECKED = branch(true, false, true);
  const CHECKED_NO_AUTO = branch(true, false, false);
  const GATED = branch(true, true, true);
  const QUEUE_NO_AUTO = branch(true, false, false, true);
  const GATED_QUEUE = branch(true, true, false, true);
  const GATED_NO_AUTO = branch(true, true, false);

  test.each<[what: string, rules: BranchRules, notYet: NotYet | undefined, merges: boolean, whenAllowed: boolean]>([
    ['is merged where nothing holds it back', FREE, ALLOWED, true, false],
    ['is merged where nothing holds it back, whatever auto-merge', NO_AUTO, ALLOWED, true, false],
    ['gets the label in a freeze', FREE, FROZEN, false, true],
    ['gets the label where somebody has to do something', NO_AUTO, EARLY, false, true],
    ['is left to auto-merge where checks are required', CHECKED, ALLOWED, true, false],
    ['gets the label where other checks than the gate are required', CHECKED, FROZEN, false, true],
    ['is waited for, with the label, where auto-merge is off', CHECKED_NO_AUTO, ALLOWED, true, true],
    ['gets the label where checks are required and auto-merge is off', CHECKED_NO_AUTO, EARLY, false, true],
    ['is left to auto-merge where the gate is required', GATED, ALLOWED, true, false],
    ['is left to auto-merge in a freeze where the gate is required', GATED, FROZEN, true, false],
    ['is left to auto-merge before its order where the gate is required', GATED, EARLY, true, false],
    [
      'is waited for, with the label, where the gate is required and auto-merge is off',
      GATED_NO_AUTO,
      ALLOWED,
      true,
      true,
    ],
    ['gets the label in a freeze where the gate is required and auto-merge is off', GATED_NO_AUTO, FROZEN, false, true],
    ['is put into the merge queue where auto-merge is off', QUEUE_NO_AUTO, ALLOWED, true, false],
    ['gets the label where the queue would take it and the policy does not', QUEUE_NO_AUTO, FROZEN, false, true],
    ['gets the label where the queue takes nothing that the gate holds', GATED_QUEUE, FROZEN, false, true],
  ])('%s', (_what, rules, notYet, merges, whenAllowed) => {
    expect(decideMerge(notYet, rules)).toEqual({ merges, whenAllowed, notYet });
  });

  test('is said to merge then where that is known, and else once the policy allows it', () => {
    expect(notYetSentences(FROZEN)).toBe('production is frozen until 14:00. It merges by itself then.');
    expect(notYetSentences(EARLY)).toBe(
      'production takes web 1.5.0 only once it is in staging. It merges by itself once the policy allows it.',
    );
  });
});
