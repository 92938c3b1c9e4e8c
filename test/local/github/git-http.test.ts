import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { GitHubEvent, LocalRepository, Stage } from '../../../src/local/stage.js';
import { stageWith } from './support.js';

const run = promisify(execFile);
let folder: string;
let stage: Stage;
let repository: LocalRepository;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-git-'));
  const files = { 'README.md': '# Hello\n', '.github/workflows/ci.yml': 'on: push\n' };
  ({ stage, repository } = await stageWith(files));
});

afterEach(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs git with a token in its configuration, as `actions/checkout` leaves it. */
async function git(token: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const login = Buffer.from(`x-access-token:${token}`).toString('base64');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: `http.${stage.serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: token === '' ? '' : `AUTHORIZATION: basic ${login}`,
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: 'Dev',
    GIT_CONFIG_KEY_2: 'user.email',
    GIT_CONFIG_VALUE_2: 'dev@example.com',
  };
  try {
    const { stdout, stderr } = await run('git', args, { env, cwd: folder });
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stderr }: { code?: unknown; stderr?: unknown } = Object(error);
    return { code: Number(code), output: String(stderr) };
  }
}

async function cloneAndCommit(token: string, files: Record<string, string>): Promise<void> {
  await git(token, 'clone', '--quiet', '--depth', '1', `${stage.serverUrl}/acme/app.git`, 'work');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, 'work', path, '..'), { recursive: true });
    await writeFile(join(folder, 'work', path), text);
  }
  await git(token, '-C', 'work', 'add', '.');
  await git(token, '-C', 'work', 'commit', '--quiet', '-m', 'feat: pushed');
}

const push = (token: string, ...refs: string[]) => git(token, '-C', 'work', 'push', 'origin', ...refs);

test('a push moves refs and emits an event for each of them', async () => {
  const events: GitHubEvent[] = [];
  stage.github.on((event) => events.push(event));
  await cloneAndCommit(stage.token, { 'a.txt': 'a\n' });
  await git(stage.token, '-C', 'work', 'tag', '-m', 'One', 'v1');
  expect((await push(stage.token, 'HEAD:main', 'HEAD:refs/heads/topic', 'v1')).code).toBe(0);
  expect(events.map(({ name, ref }) => `${name} ${ref}`)).toEqual([
    'push refs/heads/main',
    'push refs/heads/topic',
    'create refs/heads/topic',
    'push refs/tags/v1',
    'create refs/tags/v1',
  ]);
  expect(events[0]?.payload).toMatchObject({
    ref: 'refs/heads/main',
    created: false,
    forced: false,
    commits: [{ message: 'feat: pushed', author: { name: 'Dev' } }],
    repository: { full_name: 'acme/app' },
    sender: { login: 'octocat' },
  });
  expect(await repository.read('main', 'a.txt')).toBe('a\n');
});

test('what a GITHUB_TOKEN pushes starts nothing', async () => {
  const events: GitHubEvent[] = [];
  stage.github.on((event) => events.push(event));
  const token = stage.github.issueToken({ actor: 'github-actions[bot]', startsWorkflows: false });
  await cloneAndCommit(token, { 'a.txt': 'a\n' });
  await push(token, 'HEAD:main');
  expect(events).toMatchObject([{ name: 'push', actor: 'github-actions[bot]', startsWorkflows: false }]);
});

test.each([
  ['no token', (): string => '', /could not read Username|Authentication failed/],
  ['an unknown token', (): string => 'ghs_wrong', /could not read Username|Authentication failed/],
  [
    'a token for another repository',
    (): string => stage.github.issueToken({ repositories: ['acme/other'] }),
    /Repository not found/,
  ],
] as const)('%s reads no private repository', async (_name, token, message) => {
  const { code, output } = await git(token(), 'clone', `${stage.serverUrl}/acme/app.git`, 'work');
  expect(code).not.toBe(0);
  expect(output).toMatch(message);
});

test('everyone reads a public repository', async () => {
  await stage.github.createRepository('ostack/actions', { files: { a: 'a' } }, { private: false });
  expect((await git('', 'clone', '--quiet', `${stage.serverUrl}/ostack/actions`, 'work')).code).toBe(0);
});

test('a push is refused without the permission', async () => {
  const token = stage.github.issueToken({ actor: 'ci[bot]', permissions: { contents: 'read' } });
  await cloneAndCommit(token, { 'a.txt': 'a\n' });
  const { output } = await push(token, 'HEAD:main');
  expect(output).toMatch('Permission to acme/app.git denied to ci[bot].');
});

test('workflow files are refused from a token without the workflows permission', async () => {
  const token = stage.github.issueToken({ actor: 'ci[bot]', permissions: { contents: 'write' } });
  await cloneAndCommit(token, { '.github/workflows/ci.yml': 'on: pull_request\n' });
  const { output } = await push(token, 'HEAD:main');
  expect(output).toMatch(/refusing to allow a GitHub App to create or update workflow files/);
});

test('a protected branch refuses what has not passed its checks, and what rewrites it', async () => {
  await cloneAndCommit(stage.token, { 'a.txt': 'a\n' });
  repository.protect('main', { requiredChecks: ['ci'] });
  const { output } = await push(stage.token, 'HEAD:main', 'HEAD:refs/heads/free');
  expect(output).toMatch(
    /GH006: Protected branch update failed for refs\/heads\/main\.[\s\S]*Required status check "ci" is expected/,
  );
  expect(Object.keys(await repository.refs())).toEqual(['refs/heads/free', 'refs/heads/main']);
  repository.protect('main', {});
  await git(stage.token, '-C', 'work', 'commit', '--quiet', '--amend', '-m', 'rewritten');
  expect((await push(stage.token, 'HEAD:main')).code).toBe(0);
  await git(stage.token, '-C', 'work', 'commit', '--quiet', '--amend', '-m', 'again');
  expect((await push(stage.token, '+HEAD:main')).output).toMatch(/Cannot force-push to this branch/);
});

test('a ruleset refuses pushes that rewrite, where it says so, except from those on its list', async () => {
  await cloneAndCommit(stage.token, { 'a.txt': 'a\n' });
  expect((await push(stage.token, 'HEAD:main')).code).toBe(0);
  const rules = { nonFastForward: true };
  repository.ruleset('history', { target: 'branch', include: ['~ALL'], bypass: ['releaser[bot]'], rules });
  await git(stage.token, '-C', 'work', 'commit', '--quiet', '--amend', '-m', 'rewritten');
  expect((await push(stage.token, '+HEAD:main')).output).toMatch(/Cannot force-push to this branch/);
  const releaser = stage.github.issueToken({ actor: 'releaser[bot]' });
  expect((await push(releaser, '+HEAD:main')).code).toBe(0);
});

test('clones may be shallow, partial, and deepened', async () => {
  for (const number of ['1', '2', '3']) {
    await repository.commit('main', { [`${number}.txt`]: number }, `feat: ${number}`);
  }
  await git(stage.token, 'clone', '--quiet', '--depth', '1', `${stage.serverUrl}/acme/app.git`, 'work');
  await git(stage.token, '-C', 'work', 'fetch', '--quiet', '--deepen', '2');
  expect((await git(stage.token, '-C', 'work', 'rev-list', '--count', 'HEAD')).output.trim()).toBe('3');
  const partial = [
    'clone',
    '--quiet',
    '--filter=blob:none',
    '--no-checkout',
    `${stage.serverUrl}/acme/app.git`,
    'partial',
  ];
  expect((await git(stage.token, ...partial)).code).toBe(0);
  const old = (await repository.log('main'))[2]?.sha ?? '';
  expect((await git(stage.token, '-C', 'partial', 'fetch', '--quiet', '--depth', '1', 'origin', old)).code).toBe(0);
});

test.each([
  ['refs', ['0014command=ls-refs\n', '0001', '0019ref-prefix refs/tags/', '0000'], '0000'],
  ['nothing, to see who may ask', ['0000'], ''],
])('a client may zip what it asks for: %s', async (_name, packets, answer) => {
  const response = await fetch(`${stage.serverUrl}/acme/app.git/git-upload-pack`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stage.token}`,
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      'content-encoding': 'gzip',
    },
    body: gzipSync(packets.join('')),
  });
  expect([response.status, await response.text()]).toEqual([200, answer]);
});
