import { expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { repositoryReader } from '../../../src/github/repository-reader.js';
import { readOpenPulls } from '../../../src/ops/judged-pulls/open-pulls.js';
import { rest, stageWith } from '../../local/github/support.js';

test('An open pull request says who opened it again last', async () => {
  const { stage, repository } = await stageWith({ a: 'a\n' });
  await using _stage = stage;
  await repository.commit('topic', { a: 'b\n' }, 'feat: b');
  const repo = { owner: 'acme', name: 'app' };
  const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const reopened = async () => {
    const pulls = await readOpenPulls(repositoryReader(github, repo, 'Test'), repo, 'main', 'gate');
    return pulls.map((pull) => pull.reopened);
  };
  const set = (state: string, actor: string) =>
    rest(stage, 'PATCH /repos/acme/app/pulls/1', { state }, stage.github.issueToken({ actor }));
  await rest(stage, 'POST /repos/acme/app/pulls', { title: 'B', head: 'topic', base: 'main' });
  expect(await reopened()).toEqual([undefined]);
  await set('closed', 'grace');
  await set('open', 'grace');
  await set('closed', 'grace');
  await set('open', 'eve');
  expect(await reopened()).toEqual([{ login: 'eve' }]);
});
