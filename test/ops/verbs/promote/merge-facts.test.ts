import { describe, expect, test } from '@jest/globals';
import { environmentPolicy, NO_POLICY } from '../../../../src/ops/policy/policy.js';
import type { Decision } from '../../../../src/ops/verbs/promote/decide.js';
import { type MergedVersions, mergeProblem } from '../../../../src/ops/verbs/promote/merge-facts.js';

const environment = environmentPolicy(NO_POLICY, 'stage');
const moved = (app: string): Decision['going'][number] => ({
  ...{ app, since: undefined, forced: [], source: { app, environment: 'dev', parts: [], deployed: undefined } },
  moved: {
    ...{ app, previous: null, version: '1.1.0', targets: [], isNew: false, backwards: false, changed: true },
    ...{ kept: [], notes: [] },
  },
});

interface Case {
  going?: string[];
  left?: string;
  named?: string[] | 'all';
  ahead?: number;
  deletesFrom?: boolean;
  cat?: Partial<MergedVersions>;
}

function problem({ going = ['cat'], left, named = 'all', ahead = 2, deletesFrom = false, cat = {} }: Case): string {
  const decision = {
    environment,
    going: going.map(moved),
    left: left === undefined ? [] : [{ app: left, message: 'It soaks.', held: false, isNew: false }],
  };
  const versions = { wanted: '1.1.0', base: '1.0.0', into: '1.0.0', from: '1.1.0', ...cat };
  const facts = { ahead, deletesFrom, versions: new Map([['cat', versions]]) };
  return mergeProblem(facts, decision, { from: 'dev', into: 'stage', named }) ?? 'comes';
}

describe('what a merge of one branch into another brings', () => {
  test.each<[what: string, given: Case, expected: string]>([
    ['comes where only the other branch changed it', {}, 'comes'],
    ['comes where the target did not have it', { cat: { base: null, into: null } }, 'comes'],
    ['comes where both changed it to the same', { cat: { into: '1.1.0' } }, 'comes'],
    [
      'does not where the target took it back',
      { cat: { base: '1.1.0' } },
      'Merging dev into stage does not bring cat 1.1.0: stage has changed it to 1.0.0 since both parted',
    ],
    [
      'may not where GitHub deletes the branch of an environment with it',
      { deletesFrom: true },
      'GitHub deletes dev once it is merged into stage, and an environment lives there. Turn "Automatically delete head branches" off',
    ],
    ['does not where both changed it', { cat: { base: '0.9.0' } }, 'does not bring cat 1.1.0'],
    ['does not where nothing is new', { ahead: 0 }, 'does not bring cat 1.1.0'],
    [
      'does not where the other branch says it in its own file alone',
      { cat: { from: '1.0.0' } },
      'Merging dev into stage brings cat 1.0.0 to stage, and not 1.1.0: what dev says of stage is in a file of stage alone.',
    ],
    [
      'may not where another app may not go',
      { left: 'dog' },
      'dog may not go to stage, and merging dev into stage brings all that dev has: It soaks.',
    ],
    [
      'is not asked for where it brings another app',
      { going: ['cat', 'dog'], named: ['cat'] },
      'Merging dev into stage brings all that dev has, dog too: name them, or promote all apps.',
    ],
    ['comes with another app that is named', { going: ['cat', 'dog'], named: ['cat', 'dog'] }, 'comes'],
  ])('%s', (_what, given, expected) => {
    expect(problem(given)).toContain(expected);
  });
});
