import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { clone } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';

let stage: Stage;
let repository: LocalRepository;
const commits: Record<string, string> = {};

beforeAll(async () => {
  const files = {
    'ostack.yaml': '{ apps: { web: { shared: [packages/ui] } } }',
    'apps/api/main.go': '1',
    'apps/web/index.js': '1',
    'packages/ui/page.js': '1',
  };
  stage = await startStage({ repositories: { 'acme/apps': { files } } });
  repository = stage.github.repository('acme/apps');
  const commit = async (name: string, branch: string, changed: Record<string, string | null>) => {
    commits[name] = await repository.commit(branch, changed, name);
  };
  commits.first = (await repository.refs())['refs/heads/main'] ?? '';
  await commit('topic', 'topic', { 'packages/ui/page.js': '2', 'README.md': '1' });
  await commit('settings', 'settings', { 'ostack.yaml': '{}' });
  await commit('workflow', 'workflow', { '.github/workflows/ci.yml': 'on: push' });
  await commit('docs', 'docs', { 'README.md': '1' });
  await commit('second', 'main', { 'apps/api/main.go': '2' });
  await commit('third', 'main', { 'apps/api/gone.go': '1', 'README.md': '2' });
  await repository.commit('broken', { 'ostack.yaml': '{ aps: {} }' }, 'broken');
});

afterAll(() => stage.close());

interface Event {
  name: string;
  payload: object;
  ref?: string;
  inputs?: Record<string, string>;
  depth?: number;
}

/** Runs the action in a clone of one commit of `ref`, as a workflow of that event would. */
async function run({ name, payload, ref = 'main', inputs = {}, depth = 1 }: Event) {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-affected-'));
  try {
    await clone(stage, repository, folder, [`--depth=${depth}`, '--branch', ref]);
    await writeFile(join(folder, '.git', 'event.json'), JSON.stringify(payload));
    return await runAction({
      action: 'affected-apps',
      inputs: { 'github-token': stage.token, ...inputs },
      cwd: folder,
      env: {
        GITHUB_API_URL: stage.apiUrl,
        GITHUB_GRAPHQL_URL: stage.graphqlUrl,
        GITHUB_SERVER_URL: stage.serverUrl,
        GITHUB_REPOSITORY: 'acme/apps',
        GITHUB_SHA: commits.third ?? '',
        GITHUB_REF: `refs/heads/${ref}`,
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: join(folder, '.git', 'event.json'),
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pull = (head: string) => ({
  pull_request: { number: 1, base: { sha: commits.third, ref: 'main' }, head: { sha: commits[head] } },
});
const zero = '0'.repeat(40);
const all = ['api', 'web'];

test.each<[string, () => Event, string[], RegExp]>([
  [
    'a pull request',
    () => ({ name: 'pull_request', payload: pull('topic') }),
    ['web'],
    /^pull request #1 into main: 2 paths changed, in 1 of 2 apps$/,
  ],
  ['one that touches no app', () => ({ name: 'pull_request', payload: pull('docs') }), [], /none of them in an app$/],
  [
    'one that changes the settings',
    () => ({ name: 'pull_request', payload: pull('settings') }),
    all,
    /changes ostack\.yaml, which holds the settings/,
  ],
  [
    'one that changes a workflow',
    () => ({ name: 'pull_request', payload: pull('workflow') }),
    all,
    /changes \.github\/workflows\/ci\.yml, which is a workflow$/,
  ],
  ['a push', () => ({ name: 'push', payload: { before: commits.first, after: commits.third } }), ['api'], /^push of /],
  [
    'a merge group',
    () => ({ name: 'merge_group', payload: { merge_group: { base_sha: commits.first, head_sha: commits.topic } } }),
    ['web'],
    /^merge group on /,
  ],
  [
    'a run by hand on a branch',
    () => ({ name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } }, ref: 'topic' }),
    ['web'],
    /^compared with main: /,
  ],
  [
    'a run by hand on main',
    () => ({ name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } }),
    all,
    /started by hand on main$/,
  ],
  ['the schedule', () => ({ name: 'schedule', payload: {} }), all, /is about no change$/],
  [
    'a base that is given',
    () => ({ name: 'schedule', payload: {}, inputs: { base: 'topic' } }),
    ['api'],
    /^compared with topic: /,
  ],
  ['only the apps asked for', () => ({ name: 'schedule', payload: {}, inputs: { apps: 'web' } }), ['web'], /^all apps/],
])('%s', async (_, event, affected, reason) => {
  const { exitCode, stdout, outputs } = await run(event());
  expect({ exitCode, notices: stdout.match(/^::notice.*/gm) }).toEqual({ exitCode: 0, notices: null });
  expect(JSON.parse(outputs.affected ?? '')).toEqual(affected);
  expect(outputs).toMatchObject({ count: String(affected.length), reason: expect.stringMatching(reason) });
});

test.each<[string, () => Event, RegExp]>([
  [
    'a new branch',
    () => ({ name: 'push', payload: { before: zero, after: commits.third } }),
    /the push made the branch/,
  ],
  [
    'a forced push',
    () => ({ name: 'push', payload: { before: commits.first, after: commits.third, forced: true } }),
    /the push was forced/,
  ],
  [
    'a base that is gone',
    () => ({ name: 'push', payload: { before: 'a'.repeat(40), after: commits.third } }),
    /aaaaaaa could not be fetched from .*"fetch-depth: 0"/,
  ],
  [
    'a token that may not read',
    () => ({ name: 'pull_request', payload: pull('topic'), inputs: { 'github-token': 'nope' } }),
    /could not be fetched/,
  ],
  [
    'an event without what it should have',
    () => ({ name: 'pull_request', payload: {} }),
    /pull_request is missing or malformed/,
  ],
])('all apps, with a notice, for %s', async (_, event, reason) => {
  const { exitCode, stdout, outputs } = await run(event());
  expect([exitCode, outputs.affected]).toEqual([0, '["api","web"]']);
  expect(stdout.match(/^::notice title=All apps count as affected::.*/m)?.[0]).toMatch(reason);
});

test('needs no token where the history is there', async () => {
  const event = { name: 'pull_request', payload: pull('second'), inputs: { 'github-token': '' }, depth: 100 };
  const before = stage.github.requests.length;
  const { outputs } = await run({
    ...event,
    payload: { pull_request: { number: 2, base: { sha: commits.first, ref: 'main' }, head: { sha: commits.second } } },
  });
  expect(outputs.affected).toBe('["api"]');
  const fetched = stage.github.requests.slice(before).filter(({ path }) => path.includes('/info/refs'));
  expect(fetched).toEqual([]);
});

test.each<[string, Event, string]>([
  [
    'an unknown app',
    { name: 'schedule', payload: {}, inputs: { apps: 'wep' } },
    'There is no app "wep" (input "apps"). Did you mean "web"?',
  ],
  ['broken settings', { name: 'schedule', payload: {}, ref: 'broken' }, 'ostack.yaml:1'],
])('%s is an error', async (_, event, message) => {
  const { exitCode, stdout } = await run(event);
  expect(exitCode).toBe(1);
  expect(stdout.match(/^::error::.*/gm)).toEqual([expect.stringContaining(message)]);
});
