import { describe, expect, test } from '@jest/globals';
import { approvalsOfPlan, lackingApproval, type PlanReview } from '../../../src/infra/apply/plan-approvals.js';

const [head, older] = ['a'.repeat(40), 'b'.repeat(40)];
const pull = { number: 7, head, author: 'ada' };
const pushers = { logins: ['renovate[bot]', 'Linus'] };
const since = new Date('2026-11-30T12:00:00.900Z');
const review = (more: Partial<PlanReview> = {}): PlanReview => ({
  ...{ login: 'grace', isBot: false, state: 'APPROVED', commit: head, mayWrite: true },
  submittedAt: new Date('2026-11-30T12:30:00Z'),
  ...more,
});

describe('An approval of a plan', () => {
  test.each<[string, PlanReview, boolean]>([
    ['counts after the plan', review(), true],
    [
      'may be of another plan in the same second, which GitHub tells no closer',
      review({ submittedAt: new Date('2026-11-30T12:00:00Z') }),
      false,
    ],
    ['is of another plan before it', review({ submittedAt: new Date('2026-11-30T11:59:59Z') }), false],
    ['is of another commit', review({ commit: older }), false],
    ['is of no commit that GitHub knows', review({ commit: undefined }), false],
    ['is of no known time', review({ submittedAt: undefined }), false],
    ['is not of who proposed it', review({ login: 'Ada' }), false],
    ['is not of who pushed to its branch', review({ login: 'linus' }), false],
    ['is not of who may not write', review({ mayWrite: false }), false],
    ['is not of a bot', review({ isBot: true }), false],
    ['is none where changes are asked for', review({ state: 'CHANGES_REQUESTED' }), false],
    ['is none any more once it is dismissed', review({ state: 'DISMISSED' }), false],
  ])('%s', (_name, given, counts) => {
    expect(approvalsOfPlan([given], pull, since, pushers).by).toEqual(counts ? [given.login] : []);
  });

  test('counts of nobody where nobody can tell who pushed', () => {
    const approvals = approvalsOfPlan([review()], pull, since, { problem: 'GitHub says nothing.' });
    expect(approvals).toEqual({
      by: [],
      uncounted: ['The approval of grace does not count: nobody can tell who pushed to its branch.'],
    });
  });

  test('is needed where the root has approvers, of one of them', () => {
    const approvals = approvalsOfPlan([review(), review({ login: 'alan', commit: older })], pull, since, pushers);
    expect(lackingApproval(approvals, undefined)).toBeUndefined();
    expect(lackingApproval(approvals, ['GRACE'])).toBeUndefined();
    expect(lackingApproval(approvals, ['alan'])).toBe(
      'None of its approvers has approved this plan. The approval of alan does not count: it is of an older commit.',
    );
    expect(lackingApproval(approvals, [])).toContain('None of its approvers');
  });
});
