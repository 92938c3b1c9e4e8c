import { describe, expect, test } from '@jest/globals';
import { type Finishing, mergeMutations, mergeNow } from '../../../src/ops/pull-requests/merge-mutations.js';
import { labelMutations, peopleMutations } from '../../../src/ops/pull-requests/people.js';
import type { MergeMethod, RepositoryState } from '../../../src/ops/repository/repository-state.js';
import { HEAD, pull, REPO } from './support.js';

const finishing = (over: Partial<Finishing> = {}): Finishing => ({
  ...{ pullRequest: { id: 'PR_7', number: 7 }, labels: [], known: pull(), headOid: HEAD, changed: true, merges: true },
  ...{ message: { headline: 'my-app 1.4.0', body: 'Ostack-App: my-app' }, others: [] },
  ...over,
});

const GUARDED = { guarded: true, autoMergeAllowed: true };

describe('a pull request that merges by itself', () => {
  test.each<[what: string, repo: Partial<RepositoryState>, given: Partial<Finishing>, mutations: string[]]>([
    ['is merged now where nothing holds it back', {}, {}, ['mergePullRequest']],
    ['is left to GitHub where rules hold it back', GUARDED, {}, ['enablePullRequestAutoMerge']],
    ['is waited for where GitHub may not', { ...GUARDED, autoMergeAllowed: false }, {}, []],
    ['is left as it is where GitHub has it already', GUARDED, { known: pull({ autoMerge: true }), changed: false }, []],
    [
      'is given anew to GitHub with the words of another version',
      GUARDED,
      { known: pull({ autoMerge: true }) },
      ['disablePullRequestAutoMerge', 'enablePullRequestAutoMerge'],
    ],
    ['is left to GitHub where this run opened it', GUARDED, { known: undefined }, ['enablePullRequestAutoMerge']],
  ])('%s', (_what, repo, given, mutations) => {
    const found = mergeMutations('u0', finishing(given), { ...REPO, ...repo }, 'SQUASH');
    expect(found.map(({ name }) => name)).toEqual(mutations);
    for (const { name, input } of found) {
      expect(input.expectedHeadOid).toBe(name === 'disablePullRequestAutoMerge' ? undefined : HEAD);
    }
  });

  test.each<[MergeMethod, object]>([
    ['SQUASH', { commitHeadline: 'my-app 1.4.0 (#7)', commitBody: 'Ostack-App: my-app' }],
    ['MERGE', {}],
    ['REBASE', {}],
  ])('by %s is pinned to its head, and its commits keep their trailers', (method, words) => {
    expect(mergeNow('m0', finishing(), method).input).toEqual({
      ...{ pullRequestId: 'PR_7', mergeMethod: method, expectedHeadOid: HEAD },
      ...words,
    });
  });
});

test('what people added is named in the squashed commit, and the trailers stay at its end', () => {
  const { input } = mergeNow(
    'm0',
    finishing({ others: ['more replicas (abc1234)', 'a bigger disk (def5678)'] }),
    'SQUASH',
  );
  expect(input.commitBody).toBe(
    'With commits of other people:\n\n* more replicas (abc1234)\n* a bigger disk (def5678)\n\nOstack-App: my-app',
  );
});

describe('labels and people of a pull request', () => {
  const repo = { ...REPO, users: new Map([['ada', 'U_1']]), teams: new Map([['leads', 'T_1']]) };
  const people = {
    reviewers: [
      { kind: 'user', name: 'ada' },
      { kind: 'team', name: 'leads' },
      { kind: 'user', name: 'nobody' },
    ],
    assignees: ['ada'],
  } as const;
  const labels = new Map([['deploy', 'L_1']]);

  test.each<[what: string, given: Partial<Finishing>, mutations: string[]]>([
    [
      'are set where none are',
      { labels: ['deploy'] },
      ['addLabelsToLabelable', 'requestReviews', 'addAssigneesToAssignable'],
    ],
    ['are set on what this run opened', { known: undefined }, ['requestReviews', 'addAssigneesToAssignable']],
    ['are not asked again where somebody was', { known: pull({ hasReviewers: true }) }, ['addAssigneesToAssignable']],
    ['are not assigned again where somebody is', { known: pull({ hasAssignees: true }) }, ['requestReviews']],
    [
      'are left as they are where all is set',
      { labels: ['deploy'], known: pull({ labels: ['deploy'], hasReviewers: true, hasAssignees: true }) },
      [],
    ],
  ])('%s', (_what, given, mutations) => {
    const found = peopleMutations('u0', finishing(given), people, repo, labels);
    expect(found.map(({ name }) => name)).toEqual(mutations);
  });

  test('are made once where the repository does not have them', () => {
    const wanted = [{ name: 'deploy', id: 'L_1' }, { name: 'app' }, { name: 'app' }].map(({ name, id }) => ({
      name,
      id,
    }));
    expect(labelMutations(wanted, REPO).map(({ input }) => input.name)).toEqual(['app']);
  });
});
