import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LocalGitHub } from '../../../src/local/github/github.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { rest } from '../../local/github/support.js';
import { clone } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';

const KEY = `content-${'c'.repeat(40)}`;
const FILES = { 'apps/web/Dockerfile': 'FROM scratch\n', 'apps/api/Dockerfile': 'FROM scratch\n' };

let stage: Stage;
let root: string;
let shas: { one: string; two: string };
let web: ReturnType<LocalGitHub['addPackage']>;

beforeAll(async () => {
  stage = await startStage();
  const apps = await stage.github.createRepository('acme/apps', { files: FILES }, { private: true });
  const one = await apps.commit('one', { a: '1' }, 'feat: a');
  const two = await apps.commit('two', { b: '2' }, 'feat: b');
  for (const [head, title] of [
    ['one', 'feat: a'],
    ['two', 'feat: b'],
  ] as const) {
    await rest(stage, 'POST /repos/acme/apps/pulls', { head, base: 'main', title });
  }
  await rest(stage, 'PATCH /repos/acme/apps/pulls/1', { state: 'closed' });
  shas = { one, two };
  root = await mkdtemp(join(tmpdir(), 'ostack-over-'));
  await clone(stage, apps, root, []);
});
afterAll(async () => {
  await stage.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(() => {
  web = stage.github.addPackage('acme/previews/web', { 'acme/apps': 'admin' }, [
    [`pr-1-${shas.one}`, KEY],
    [`pr-1-${shas.one}`.replace(/.$/, '0'), `pr-2-${shas.two}`],
    [],
    [`pr-2-${shas.two}`, 'content-x'],
  ]);
});

const left = () => [...web.versions.values()].map(({ tags }) => tags[0] ?? '');

function run(inputs: Record<string, string> = {}) {
  const permissions = { contents: 'read', packages: 'write', pull_requests: 'read' } as const;
  return runAction({
    action: 'delete-preview-images',
    cwd: root,
    inputs: { 'github-token': stage.github.issueToken({ repositories: ['acme/apps'], permissions }), ...inputs },
    env: {
      ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: shas.one, GITHUB_WORKSPACE: root },
      ...{ GITHUB_SERVER_URL: stage.serverUrl, GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl },
    },
  });
}

test('Images of pull requests that are over go, once, and those that others use stay', async () => {
  const dry = await run({ 'dry-run': 'true' });
  expect([dry.exitCode, left()]).toEqual([0, [`pr-1-${shas.one}`, expect.any(String), '', `pr-2-${shas.two}`]]);
  const { exitCode, outputs } = await run();
  expect(outputs.deleted).toBe(dry.outputs.deleted);
  expect(JSON.parse(outputs.deleted ?? '')).toEqual([
    { repository: 'ghcr.io/acme/previews/web', tags: [`pr-1-${shas.one}`, KEY] },
  ]);
  expect([exitCode, left()]).toEqual([0, [expect.any(String), '', `pr-2-${shas.two}`]]);
  expect((await run()).outputs.deleted).toBe('[]');
});

test('Where the token may not, it is said what to set, and nothing fails', async () => {
  web.roles.set('acme/apps', 'write');
  const { exitCode, stdout } = await run();
  expect([exitCode, left().length]).toEqual([0, 4]);
  expect(stdout.replaceAll('%25', '%')).toContain(
    `it needs "packages: write", and acme/apps the role "Admin" of the package, where you grant it under "Manage Actions access": ${stage.serverUrl}/orgs/acme/packages/container/previews%2Fweb/settings`,
  );
});

test.each([
  ['registry.example.com/acme', 'registry.example.com/acme/previews/api, registry.example.com/acme/previews/web'],
  ['ghcr.io/other', 'ghcr.io/other/previews/api, ghcr.io/other/previews/web'],
])('Of %s it is said which rule to set', async (registry, names) => {
  const { exitCode, stdout } = await run({ registry });
  expect([exitCode, left().length]).toEqual([0, 4]);
  expect(stdout).toContain(`Images of pull requests stay in ${names}: only GitHub's registry`);
});
