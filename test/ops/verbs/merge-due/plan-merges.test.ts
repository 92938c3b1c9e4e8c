import { describe, expect, test } from '@jest/globals';
import type { GateVerdict } from '../../../../src/ops/judgement/evaluate-change.js';
import type { JudgedPull } from '../../../../src/ops/judgement/head-verdict.js';
import type { DuePull } from '../../../../src/ops/verbs/merge-due/due-pulls.js';
import { type MergeRules, planMerges } from '../../../../src/ops/verbs/merge-due/plan-merges.js';
import { plainPull } from '../../judged-pulls/plain-pull.js';

const NONE: MergeRules = { guarded: false, gated: false, autoMergeAllowed: false, mergeQueue: false };
const AUTO: MergeRules = { ...NONE, guarded: true, autoMergeAllowed: true };
const GATED: MergeRules = { ...AUTO, gated: true };
const QUEUE: MergeRules = { ...NONE, guarded: true, mergeQueue: true };
const RULES: MergeRules = { ...NONE, guarded: true };

const pull = (more: Partial<DuePull> = {}): DuePull => ({
  ...plainPull(),
  ...{ id: 'PR_1', title: 'x' },
  ...{ isDraft: false, isUrgent: false, isQueued: false, mergeState: 'CLEAN', twins: [] },
  reported: { all: [{ name: 'ci', state: 'success' }], isCut: false },
  ...more,
});
const verdict = (more: Partial<GateVerdict> = {}): GateVerdict => ({
  ...{ environment: 'production', state: 'success', touched: true, line: '', reason: 'Takes shop 1.', targets: [] },
  ...more,
});
const judged = (more: Partial<GateVerdict> = {}, number = 1): JudgedPull => ({
  ...{ number, head: `h${number}`, problem: undefined },
  verdicts: [verdict(more)],
});
const later = new Date('2026-11-20T12:00:00Z');
const soon = { withdrawal: { freezesAt: later, hour: undefined, isNew: true } };
const red = pull({ reported: { all: [{ name: 'ci', state: 'pending' }], isCut: false }, mergeState: 'BLOCKED' });
const against = { login: 'olga', isBot: false, state: 'CHANGES_REQUESTED', commit: 'h1' };

describe('A pull request that is to be merged', () => {
  const cases: [string, DuePull, JudgedPull, MergeRules, string][] = [
    ['is merged where nothing holds it back', pull(), judged(), NONE, 'merge'],
    ['is merged where rules let it and GitHub cannot by itself', pull(), judged(), RULES, 'merge'],
    ['is merged where GitHub calls it clean, for auto-merge is not to be had then', pull(), judged(), AUTO, 'merge'],
    ['waits for its checks', { ...red, mergeState: 'CLEAN' }, judged(), NONE, 'wait: waits for ci'],
    ['is handed over while its checks run', red, judged(), AUTO, 'hand over'],
    ['is handed over to the gate', red, judged(), GATED, 'hand over'],
    ['is handed over to a queue though it is green', pull(), judged(), QUEUE, 'hand over'],
    [
      'is left where auto-merge is on',
      pull({ autoMerge: true }),
      judged(),
      GATED,
      'leave: GitHub merges it when its checks allow',
    ],
    [
      'is left in the queue',
      pull({ isQueued: true, autoMerge: true }),
      judged(),
      QUEUE,
      'leave: GitHub merges it in its queue',
    ],
    [
      'waits for rules that nobody else sees to',
      pull({ mergeState: 'BLOCKED' }),
      judged(),
      RULES,
      'wait: rules of the branch hold it back: a required check or review is missing',
    ],
    [
      'waits where it is behind',
      pull({ mergeState: 'BEHIND' }),
      judged(),
      RULES,
      'wait: the rules of the branch ask for it to be up to date: update it',
    ],
    ['is tried where GitHub does not know yet', pull({ mergeState: 'UNKNOWN' }), judged(), NONE, 'merge'],
    [
      'from a fork waits for a person',
      pull({ isFork: true }),
      judged(),
      NONE,
      'wait: it comes from a fork, and only a person merges those',
    ],
    ['that is a draft waits', pull({ isDraft: true }), judged(), NONE, 'wait: it is a draft'],
    [
      'of which somebody wants changes waits',
      pull({ reviews: [against] }),
      judged(),
      NONE,
      'wait: olga requested changes',
    ],
    [
      'does not wait for a robot that wants changes',
      pull({ reviews: [{ ...against, isBot: true }] }),
      judged(),
      NONE,
      'merge',
    ],
    [
      'does not wait for somebody who may not write and wants changes',
      pull({ reviews: [{ ...against, mayWrite: false }] }),
      judged(),
      NONE,
      'merge',
    ],
    [
      'waits for the policy, until when is said',
      pull(),
      judged({ state: 'pending', reason: 'It soaks.', until: later }),
      NONE,
      'wait: production: It soaks. (2026-11-20T12:00:00.000Z)',
    ],
    [
      'waits for approvals without a time',
      pull(),
      judged({ state: 'pending', reason: '0 of 1.' }),
      NONE,
      'wait: production: 0 of 1.',
    ],
    [
      'is refused by the policy',
      pull(),
      judged({ state: 'failure', reason: 'It never was in staging.' }),
      NONE,
      'wait: Refused by production: It never was in staging.',
    ],
    [
      'is not handed over before the policy allows it',
      red,
      judged({ state: 'pending', reason: 'It soaks.' }),
      AUTO,
      'wait: production: It soaks.',
    ],
    [
      'that GitHub would merge past the policy is told',
      pull({ autoMerge: true }),
      judged({ state: 'pending', reason: 'Frozen.' }),
      AUTO,
      'wait: production: Frozen. Auto-merge is on, and GitHub does not ask the policy: turn it off.',
    ],
    [
      'is not handed over into a freeze that is near',
      red,
      judged(soon),
      AUTO,
      'wait: production freezes at 2026-11-20T12:00:00Z, and its checks are not through: GitHub would merge it whenever they are',
    ],
    ['is handed over near a freeze where the gate withdraws', red, judged(soon), GATED, 'hand over'],
    ['is merged before a freeze that is near', pull(), judged(soon), NONE, 'merge'],
    ['that was not judged waits', pull(), { ...judged(), number: 9 }, NONE, 'wait: It was not judged.'],
    [
      'with a twin is refused by name',
      pull({ twins: [7] }),
      judged(),
      NONE,
      'wait: Refused: #7 has the same head as #1, which is older. Close #7.',
    ],
  ];
  test.each(cases)('%s', (_name, due, verdicts, rules, expected) => {
    const [planned] = planMerges([due], [verdicts], rules, []);
    const step = planned?.step;
    const reason = step !== undefined && 'reason' in step ? `: ${step.reason}` : '';
    const until = step?.do === 'wait' && step.until !== undefined ? ` (${step.until.toISOString()})` : '';
    expect(`${step?.do}${reason}${until}`).toBe(expected);
  });
});

test('Urgent ones come first, and then the oldest', () => {
  const all = [pull({ number: 3 }), pull({ number: 2 }), pull({ number: 5, isUrgent: true })];
  expect(planMerges(all, [], NONE, []).map(({ pull: { number } }) => number)).toEqual([5, 2, 3]);
});
