import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalRepository } from '../../src/local/stage.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { runAction } from '../support/run-action.js';

const FILES: Record<string, string> = {
  'ostack.yaml':
    'environments:\n  staging: { cd: true }\n  production: { after: staging, soak: 2h, approvers: [grace, acme/leads] }\n',
  'bases/shop/kustomization.yaml': 'resources: [web.yaml, data.yaml]\n',
  'bases/shop/web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: 2\n  template: { spec: { containers: [{ name: web, image: ghcr.io/acme/shop }] } }\n',
  'bases/shop/data.yaml': 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\n',
  'overlays/staging/shop/kustomization.yaml': overlay('1.4.0'),
  'overlays/production/shop/kustomization.yaml': overlay('1.3.0'),
};

function overlay(version: string): string {
  return `namespace: shop\nresources:\n- ../../../bases/shop\nimages:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
}

const PERSON = { name: 'Ada', email: 'ada@acme.dev' };

let stage: Stage;
let ops: LocalRepository;
let folder: string;

beforeAll(async () => {
  stage = await startStage();
  ops = await stage.github.createRepository('acme/ops', { files: FILES });
  folder = await mkdtemp(join(tmpdir(), 'ostack-check-test-'));
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

async function api(path: string, body?: unknown, actor?: string): Promise<Record<string, unknown>> {
  const token = actor === undefined ? stage.token : stage.github.issueToken({ actor });
  const response = await fetch(`${stage.apiUrl}/repos/acme/ops${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

/** Somebody opens a pull request with these files. */
async function open(branch: string, files: Record<string, string | null>): Promise<number> {
  await ops.commit(branch, files, branch, PERSON);
  return Number((await api('/pulls', { head: branch, base: 'main', title: branch })).number);
}

/** GitHub's GraphQL, where something happens just before a query of that name is answered for the first time. */
async function happening(query: string, act: () => Promise<unknown>) {
  let happened = false;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!happened && body.includes(`query ${query}(`)) {
      happened = true;
      await act();
    }
    const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
    const answer = await fetch(stage.graphqlUrl, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/graphql`, close: () => server.close() };
}

async function check(
  number: number | undefined,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
) {
  const payload = number === undefined ? {} : { action: 'opened', number, pull_request: await api(`/pulls/${number}`) };
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify(payload));
  const refs = await ops.refs();
  return runAction({
    action: 'check-ops',
    inputs: { token: stage.token, ...inputs },
    env: {
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_REPOSITORY: 'acme/ops',
      GITHUB_SHA: refs[number === undefined ? 'refs/heads/main' : `refs/pull/${number}/merge`] ?? '',
      GITHUB_EVENT_NAME: number === undefined ? 'schedule' : 'pull_request',
      GITHUB_EVENT_PATH: event,
      ...env,
    },
  });
}

function verdicts(run: { outputs: Record<string, string> }): string[] {
  const all: { environment: string; state: string; reason: string }[] = JSON.parse(run.outputs.verdicts ?? '[]');
  return all.map(
    ({ environment, state, reason }) => `${environment}: ${state}. ${reason.replace(/\d{4}-[\d-]+T[\d:.]+Z/g, 'TIME')}`,
  );
}

async function statuses(number: number): Promise<string[]> {
  const head = await api(`/pulls/${number}`);
  const sha = JSON.parse(JSON.stringify(head)).head.sha;
  const list: { context: string; state: string }[] = JSON.parse(JSON.stringify(await api(`/commits/${sha}/statuses`)));
  return list.map(({ context, state }) => `${context}: ${state}`);
}

describe('check-ops', () => {
  test('renders what a change of a base comes to everywhere, and flags what is deleted', async () => {
    const number = await open('base', {
      'bases/shop/kustomization.yaml': 'resources: [web.yaml]\n',
      'bases/shop/data.yaml': null,
    });
    const run = await check(number);
    expect(run.exitCode).toBe(0);
    expect(verdicts(run)).toEqual([
      'staging: success. No version changes.',
      'production: pending. 0 of 1 approval: waits for grace or acme/leads.',
    ]);
    expect(run.summary).toContain(
      '> - **production / shop**, namespace `shop`: PersistentVolumeClaim data is deleted: its data may go too.',
    );
    expect(run.summary).toContain('| staging | shop |  |  | 1 |');
    expect((await statuses(number)).sort()).toEqual(['ostack/production: pending', 'ostack/staging: success']);
  });

  test('asks for soak time and approvals, and says nothing twice', async () => {
    const number = await open('promote', { 'overlays/production/shop/kustomization.yaml': overlay('1.4.0') });
    const run = await check(number);
    expect(verdicts(run)).toEqual([
      'staging: success. No change.',
      'production: pending. shop 1.4.0 is in staging since TIME; production takes it after 2h, from TIME on. It passes by itself then. To merge it sooner, go past the policy with "force" and a reason (then it takes the approval of grace or acme/leads).',
    ]);
    await check(number);
    expect(await statuses(number)).toHaveLength(2);
    const comments: { body: string }[] = JSON.parse(JSON.stringify(await api(`/issues/${number}/comments`)));
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('+        - image: ghcr.io/acme/shop:1.4.0');
  });

  test('an approver’s word counts for the head that it was given for', async () => {
    const number = await open('settings', {
      'overlays/production/shop/kustomization.yaml': `${overlay('1.3.0')}commonLabels: { tier: web }\n`,
    });
    await api(`/pulls/${number}/reviews`, { event: 'APPROVE' }, 'grace');
    expect(verdicts(await check(number))[1]).toBe('production: success. No version changes; approved by grace.');
    await ops.commit(
      'settings',
      { 'overlays/production/shop/kustomization.yaml': `${overlay('1.3.0')}namePrefix: x-\n` },
      'more',
      PERSON,
    );
    expect(verdicts(await check(number))[1]).toBe(
      'production: pending. 0 of 1 approval: waits for grace or acme/leads.',
    );
  });

  test('has looked again when somebody approves while it looks, so that no older word is the last', async () => {
    const files = { 'overlays/production/shop/kustomization.yaml': `${overlay('1.3.0')}nameSuffix: -x\n` };
    const number = await open('meanwhile', files);
    const github = await happening('DefaultHead', () => api(`/pulls/${number}/reviews`, { event: 'APPROVE' }, 'grace'));
    try {
      const run = await check(number, {}, { GITHUB_GRAPHQL_URL: github.url });
      expect(verdicts(run)[1]).toBe('production: success. No version changes; approved by grace.');
      expect((await statuses(number)).sort()).toEqual(['ostack/production: success', 'ostack/staging: success']);
    } finally {
      github.close();
    }
  });

  test('asks those for their approval whose rules a change takes away, or whose cluster it is about', async () => {
    const policy = (FILES['ostack.yaml'] ?? '').replace(', approvers: [grace, acme/leads]', '');
    const number = await open('rules', { 'ostack.yaml': policy });
    expect(verdicts(await check(number))).toEqual([
      'staging: success. No change.',
      'production: pending. 0 of 1 approval: waits for grace or acme/leads.',
    ]);
    await ops.commit(
      'rules',
      { 'ostack.yaml': FILES['ostack.yaml'] ?? '', 'clusters/production/a.md': '' },
      'a',
      PERSON,
    );
    expect(verdicts(await check(number))[1]).toBe(
      'production: pending. 0 of 1 approval: waits for grace or acme/leads.',
    );
  });

  test('says what is wrong with the files, with the line, and never the secret', async () => {
    const number = await open('broken', {
      'overlays/production/shop/kustomization.yaml': 'resources:\n- ../../staging/shop\n- none.yaml\n',
      'overlays/staging/shop/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData:\n  password: hunter2\n',
    });
    const run = await check(number);
    expect(run.exitCode).toBe(1);
    const problems: { message: string }[] = JSON.parse(run.outputs.problems ?? '[]');
    expect(problems.map(({ message }) => message)).toMatchSnapshot();
    expect(run.stdout + run.summary).not.toContain('hunter2');
  });

  test('does not pass where it could not say what it found, and names the permission', async () => {
    const token = stage.github.issueToken({
      actor: 'github-actions[bot]',
      permissions: { contents: 'read', pull_requests: 'read', statuses: 'read' },
    });
    const number = await open('unsaid', { 'overlays/staging/shop/kustomization.yaml': overlay('1.4.1') });
    const run = await check(number, { token });
    expect(run.exitCode).toBe(1);
    const [said] = /^::error::Could not.*$/m.exec(run.stdout) ?? [];
    expect(said?.replaceAll('%22', '"')).toMatchSnapshot();
    expect(run.summary).toContain('> Could not comment on pull request');
    expect((await check(number, { token, comment: 'false', statuses: 'false' })).exitCode).toBe(0);
  });

  test('does not pass where nothing could be looked at', async () => {
    const number = await open('conflict', { 'bases/shop/web.yaml': 'kind: One\n' });
    await ops.commit(
      'main',
      { 'bases/shop/web.yaml': `${FILES['bases/shop/web.yaml'] ?? ''}# more\n` },
      'more',
      PERSON,
    );
    const run = await check(number);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('::error::GitHub has no merge of this pull request into its base: it has conflicts');
    const permissions = { pull_requests: 'read', statuses: 'write', metadata: 'read' } as const;
    const fine = String(await open('fine', { 'README.md': 'Fine\n' }));
    const blind = await check(undefined, { token: stage.github.issueToken({ permissions }), 'pull-request': fine });
    expect(blind.stdout).toContain(`::error::Could not fetch refs/pull/${fine}/merge from `);
    expect(blind.stdout).toContain('The token needs "contents: read" for this repository');
    expect(run.summary).toContain(`/acme/ops/pull/${number}) | ⚠️ |  | GitHub has no merge`);
  });

  test('on a schedule looks at the policy of all open pull requests again', async () => {
    const run = await check(undefined);
    expect(run.exitCode).toBe(0);
    expect(verdicts(run)).toHaveLength(16);
    expect(run.summary).toContain('9 open pull requests, checked against the current policy.');
    expect(run.summary).toContain('/acme/ops/pull/2) | ⏳ | production | shop 1.4.0 is in staging since');
    expect(run.summary).not.toContain('No change.');
  });
});
