import { expect, test } from '@jest/globals';
import { at, rest, stageWith } from './support.js';

test.each([
  ['while it runs', 'in_progress', 0, 403, 'This workflow is already running'],
  [
    'more than a month after it was made',
    'completed',
    31,
    403,
    'Unable to retry this workflow run because it was created over a month ago',
  ],
  ['within the month', 'completed', 29, 201, 'undefined'],
] as const)('a run is run again %s: %s', async (_name, status, days, code, message) => {
  let clock = new Date('2026-01-01T00:00:00Z');
  const { stage, repository } = await stageWith({ a: 'a\n' }, { now: () => clock });
  await using _stage = stage;
  const asked: number[] = [];
  stage.github.onRerun((_repository, run) => asked.push(run));
  await repository.reportRun({
    ...{ id: 7, number: 1, attempt: 1, title: 'feat: a', workflow: 'CI', file: '.github/workflows/ci.yml', status },
    ...{ event: 'push', actor: 'ada', triggeringActor: 'ada', conclusion: null, headBranch: 'main', headSha: '' },
    ...{ headRepository: 'acme/app', pulls: [], annotations: [], jobs: [], referenced: [] },
  });
  clock = new Date(clock.getTime() + days * 24 * 3_600_000);
  const answer = await rest(stage, 'POST /repos/acme/app/actions/runs/7/rerun');
  expect([answer.status, at(answer.body, 'message'), asked]).toEqual([code, message, code === 201 ? [7] : []]);
});

test('a workflow that somebody disabled says so, starts for nothing, and is enabled again', async () => {
  const file = 'on: workflow_dispatch\njobs: {}\n';
  const { stage } = await stageWith({ '.github/workflows/ci.yml': file });
  await using _stage = stage;
  const workflow = '/repos/acme/app/actions/workflows/ci.yml';
  const state = async () => at((await rest(stage, `GET ${workflow}`)).body, 'state');
  const start = async () => rest(stage, `POST ${workflow}/dispatches`, { ref: 'main' });
  expect(await state()).toBe('active');
  expect((await rest(stage, `PUT ${workflow}/disable`)).status).toBe(204);
  const refused = await start();
  expect([await state(), refused.status, at(refused.body, 'message')]).toEqual([
    'disabled_manually',
    422,
    "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
  ]);
  await rest(stage, `PUT ${workflow}/enable`);
  expect([await state(), (await start()).status]).toEqual(['active', 204]);
});

test('a dispatch says which run it requested, where that is asked', async () => {
  const file = 'on: workflow_dispatch\njobs: {}\n';
  const { stage } = await stageWith({ '.github/workflows/ci.yml': file });
  await using _stage = stage;
  const requested: unknown[] = [];
  stage.github.on((event) => requested.push(event.run));
  const asked = { ref: 'main', return_run_details: true };
  const { status, body } = await rest(stage, 'POST /repos/acme/app/actions/workflows/ci.yml/dispatches', asked);
  const id = at(body, 'workflow_run_id');
  expect([status, requested.map(String)]).toEqual([200, [id]]);
  expect(at(body, 'html_url')).toBe(`${stage.serverUrl}/acme/app/actions/runs/${id}`);
  const run = (await rest(stage, `GET /repos/acme/app/actions/runs/${id}`)).body;
  expect([at(run, 'status'), at(run, 'event'), at(run, 'path')]).toEqual([
    'queued',
    'workflow_dispatch',
    '.github/workflows/ci.yml',
  ]);
});
