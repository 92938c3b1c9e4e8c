import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rest, stageWith } from './support.js';

const app = '/repos/acme/app';

test('a status before the effect leaves nothing done, and is used up', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const sha = (await repository.refs())['refs/heads/main'];
  stage.github.faults.add({ match: /^POST .*git\/refs/, kind: 'status', status: 503 });
  const body = { ref: 'refs/heads/x', sha };
  expect((await rest(stage, `POST ${app}/git/refs`, body)).status).toBe(503);
  expect(Object.keys(await repository.refs())).toEqual(['refs/heads/main']);
  expect((await rest(stage, `POST ${app}/git/refs`, body)).status).toBe(201);
});

test('a connection dropped after the effect leaves it done', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const sha = (await repository.refs())['refs/heads/main'];
  stage.github.faults.add({ match: /git\/refs/, kind: 'reset', when: 'after' });
  await expect(rest(stage, `POST ${app}/git/refs`, { ref: 'refs/heads/x', sha })).rejects.toThrow();
  expect(Object.keys(await repository.refs())).toEqual(['refs/heads/main', 'refs/heads/x']);
});

test('a fault may skip requests, hit several, and say when to come back', async () => {
  const { stage } = await stageWith();
  await using _stage = stage;
  stage.github.faults.add({
    match: ({ method }) => method === 'GET',
    kind: 'secondary-limit',
    skip: 1,
    times: 2,
    retryAfter: 7,
  });
  const answers = [];
  for (let count = 0; count < 4; count++) {
    answers.push(await rest(stage, `GET ${app}`));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 200]);
  expect(answers[1]?.headers.get('retry-after')).toBe('7');
});

test('every request is remembered and logged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-log-'));
  const { stage } = await stageWith({ a: 'a' }, { logFile: join(folder, 'log.jsonl') });
  await rest(stage, `GET ${app}/branches/main`);
  await rest(stage, `POST ${app}/labels`, { name: 'x' });
  expect(stage.github.requests).toMatchObject([
    { method: 'GET', path: `/api/v3${app}/branches/main`, status: 200, repository: 'acme/app', tokenActor: 'octocat' },
    { method: 'POST', path: `/api/v3${app}/labels`, status: 201, requestBody: { name: 'x' } },
  ]);
  await stage.close();
  const lines = (await readFile(join(folder, 'log.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([200, 201]);
  await rm(folder, { recursive: true });
});
