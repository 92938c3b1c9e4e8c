import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { commentMarker } from '../../../src/ops/verbs/previews/feedback/comment.js';
import { stageEnv } from '../../actions/bump-ops-overlay/support.js';
import {
  DIGEST,
  imagesOf,
  type PreviewStage,
  previewStage,
  type TestPull,
} from '../../actions/create-preview-env/support.js';
import { runAction } from '../../support/run-action.js';
import { record } from '../table.js';
import { BROKEN, type BrokenDoor, openBrokenDoor } from './broken-pages.js';
import { watched } from './watch.js';

/** More requests than any of these runs may make: the pages of a list, and the rest. */
const MOST = 230;

let world: PreviewStage;
let pull: TestPull;
let door: BrokenDoor;
let thief: Server;
let stolen: number;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-pages-'));
  world = await previewStage();
  pull = await world.openPull('change');
  await talk(100);
  await world.create(pull);
  const moved = 'resources: [../../../bases/my-app]\nimages: [{ name: ghcr.io/acme/my-app, newTag: 1.4.0 }]\n';
  await world.ops.commit('main', { 'overlays/staging/my-app/kustomization.yaml': moved }, 'my-app 1.4.0');
  await world.ops.commit('next', { 'overlays/staging/my-app/x.yaml': 'kind: X\n' }, 'next');
  await world.rest('POST', '/repos/acme/ops/pulls', { title: 'next', head: 'next', base: 'main' });
  thief = createServer((_, response) => {
    stolen += 1;
    response.end('{}');
  });
  stolen = 0;
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const { port } = v.parse(v.object({ port: v.number() }), thief.address());
  door = await openBrokenDoor(world.stage, `http://127.0.0.1:${port}`);
});
afterAll(async () => {
  await door[Symbol.asyncDispose]();
  thief.closeAllConnections();
  await new Promise((resolve) => thief.close(resolve));
  await world[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

test('of a preview that never came to be live all deployments end with it, however many there are', async () => {
  const failing = await world.openPull('failing');
  await world.create(failing);
  const deployment = { ref: failing.head, environment: 'preview', task: `deploy:preview/pr-${failing.number}` };
  for (let at = 0; at < 24; at++) {
    await world.rest('POST', '/repos/acme/apps/deployments', {
      ...deployment,
      required_contexts: [],
      auto_merge: false,
    });
  }
  await world.closePull(failing);
  expect((await world.cleanup(failing)).exitCode).toBe(0);
  const states = (await world.deployments()).filter((line) => line.startsWith(`pr-${failing.number}:`));
  expect(states).toHaveLength(25);
  expect(states.filter((line) => !line.includes(': inactive'))).toEqual([]);
});

test('pull requests of forks whose branches have the name of ours do not hide ours', async () => {
  const { stage, ops } = world;
  const token = stage.token;
  const inputs = { ...{ 'ops-repository': 'acme/ops', merge: 'false', 'apps-token': '' }, digest: DIGEST, token };
  const bump = (tag: string) =>
    runAction({
      action: 'bump-ops-overlay',
      inputs: { ...inputs, image: 'ghcr.io/acme/my-app', tag, environments: 'staging' },
      env: stageEnv(stage),
    });
  const first = await bump('1.5.0');
  const branch = 'ostack/staging/my-app';
  for (const owner of ['mallory', 'trudy', 'eve', 'oscar', 'chuck', 'craig']) {
    const fork = await stage.github.fork('acme/ops', `${owner}/ops`);
    await fork.commit(branch, { 'x.txt': owner }, 'x');
    const opened = { title: 'x', head: `${owner}:${branch}`, base: 'main' };
    await world.rest('POST', '/repos/acme/ops/pulls', opened);
  }
  const second = await bump('1.6.0');
  expect(second).toMatchObject({ exitCode: 0, outputs: { action: 'updated' } });
  expect(second.outputs['pull-request-number']).toBe(first.outputs['pull-request-number']);
  expect(await ops.read(branch, 'overlays/staging/my-app/kustomization.yaml')).toContain('1.6.0');
});

interface Reader {
  action: string;
  inputs?: Record<string, string>;
  /** The list that it stops at. */
  list: string;
  /** Another that it reads at the same time: either may be found broken first. */
  beside?: string;
  /** The query that reads the list, where lists before it are to be whole. */
  operation?: string;
  /** Whether it goes on without the list, saying so, instead of failing. */
  goesOn?: true;
  /** Kinds of broken lists that it reads to its own end. */
  ends?: readonly string[];
}

const HISTORY = 'the history of overlays/staging/my-app';

/** Somebody says much about the pull request, and quotes what our comment is found by. */
async function talk(comments: number): Promise<void> {
  const { stage } = world;
  const token = stage.github.issueToken({ actor: 'mallory' });
  for (let at = 0; at < comments; at++) {
    const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/issues/${pull.number}/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: at % 50 === 0 ? `> ${commentMarker('pr-1')}` : `Comment ${at}` }),
    });
    expect(answer.status).toBe(201);
  }
}

test('a comment after a hundred others is found and kept up to date in its place', async () => {
  pull = await world.push(pull);
  await world.create(pull);
  const second = await world.rest('GET', `/repos/acme/apps/issues/${pull.number}/comments?per_page=100&page=2`);
  expect(second).toMatchObject([{ body: expect.stringContaining(pull.head.slice(0, 7)) }]);
});

/** Actions that read lists of several pages. */
const READERS: Reader[] = [
  { action: 'status', list: 'the open pull requests' },
  // Of a history only so much is read as it takes.
  {
    action: 'rollback',
    inputs: { environment: 'staging', app: 'my-app', reason: 'x' },
    list: HISTORY,
    beside: 'the pull requests of ostack-rollback/staging/my-app',
    ends: ['never end'],
  },
  { action: 'check-ops', list: 'the open pull requests of acme/ops' },
  { action: 'create-preview-env', list: 'the open pull requests of acme/apps' },
  {
    action: 'create-preview-env',
    list: 'the comments of #1',
    beside: 'the deployments of previews',
    operation: 'PreviewFeedback',
  },
  // What may be open goes only when its time is over.
  {
    action: 'cleanup-preview-env',
    inputs: { mode: 'sweep' },
    list: 'the open pull requests of acme/apps',
    goesOn: true,
  },
];

/** `npm run torture` tries every reader on every kind of broken list, `npm test` each on one. */
const tried = READERS.flatMap((reader, row) =>
  BROKEN.filter(({ what }) => !reader.ends?.includes(what))
    .filter((_, at) => process.env.OSTACK_TORTURE === 'all' || at === row % 2)
    .map((broken) => ({ ...reader, broken, what: broken.what })),
);

describe('lists of GitHub', () => {
  test.each(tried)('that $what stop $action at $list, and nothing goes on the strength of them', async (each) => {
    const { action, inputs, list, beside = list, operation = '', broken, goesOn } = each;
    Object.assign(door, { broken, operation });
    const isPreview = action === 'create-preview-env';
    const event = join(scratch, 'event.json');
    const payload = { number: pull.number, pull_request: { number: pull.number, head: { sha: pull.head } } };
    await writeFile(event, JSON.stringify(isPreview ? payload : {}));
    const [before, asked] = [await world.ops.refs(), door.count];
    const { stage } = world;
    const run = await watched({
      action,
      inputs: {
        ...{ token: stage.token, 'github-token': stage.token, 'ops-repository': 'acme/ops', 'poll-interval': '0s' },
        ...(isPreview ? { images: imagesOf(pull) } : {}),
        ...inputs,
      },
      env: {
        ...stageEnv(stage),
        ...{ GITHUB_API_URL: `${door.url}/api/v3`, GITHUB_GRAPHQL_URL: `${door.url}/api/graphql` },
        ...{ GITHUB_EVENT_NAME: isPreview ? 'pull_request' : 'schedule', GITHUB_EVENT_PATH: event },
        GITHUB_REPOSITORY: isPreview ? 'acme/apps' : 'acme/ops',
      },
      secrets: [stage.token],
      servers: [stage.serverUrl, `https://my-app.pr-${pull.number}.preview.acme.dev`],
    });
    const requests = door.count - asked;
    const survived =
      run.exitCode === (goesOn ? 0 : 1) && run.violations.length === 0 && stolen === 0 && requests < MOST;
    record({ scenario: `lists that do not end: ${action}`, tried: 1, survived: survived ? 1 : 0 });
    expect(run.violations).toEqual([]);
    expect(run.stdout).toMatch(
      new RegExp(
        `^::${goesOn ? 'warning' : 'error'}::.*GitHub does not give (${list}|${beside}).*Run it again later`,
        'm',
      ),
    );
    expect(run.exitCode).toBe(goesOn ? 0 : 1);
    expect(requests).toBeLessThan(MOST);
    expect(stolen).toBe(0);
    expect(await world.ops.refs()).toEqual(before);
  });
});
