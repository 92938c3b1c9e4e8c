import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../../src/github/client.js';
import { type LocalRepository, type Stage, startStage } from '../../../../src/local/stage.js';
import type { Recorded } from '../../../../src/ops/verbs/watch/plan-deployments.js';
import { recordDeployments } from '../../../../src/ops/verbs/watch/record-deployments.js';
import { change } from './support.js';

const GONE = 'f'.repeat(40);
const ADA = { name: 'Ada', email: 'ada@acme.dev' };

let stage: Stage;
let repository: LocalRepository;
let there: string;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

let count = 0;
beforeEach(async () => {
  count += 1;
  repository = await stage.github.createRepository(`acme/apps-${count}`, { files: { 'a.txt': '1' } });
  there = await repository.commit('main', { 'a.txt': '2' }, 'two', ADA);
});

const of = (app: string, sha: string): Recorded => ({
  ...{ change: change({}, { app }), sha, replaced: [], page: 'https://page' },
});

async function record(...recorded: Recorded[]) {
  const before = stage.github.requests.length;
  const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const [owner = '', name = ''] = repository.name.split('/');
  const written = await recordDeployments({ github, repository: { owner, name } }, recorded, false).catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const sent = stage.github.requests.slice(before);
  const writes = sent.filter(
    ({ method, path, operation }) =>
      (method === 'POST' && path.endsWith('/deployments')) || operation === 'RecordDeployments',
  );
  return { written, writes: writes.length };
}

describe('what GitHub refuses for good', () => {
  test('of a commit that is no longer there keeps nobody from the others, is said, and is sent once', async () => {
    const { written, writes } = await record(of('gone', GONE), of('shop', there));
    expect(written).toMatchObject({
      created: 1,
      statuses: [{ deployment: { sha: there }, status: { state: 'success' } }],
      refused: [
        expect.stringMatching(/^Could not record the deployment of gone 1\.5\.0 in staging at fffffff in acme/),
      ],
    });
    expect(writes).toBe(3);
  });

  test.each([401, 403, 404])('a token that may not (%i) ends it, and is tried once', async (status) => {
    stage.github.faults.add({
      ...{ match: ({ method, path }) => method === 'POST' && path.endsWith('/deployments') },
      ...{ kind: 'status', status, times: Infinity },
    });
    const { written, writes } = await record(of('shop', there), of('web', there));
    stage.github.faults.clear();
    expect(written).toEqual(expect.stringMatching(/^Could not record deployments in acme/));
    expect(writes).toBe(1);
  });

  test('a status that it does not take is said, and is sent once', async () => {
    stage.github.faults.add({
      ...{ match: ({ operation }) => operation === 'RecordDeployments' },
      ...{ kind: 'status', status: 422, times: Infinity },
    });
    const { written, writes } = await record(of('shop', there));
    stage.github.faults.clear();
    expect(written).toMatchObject({
      ...{ created: 1, refused: [expect.stringMatching(/^Could not record how deployments are in acme.*422/)] },
    });
    expect(writes).toBe(2);
  });
});

test('what passes is tried again, and makes no second deployment', async () => {
  stage.github.faults.add({
    ...{ match: ({ method, path }) => method === 'POST' && path.endsWith('/deployments') },
    ...{ kind: 'status', status: 504, when: 'after', times: 1 },
  });
  const { written } = await record(of('shop', there));
  stage.github.faults.clear();
  expect(written).toMatchObject({ created: 0, refused: [], statuses: [{ status: { state: 'success' } }] });
});
