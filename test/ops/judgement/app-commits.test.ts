import { expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { startStage } from '../../../src/local/stage.js';
import { strangerIn } from '../../../src/ops/judgement/app-commits.js';
import { pushersUntil } from '../../../src/ops/judgement/pushers.js';
import type { PathCommit } from '../../../src/ops/ledger/history-page.js';
import type { Push } from '../../../src/ops/ledger/read-pushes.js';

const NONE = '0'.repeat(40);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 0, minute));
/** Moves of a branch, newest first: who, from where to where, and when. */
const pushes = (...moves: [actor: string | undefined, before: string, after: string, minute: number][]): Push[] =>
  moves.map(([actor, before, after, minute], index) => ({
    ...{ id: 100 - index, before, after, at: at(minute), actor, isForced: false },
  }));

test.each<[string, Push[], (string | undefined)[], boolean]>([
  ['who made it and who pushed to it', pushes(['ada', 'a', 'b', 2], ['bot', NONE, 'a', 1]), ['ada', 'bot'], true],
  ['nobody of a time later', pushes(['ada', 'a', 'b', 9], ['bot', NONE, 'a', 1]), ['bot'], true],
  ['nobody who takes it away', pushes(['ada', 'a', NONE, 2], ['bot', NONE, 'a', 1]), ['bot'], true],
  [
    'nobody of a branch of that name before',
    pushes(['bot', NONE, 'c', 3], ['ada', 'a', NONE, 2], ['ada', NONE, 'a', 1]),
    ['bot'],
    true,
  ],
  ['that its beginning is not there', pushes(['bot', 'a', 'b', 2]), ['bot'], false],
  ['an account that is gone', pushes([undefined, NONE, 'a', 1]), [undefined], true],
])('of the moves of a branch until a time it is told %s', (_what, moves, logins, isWhole) => {
  expect(pushersUntil(moves, at(5))).toEqual({ logins, isWhole });
});

test('a pull request is of an App that opened it and made its branch', async () => {
  await using stage = await startStage();
  const repository = await stage.github.createRepository('acme/ops', { files: { 'README.md': 'x\n' } });
  const ops = {
    github: connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }),
    repository: { owner: 'acme', name: 'ops' },
  };
  const main = (await repository.refs())['refs/heads/main'] ?? '';
  const bot = connect({ token: stage.github.issueToken({}), apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  await bot.octokit.request('POST /repos/{owner}/{repo}/git/refs', {
    ...{ owner: 'acme', repo: 'ops', ref: 'refs/heads/ostack/materialize/env/stage', sha: main },
  });
  const why = strangerIn(ops, 'env/stage', 'ostack-local');
  const commit = (pull: object): PathCommit => ({
    ...{ oid: main, message: '', at: new Date(), author: 'ostack-local[bot]', content: null },
    pullRequest: { number: 7, url: '', byBot: true, byQueue: false, ownBranch: undefined, ...pull },
  });
  const ownBranch = 'ostack/materialize/env/stage';
  expect([
    await why(commit({ ownBranch, openedBy: 'ostack-local' })),
    await why(commit({ ownBranch, openedBy: 'another-app' })),
    await why(commit({})),
    await why(commit({ ownBranch: 'ostack/gone', openedBy: 'ostack-local' })),
  ]).toEqual([undefined, ...Array(3).fill('#7 is not of ostack-local alone')]);
});
