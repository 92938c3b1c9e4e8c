import { describe, expect, test } from '@jest/globals';
import { judgeApprovals, type PullPeople, type Review } from '../../../src/ops/judgement/approvals.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';

const policy = readPolicy(
  'environments: { staging: {}, production: { approvers: [grace, linus, acme/leads], approvals: 1 } }\n',
);
const production = environmentPolicy(policy, 'production');
const APPROVERS = { logins: ['grace', 'linus', 'olga'], unseen: [] };

const review = (login: string, more: Partial<Review> = {}): Review => ({
  ...{ login, isBot: false, state: 'APPROVED', commit: 'head' },
  ...more,
});
const people = (more: Partial<PullPeople> = {}): PullPeople => ({
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
  ...more,
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));

/** `1 of 1`, and the logins that count. */
function counted(more: Partial<PullPeople>, isRollback = false): string {
  const { given, needed } = judgeApprovals(production, APPROVERS, people(more), isRollback);
  return `${given.join(' ')} (${given.length} of ${needed})`.trim();
}

describe('An approval', () => {
  test.each<[string, Partial<PullPeople>, string]>([
    ['of an approver counts', { reviews: [review('grace')] }, 'grace (1 of 1)'],
    ['counts whatever capitals GitHub gives the login', { reviews: [review('Grace')] }, 'Grace (1 of 1)'],
    ['of a member of a team of approvers counts', { reviews: [review('olga')] }, 'olga (1 of 1)'],
    ['of anybody else does not', { reviews: [review('eve')] }, '(0 of 1)'],
    ['of somebody who is no approver any more does not', { reviews: [review('former')] }, '(0 of 1)'],
    ['of a bot does not, whatever it is called', { reviews: [review('grace', { isBot: true })] }, '(0 of 1)'],
    [
      'of who may not write to the repository does not',
      { reviews: [review('grace', { mayWrite: false })] },
      '(0 of 1)',
    ],
    ['on an older commit does not', { reviews: [review('grace', { commit: 'older' })] }, '(0 of 1)'],
    [
      'from before the pull request got another base does not',
      { reviews: [review('grace', { submittedAt: at(10) })], baseChangedAt: at(11) },
      '(0 of 1)',
    ],
    [
      'of the same second does not',
      { reviews: [review('grace', { submittedAt: at(11) })], baseChangedAt: at(11) },
      '(0 of 1)',
    ],
    ['of an unknown time does not, then', { reviews: [review('grace')], baseChangedAt: at(11) }, '(0 of 1)'],
    [
      'from after that counts',
      { reviews: [review('grace', { submittedAt: at(12) })], baseChangedAt: at(11) },
      'grace (1 of 1)',
    ],
    ['on a commit that is gone does not', { reviews: [review('grace', { commit: undefined })] }, '(0 of 1)'],
    ['that was dismissed does not', { reviews: [review('grace', { state: 'DISMISSED' })] }, '(0 of 1)'],
    ['of the author does not', { author: 'Grace', reviews: [review('grace')] }, '(0 of 1)'],
    ['of who started the run does not', { starters: { logins: ['GRACE'] }, reviews: [review('grace')] }, '(0 of 1)'],
    [
      'of who started it anew does not',
      { starters: { logins: ['ada', 'grace'] }, reviews: [review('grace')] },
      '(0 of 1)',
    ],
    ['of who pushed does not', { pushers: { logins: ['eve', 'Grace'] }, reviews: [review('grace')] }, '(0 of 1)'],
    [
      'is one too few, where the starter is not known',
      { starters: { problem: 'Why.' }, reviews: [review('grace')] },
      'grace (1 of 2)',
    ],
    [
      'is one too few, where pushers are not known',
      { pushers: { problem: 'Why.' }, reviews: [review('grace')] },
      'grace (1 of 2)',
    ],
    [
      'is one too few, where neither is known',
      { starters: { problem: 'A.' }, pushers: { problem: 'B.' }, reviews: [review('grace'), review('linus')] },
      'grace linus (2 of 2)',
    ],
  ])('%s', (_, given, expected) => {
    expect(counted(given)).toBe(expected);
  });

  test('from a fork helps nothing', () => {
    const { refusal } = judgeApprovals(
      production,
      APPROVERS,
      people({ isFork: true, reviews: [review('grace')] }),
      false,
    );
    expect(refusal).toContain('nobody can tell who pushes to a fork');
  });

  test('is asked for by nobody where the policy names nobody', () => {
    const staging = environmentPolicy(policy, 'staging');
    const { needed, refusal } = judgeApprovals(staging, { logins: [], unseen: [] }, people({ isFork: true }), false);
    expect([needed, refusal]).toEqual([0, undefined]);
  });

  test('that does not count says why', () => {
    const { uncounted } = judgeApprovals(
      production,
      APPROVERS,
      people({ pushers: { logins: ['grace'] }, reviews: [review('grace')] }),
      false,
    );
    expect(uncounted).toEqual(['The approval of grace does not count: they pushed to its branch.']);
  });

  test('is missing for a reason where somebody else opened again what an approver started', () => {
    const { uncounted } = judgeApprovals(
      production,
      APPROVERS,
      people({ starters: { logins: ['grace'] }, reopened: { login: 'eve' } }),
      true,
    );
    expect(uncounted).toEqual([
      'grace started it, and eve opened it again after it was closed: that takes an approval.',
    ]);
  });

  test('of teams that the token cannot see is missing for a reason', () => {
    const { problem } = judgeApprovals(production, { logins: ['grace'], unseen: ['acme/leads'] }, people(), false);
    expect(problem).toContain('acme/leads: give the App "members: read"');
  });
});

describe('A rollback', () => {
  test.each<[string, Partial<PullPeople>, string]>([
    ['that an approver started needs nobody else', { starters: { logins: ['grace'] } }, '(0 of 0)'],
    [
      'that an approver started and another one anew does not either',
      { starters: { logins: ['grace', 'linus'] } },
      '(0 of 0)',
    ],
    [
      'that a schedule or a push started needs an approval, whoever that is said to be of',
      { starters: { logins: ['grace'] }, isStartedByItself: true },
      '(0 of 1)',
    ],
    ['that somebody else started needs an approval', { starters: { logins: ['ada'] } }, '(0 of 1)'],
    [
      'that an approver started and somebody else anew needs one',
      { starters: { logins: ['grace', 'eve'] } },
      '(0 of 1)',
    ],
    [
      'that somebody else opened again needs an approval, whoever started it',
      { starters: { logins: ['grace'] }, reopened: { login: 'eve' } },
      '(0 of 1)',
    ],
    [
      'that a bot opened again needs one',
      { starters: { logins: ['grace'] }, reopened: { login: undefined } },
      '(0 of 1)',
    ],
    [
      'that an approver opened again needs nobody else',
      { starters: { logins: ['grace'] }, reopened: { login: 'linus' } },
      '(0 of 0)',
    ],
    [
      'that somebody else opened again takes the approval of who started it no more than before',
      { starters: { logins: ['grace'] }, reopened: { login: 'eve' }, reviews: [review('linus')] },
      'linus (1 of 1)',
    ],
    ['that no run of ours made needs one, whoever wrote it', { author: 'grace' }, '(0 of 1)'],
    ['of which nobody can tell who started it needs two', { starters: { problem: 'Why.' } }, '(0 of 2)'],
  ])('%s', (_, given, expected) => {
    expect(counted(given, true)).toBe(expected);
  });
});

test('Changes that an approver asks for stand, on whatever commit', () => {
  const reviews = [
    review('grace', { state: 'CHANGES_REQUESTED', commit: 'older' }),
    review('eve', { state: 'CHANGES_REQUESTED' }),
  ];
  expect(judgeApprovals(production, APPROVERS, people({ reviews }), false).refused).toEqual(['grace']);
});

describe('An approver stands behind a head', () => {
  test.each<[string, Partial<PullPeople>, boolean]>([
    ['by an approval that counts', { reviews: [review('grace')] }, true],
    ['by having started it', { starters: { logins: ['grace'] } }, true],
    ['not by an approval that does not count', { author: 'grace', reviews: [review('grace')] }, false],
    ['not by somebody else’s start', { starters: { logins: ['grace', 'eve'] } }, false],
    ['not once somebody else opened it again', { starters: { logins: ['grace'] }, reopened: { login: 'eve' } }, false],
    ['not by being its author', { author: 'grace' }, false],
  ])('%s', (_, given, expected) => {
    expect(judgeApprovals(production, APPROVERS, people(given), false).isBacked).toBe(expected);
  });
});
