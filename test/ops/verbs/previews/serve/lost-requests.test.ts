import { describe, expect, test } from '@jest/globals';
import type { PreviewRecord } from '../../../../../src/ops/preview-records/record.js';
import { askersIn, type ListedArtifact } from '../../../../../src/ops/verbs/previews/serve/askers.js';
import { lostOfForks } from '../../../../../src/ops/verbs/previews/serve/lost-of-forks.js';
import { lostRequests, unanswered } from '../../../../../src/ops/verbs/previews/serve/lost-requests.js';
import { at, recordOf, sha } from '../support.js';

describe('what was asked for in vain', () => {
  const list = { repository: 'acme/apps', listedAt: at(0), open: [{ number: 35, head: sha(1) }] };
  const asker = (id: number, head: string, minutes: number) => ({
    ...{ run: id, head, branch: 'change', askedAt: at(minutes) },
  });

  test('is what the newest run for the head of an open pull request asked for', () => {
    const askers = [asker(7, sha(1), 0), asker(8, sha(1), 5), asker(9, sha(2), 9)];
    expect(lostRequests(list, askers, [])).toEqual([{ repository: 'acme/apps', run: 8, pull_request: 35 }]);
  });

  test.each([
    ['nobody asked', [asker(9, sha(2), 9)], [], list],
    ['its record is of that commit', [asker(7, sha(1), 0)], [recordOf(35)], list],
    [
      'a run for a fork asks by itself',
      [asker(7, sha(1), 0)],
      [],
      { ...list, open: [{ number: 35, head: sha(1), fork: true as const }] },
    ],
  ])('is nothing where %s', (_what, askers, records, listed) => {
    expect(lostRequests(listed, askers, records)).toEqual([]);
  });

  test.each<[string, PreviewRecord[], number[]]>([
    ['has none', [], [35]],
    ['has one of another commit', [recordOf(35, { head: sha(2) })], [35]],
    ['has one of its commit', [recordOf(35, { repository: 'Acme/Apps' })], []],
    ['is one of another repository', [recordOf(35, { repository: 'acme/others' })], [35]],
  ])('is open where its record %s', (_what, records, numbers) => {
    expect(unanswered(list, records).map(({ number }) => number)).toEqual(numbers);
  });
});

describe('who asked lately', () => {
  const run = { id: 7, head_sha: sha(1), head_branch: 'change', repository_id: 1, head_repository_id: 1 };
  const left = (more: Partial<typeof run> = {}, minutes = 0): ListedArtifact => ({
    ...{ created_at: at(minutes).toISOString(), workflow_run: { ...run, ...more } },
  });

  test.each<[string, ListedArtifact, number]>([
    ['a run of the repository', left(), 1],
    ['three hours ago', left({}, -180), 1],
    ['longer ago', left({}, -181), 0],
    ['a run for the commit of a fork', left({ head_repository_id: 2 }), 0],
    ['a run that GitHub does not name', { ...left(), workflow_run: null }, 0],
  ])('%s', (_what, artifact, count) => {
    expect(askersIn([artifact], at(0))).toHaveLength(count);
  });
});

describe('what was asked for pull requests of forks in vain', () => {
  const open = [1, 2, 3].map((number) => ({
    number,
    head: sha(number),
    ...(number === 3 ? {} : { fork: true as const }),
  }));
  const list = { repository: 'acme/apps', listedAt: at(0), defaultBranch: 'main', open };
  /** Runs by the pull request and the commit that they ask for. */
  const SAID: Record<number, { number: number; head: string } | undefined> = {
    10: { number: 1, head: sha(1) },
    11: { number: 1, head: sha(9) },
    12: { number: 2, head: sha(2) },
    13: { number: 3, head: sha(3) },
    14: undefined,
    15: { number: 1, head: sha(1) },
  };
  const askers = (branch: string, ...runs: number[]) =>
    runs.map((id, minutes) => ({ run: id, head: sha(8), branch, askedAt: at(-minutes) }));

  test.each<[string, ReturnType<typeof askers>, false | 'labelled', PreviewRecord[], number[], number[]]>([
    ['is what runs of the default branch asked for', askers('main', 12, 10), 'labelled', [], [12, 10], [12, 10]],
    [
      'is looked for no longer than something is missing',
      askers('main', 10, 12, 11),
      'labelled',
      [],
      [10, 12],
      [10, 12],
    ],
    ['is what the newest run asked for', askers('main', 15, 10, 12), 'labelled', [], [15, 12], [15, 10, 12]],
    ['is nothing of an older commit', askers('main', 11), 'labelled', [], [], [11]],
    ['is nothing of a branch of the repository', askers('main', 13), 'labelled', [], [], [13]],
    ['is nothing that a run of another branch asked for', askers('change', 10), 'labelled', [], [], []],
    ['is nothing to believe', askers('main', 14, 12), 'labelled', [], [12], [14, 12]],
    ['is nothing where forks have none', askers('main', 10), false, [], [], []],
    [
      'is nothing that was answered',
      askers('main', 10, 12),
      'labelled',
      [1, 2].map((number) => recordOf(number, { head: sha(number) })),
      [],
      [],
    ],
  ])('%s', async (_what, runs, forks, records, expected, asked) => {
    const looked: number[] = [];
    const found = await lostOfForks({ list, askers: runs }, records, forks, async (id) => {
      looked.push(id);
      return SAID[id];
    });
    expect([found.map((request) => request.run), looked]).toEqual([expected, asked]);
  });
});
