import { describe, expect, test } from '@jest/globals';
import { readPull } from '../../../../src/ops/verbs/check/pulls.js';
import { graphqlServer } from '../../../support/graphql-server.js';

const HEAD = 'a'.repeat(40);
const OLD = 'b'.repeat(40);

type Review = [login: string | null, state: string, commit: string | null];

async function readBy(reviews: readonly Review[]) {
  await using server = await graphqlServer(() => ({
    data: {
      repository: {
        pullRequest: {
          ...{
            number: 7,
            state: 'OPEN',
            headRefOid: HEAD,
            headRefName: 'x',
            baseRefName: 'main',
            author: { login: 'ada' },
          },
          ...{ mergeable: 'MERGEABLE', isCrossRepository: false, commits: { nodes: [] } },
          latestOpinionatedReviews: {
            nodes: reviews.map(([login, state, oid]) => ({
              state,
              author: login === null ? null : { login },
              commit: oid === null ? null : { oid },
            })),
          },
        },
      },
    },
  }));
  const source = { github: server.github, repository: { owner: 'acme', name: 'ops' }, statuses: false };
  const { approvedBy, refusedBy } = await readPull(source, 7);
  return { approvedBy, refusedBy };
}

describe('the reviews of a pull request', () => {
  test.each<[what: string, reviews: Review[], approvedBy: string[], refusedBy: string[]]>([
    ['approve its head', [['grace', 'APPROVED', HEAD]], ['grace'], []],
    ['approve nothing that was pushed later', [['grace', 'APPROVED', OLD]], [], []],
    ['approve nothing where the commit is gone', [['grace', 'APPROVED', null]], [], []],
    ['are none of its author', [['ada', 'APPROVED', HEAD]], [], []],
    ['are none of an account that is gone', [[null, 'APPROVED', HEAD]], [], []],
    ['ask for changes whatever was pushed later', [['linus', 'CHANGES_REQUESTED', OLD]], [], ['linus']],
    ['that were dismissed say nothing', [['linus', 'DISMISSED', HEAD]], [], []],
    [
      'are counted one by one',
      [
        ['grace', 'APPROVED', HEAD],
        ['linus', 'CHANGES_REQUESTED', HEAD],
        ['ken', 'APPROVED', HEAD],
      ],
      ['grace', 'ken'],
      ['linus'],
    ],
  ])('%s', async (_what, reviews, approvedBy, refusedBy) => {
    expect(await readBy(reviews)).toEqual({ approvedBy, refusedBy });
  });
});
