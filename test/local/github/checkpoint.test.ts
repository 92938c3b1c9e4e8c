import { expect, test } from '@jest/globals';
import type { Stage } from '../../../src/local/stage.js';
import { at, rest, stageWith } from './support.js';

const app = '/repos/acme/app';
/** The only kind of deployment that it has. */
const PLAIN = { auto_merge: false, required_contexts: [] };

/** Everything that the changes below change, as the API shows it. */
async function seen(stage: Stage) {
  const paths = ['pulls/1', 'pulls/1/reviews', 'issues/1/comments', 'issues/1/labels', 'labels', 'releases'];
  const more = ['git/matching-refs/heads', 'deployments', 'environments', 'commits/main/statuses', 'activity'];
  const answers = [];
  for (const path of [...paths, ...more]) {
    answers.push({ path, body: (await rest(stage, `GET ${app}/${path}`)).body });
  }
  return answers;
}

/** Changes of every kind that the local GitHub keeps. */
async function change(stage: Stage): Promise<void> {
  const sha = await stage.github.repository('acme/app').commit('main', { 'a.txt': 'two' }, 'more');
  const done = async (target: string, body?: unknown) => {
    const answer = await rest(stage, target, body);
    expect({ target, ...answer, ok: answer.status < 300 }).toMatchObject({ target, ok: true });
    return answer.body;
  };
  await done(`PATCH ${app}/issues/comments/${at(await done(`GET ${app}/issues/1/comments`), 0, 'id')}`, { body: 'x' });
  await done(`POST ${app}/pulls/1/reviews`, { event: 'COMMENT', body: 'fine' });
  await done(`PATCH ${app}/pulls/1`, { title: 'another', state: 'closed' });
  await done(`DELETE ${app}/issues/1/labels/old`);
  await done(`POST ${app}/issues/1/labels`, { labels: ['new'] });
  await done(`POST ${app}/releases`, { tag_name: 'v1.0.0' });
  const deployment = await done(`POST ${app}/deployments`, { ref: 'main', environment: 'x', ...PLAIN });
  await done(`POST ${app}/deployments/${at(deployment, 'id')}/statuses`, { state: 'success' });
  await done(`POST ${app}/statuses/${sha}`, { state: 'success', context: 'ci' });
  await done(`DELETE ${app}/git/refs/heads/change`);
  await done(`POST ${app}/git/refs`, { ref: 'refs/heads/change/of/name', sha });
}

test('a checkpoint brings everything back, again and again', async () => {
  const { stage, repository } = await stageWith({ 'a.txt': 'one' });
  await using _stage = stage;
  await repository.commit('change', { 'b.txt': 'b' }, 'a change');
  await rest(stage, `POST ${app}/pulls`, { title: 'a change', head: 'change', base: 'main' });
  await rest(stage, `POST ${app}/issues/1/labels`, { labels: ['old'] });
  await rest(stage, `POST ${app}/issues/1/comments`, { body: 'hello' });
  const before = await seen(stage);
  const goBack = await stage.github.checkpoint();
  for (let round = 0; round < 2; round += 1) {
    await change(stage);
    await stage.github.createRepository('acme/other', { files: { 'x.txt': 'x' } });
    const after = await seen(stage);
    expect(before.filter(({ body }, index) => JSON.stringify(body) === JSON.stringify(after[index]?.body))).toEqual([]);
    await goBack();
    expect(await seen(stage)).toEqual(before);
    expect(stage.github.requests).toHaveLength(before.length);
    expect(() => stage.github.repository('acme/other')).toThrow('There is no repository');
  }
  await repository.commit('other', { 'b.txt': 'c' }, 'another change');
  const next = await rest(stage, `POST ${app}/pulls`, { title: 'the next', head: 'other', base: 'main' });
  expect(at(next.body, 'number')).toBe('2');
});
