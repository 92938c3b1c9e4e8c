import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods';
import { connect } from '../../src/github/client.js';
import type { RunResult } from '../../src/local/runner/events.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';

const ROOT = join(import.meta.dirname, '../..');
/** A run of the workflow takes a few seconds, and a test has several. */
const PATIENCE_MS = 120_000;
const AT = { owner: 'acme', repo: 'ops' };
const HOUR = 3_600_000;
const PERSON = { name: 'Ada', email: 'ada@acme.dev' };
const FILES: Record<string, string> = {
  'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, approvers: [acme/leads] }\n',
  'bases/shop/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/shop/web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template: { spec: { containers: [{ name: web, image: ghcr.io/acme/shop }] } }\n',
  'overlays/staging/shop/kustomization.yaml': overlay('1.4.0'),
  'overlays/production/shop/kustomization.yaml': overlay('1.3.0'),
};
const PROMOTED = { 'overlays/production/shop/kustomization.yaml': overlay('1.4.0') };

function overlay(version: string): string {
  return `resources:\n- ../../../bases/shop\nimages:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
}

let folder: string;
let hoursAhead = 0;
let stage: Stage;
let runner: StageRunner;
let ops: LocalRepository;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-ops-check-'));
  await letPass(0);
  stage = await startStage({ now: () => new Date(Date.now() + hoursAhead * HOUR) });
  await publishActions(stage);
  const machine = thisMachine();
  runner = await createRunner(stage, {
    machine: { ...machine, env: { OSTACK_TEST_CLOCK: join(folder, 'clock') } },
  });
  installDefaultApp(runner, ['acme/ops'], { members: 'read' });
  const starter = await readFile(join(ROOT, 'workflows/ops/ops-check.yml'), 'utf8');
  const workflow = { '.github/workflows/ops-check.yml': starter.replace('teams: false', 'teams: true') };
  ops = await stage.github.createRepository('acme/ops', { files: { ...FILES, ...workflow } });
  stage.github.setTeam('acme/leads', ['grace', 'linus']);
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

async function letPass(hours: number): Promise<void> {
  hoursAhead += hours;
  await writeFile(join(folder, 'clock'), String(hoursAhead * HOUR));
}

/** Does something, and waits for all that it starts. @returns each run as `event: conclusion` */
async function play(act: () => Promise<unknown>): Promise<string[]> {
  return (await runsOf(act)).map(({ event, conclusion }) => `${event}: ${conclusion}`).sort();
}

async function runsOf(act: () => Promise<unknown>): Promise<RunResult[]> {
  const before = runner.runs.length;
  await act();
  await runner.idle();
  expect(runner.problems).toEqual([]);
  return runner.runs.slice(before);
}

/** GitHub's API as somebody uses it. */
function as(actor: string) {
  const token = stage.github.issueToken({ actor });
  return restEndpointMethods(connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }).octokit).rest;
}

async function open(branch: string, files: Record<string, string>, from = ops, actor = 'ada'): Promise<void> {
  await from.commit(branch, files, branch, PERSON);
  const head = from === ops ? branch : `${actor}:${branch}`;
  await as(actor).pulls.create({ ...AT, head, base: 'main', title: branch });
}

function review(pull_number: number, event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT', actor: string) {
  return () => as(actor).pulls.createReview({ ...AT, pull_number, event, body: '?' });
}

/** Takes back the last approval of somebody. */
async function dismiss(pull_number: number, login: string): Promise<void> {
  const { data } = await as('octocat').pulls.listReviews({ ...AT, pull_number });
  const id = data.findLast(({ user, state }) => user?.login === login && state === 'APPROVED')?.node_id;
  const query =
    'mutation($id: ID!) { dismissPullRequestReview(input: { pullRequestReviewId: $id, message: "no" }) { clientMutationId } }';
  const headers = { authorization: `Bearer ${stage.token}` };
  const body = JSON.stringify({ query, variables: { id } });
  const answer = await fetch(stage.graphqlUrl, { method: 'POST', headers, body });
  expect(await answer.json()).not.toHaveProperty('errors');
}

/** The newest commit statuses of a commit, by environment. */
async function statuses(ref: string): Promise<Record<string, string>> {
  const { data } = await as('octocat').repos.getCombinedStatusForRef({ ...AT, ref });
  return Object.fromEntries(
    data.statuses.map(({ context, state, description }) => [context, `${state}: ${description}`]),
  );
}

describe('the workflow that checks ops', () => {
  test(
    'puts its word on a pull request when it is opened, and again at each review',
    async () => {
      expect(await play(() => open('promote', PROMOTED))).toEqual(['pull_request: success']);
      expect(await statuses('promote')).toEqual({
        'ostack/staging': 'success: No change.',
        'ostack/production': expect.stringMatching(/^pending: shop 1\.4\.0 is in staging since .* takes it after 2h/),
      });
      const { data: comments } = await as('ada').issues.listComments({ ...AT, issue_number: 1 });
      expect(comments[0]?.body).toContain('+        - image: ghcr.io/acme/shop:1.4.0');
      expect(await play(review(1, 'APPROVE', 'grace'))).toEqual(['pull_request_review: success']);
      await letPass(3);
      expect(await play(review(1, 'REQUEST_CHANGES', 'linus'))).toEqual(['pull_request_review: success']);
      expect((await statuses('promote'))['ostack/production']).toBe('pending: linus requested changes.');
    },
    PATIENCE_MS,
  );

  test(
    'counts the last word of each approver, until it is dismissed',
    async () => {
      await play(review(1, 'APPROVE', 'linus'));
      expect((await statuses('promote'))['ostack/production']).toBe(
        'success: Takes shop 1.4.0; approved by grace, linus.',
      );
      for (const author of ['grace', 'linus']) {
        expect(await play(() => dismiss(1, author))).toEqual(['pull_request_review: success']);
      }
      expect((await statuses('promote'))['ostack/production']).toBe('pending: 0 of 1 approval: waits for acme/leads.');
    },
    PATIENCE_MS,
  );

  test(
    'sets the statuses when the soak time is over',
    async () => {
      const later = { 'overlays/staging/shop/kustomization.yaml': overlay('1.5.0') };
      expect(await play(() => ops.commit('main', later, 'staging', PERSON))).toEqual(['push: success']);
      await play(() => open('next', { 'overlays/production/shop/kustomization.yaml': overlay('1.5.0') }));
      await play(review(2, 'APPROVE', 'grace'));
      expect((await statuses('next'))['ostack/production']).toMatch(/^pending: shop 1\.5\.0 is in staging since/);
      await letPass(2.1);
      const schedule = { event: 'schedule', repository: 'acme/ops', payload: { schedule: '*/15 * * * *' } };
      const [run] = await runsOf(() => runner.dispatch(schedule));
      expect(run?.conclusion).toBe('success');
      expect(run?.jobs[0]?.summary.replaceAll(stage.serverUrl, 'https://github.com')).toMatchSnapshot();
      expect((await statuses('next'))['ostack/production']).toBe('success: Takes shop 1.5.0; approved by grace.');
    },
    PATIENCE_MS,
  );

  test(
    'sets them on what the merge queue is about to merge',
    async () => {
      let queued = '';
      const runs = await play(async () => {
        queued = await ops.queue(2);
      });
      expect(runs).toEqual(['merge_group: success']);
      expect(await statuses((await ops.refs())[queued] ?? '')).toEqual({
        'ostack/staging': 'success: No change.',
        'ostack/production': 'success: Takes shop 1.5.0; approved by grace.',
      });
    },
    PATIENCE_MS,
  );

  test(
    'of a fork says all in the summary, and the next run on a schedule sets the statuses',
    async () => {
      const fork = await stage.github.fork('acme/ops', 'mallory/ops');
      const [run] = await runsOf(() => open('theirs', { 'overlays/staging/shop/notes.txt': 'x' }, fork, 'mallory'));
      expect([run?.event, run?.conclusion]).toEqual(['pull_request', 'success']);
      expect(run?.jobs[0]?.summary).toContain('The token that GitHub gives a pull request from a fork can only read');
      const head = (await fork.refs())['refs/heads/theirs'] ?? '';
      expect(await statuses(head)).toEqual({});
      const one = { event: 'workflow_dispatch', repository: 'acme/ops', inputs: { 'pull-request': '3' } };
      expect(await play(() => runner.dispatch(one))).toEqual(['workflow_dispatch: success']);
      expect(Object.keys(await statuses(head)).sort()).toEqual(['ostack/production', 'ostack/staging']);
    },
    PATIENCE_MS,
  );

  test(
    'looks again at a pull request that gets another base',
    async () => {
      const overlays = { 'overlays/production/shop/kustomization.yaml': overlay('1.6.0') };
      await ops.commit('release', { ...overlays, 'README.md': 'Release\n' }, 'release', PERSON);
      await ops.commit('retarget', overlays, 'retarget', PERSON);
      const { data: pull } = await as('ada').pulls.create({ ...AT, head: 'retarget', base: 'release', title: 'next' });
      await runner.idle();
      expect((await statuses('retarget'))['ostack/production']).toBe('success: No change.');
      const edit = () => as('ada').pulls.update({ ...AT, pull_number: pull.number, base: 'main' });
      expect(await play(edit)).toEqual(['pull_request: success']);
      expect((await statuses('retarget'))['ostack/production']).toMatch(
        /^failure: production takes shop 1\.6\.0 only once/,
      );
      await as('ada').pulls.update({ ...AT, pull_number: pull.number, state: 'closed' });
      await runner.idle();
    },
    PATIENCE_MS,
  );

  test(
    'is never cancelled, however much happens at once',
    async () => {
      const runs = await play(async () => {
        await ops.commit('next', { 'a.txt': '1' }, 'one', PERSON);
        await review(2, 'COMMENT', 'grace')();
        await review(2, 'APPROVE', 'grace')();
        await ops.commit('main', { 'b.txt': '1' }, 'one', PERSON);
        await ops.commit('main', { 'b.txt': '2' }, 'two', PERSON);
        await ops.commit('main', { 'b.txt': '3' }, 'three', PERSON);
      });
      expect(runs).toEqual([
        'pull_request: success',
        'pull_request_review: success',
        'pull_request_review: success',
        'push: success',
        'push: success',
        'push: success',
      ]);
      expect((await statuses('next'))['ostack/production']).toBe('success: Takes shop 1.5.0; approved by grace.');
    },
    PATIENCE_MS,
  );
});
