import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { APP, AUDIT, told } from '../actions/audit/support.js';
import { at, rest, webTokenOf } from '../local/github/support.js';
import { gateEnvironment } from './gate-environment.js';

const PATIENCE_MS = 90_000;
const ADA = { name: 'Ada', email: 'ada@acme.dev' };
/** Stands for the check, which is another workflow with a test of its own: all that counts is that it is requested. */
const CHECK = `name: Ops check
on:
  pull_request: { types: [opened, reopened, synchronize, edited, closed] }
  pull_request_review: { types: [submitted, dismissed] }
permissions: {}
jobs: { check: { runs-on: ubuntu-latest, permissions: {}, steps: [{ run: "true" }] } }
`;
const overlay = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
const PRODUCTION = 'overlays/production/shop/kustomization.yaml';
const ops = '/repos/acme/ops';

let stage: Stage;
let runner: StageRunner;
let repository: LocalRepository;
/** Has the seconds that jobs slept. */
let slept: string;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  repository = await stage.github.createRepository('acme/ops', {
    files: {
      'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n',
      'bases/shop/kustomization.yaml': 'resources: []\n',
      'overlays/staging/shop/kustomization.yaml': overlay('1.5.0'),
      [PRODUCTION]: overlay('1.4.0'),
      '.github/workflows/ops-check.yml': CHECK,
      '.github/workflows/ops-gate.yml': await starter('ops/ops-gate'),
      '.github/workflows/rollback.yml': await starter('ops/rollback'),
    },
  });
  const { clientId } = webTokenOf(stage, 'ostack-ops', APP, ['acme/ops']);
  await gateEnvironment(stage, 'acme/ops', clientId);
  const { path, ...machine } = thisMachine();
  slept = await fakeSleep();
  runner = await createRunner(stage, { machine: { ...machine, path: [dirname(slept), path].join(delimiter) } });
  installDefaultApp(runner, ['acme/ops']);
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
  await rm(dirname(slept), { recursive: true, force: true });
});

/** A program `sleep` that returns at once. @returns the file that has the seconds it was asked for */
async function fakeSleep(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-sleep-'));
  const file = join(folder, 'slept');
  await writeFile(join(folder, 'sleep'), `#!/bin/sh\necho "$1" >> "${file}"\n`, { mode: 0o755 });
  await writeFile(file, '');
  return file;
}

async function gateOf(head: string): Promise<string> {
  const { body } = await rest(stage, `GET ${ops}/commits/${head}/check-runs?check_name=oStack%20%2F%20gate`);
  const run = ['check_runs', 0] as const;
  return [at(body, ...run, 'app', 'slug'), at(body, ...run, 'conclusion'), at(body, ...run, 'output', 'title')].join(
    ' ',
  );
}

/** The runs of the gate by their events, and how they ended. */
const gates = () =>
  runner.runs
    .filter(({ workflow }) => workflow === 'Ops gate')
    .map(({ event, conclusion }) => `${event} ${conclusion}`);

describe('From its starter, through the reusable workflow and the environment,', () => {
  test(
    'the gate judges a pull request when it is opened and reviewed, and again after a push to the default branch',
    async () => {
      const head = await repository.commit('next', { [PRODUCTION]: overlay('1.5.0') }, 'next', ADA);
      const opened = await rest(stage, `POST ${ops}/pulls`, { head: 'next', base: 'main', title: 'next' });
      await runner.idle();
      expect(runner.problems).toEqual([]);
      expect(gates()).toEqual(['workflow_run success']);
      expect(await gateOf(head)).toBe('ostack-ops failure Not yet: production: 0 of 1 approval: waits for grace.');

      const grace = stage.github.issueToken({ actor: 'grace' });
      await rest(
        stage,
        `POST ${ops}/pulls/${at(opened.body, 'number')}/reviews`,
        { event: 'APPROVE', body: 'x' },
        grace,
      );
      await runner.idle();
      expect(await gateOf(head)).toBe('ostack-ops success Allowed: production: Takes shop 1.5.0; approved by grace.');

      const held = '- { environment: production, app: shop, version: 1.4.0, since: 2026-11-01T10:00:00Z, by: ada }\n';
      await repository.commit('main', { '.ostack/holds.yaml': held }, 'hold', ADA);
      await runner.idle();
      expect(await gateOf(head)).toContain(
        'ostack-ops failure Refused by production: shop in production is held at 1.4.0',
      );
      expect(gates()).toEqual(['workflow_run success', 'workflow_run success', 'push success']);
    },
    PATIENCE_MS,
  );

  test(
    'a rollback that an approver started needs nobody else, and one that somebody else started does',
    async () => {
      await repository.commit('main', { [PRODUCTION]: overlay('1.5.0'), '.ostack/holds.yaml': '[]\n' }, '1.5.0', ADA);
      await runner.idle();
      const inputs = { environment: 'production', app: 'shop', reason: 'errors' };
      const roll = { repository: 'acme/ops', event: 'workflow_dispatch', workflow: 'rollback.yml', inputs };
      const head = async () => (await repository.refs())['refs/heads/ostack-rollback/production/shop'] ?? '';

      await runner.dispatch({ ...roll, actor: 'olga' });
      await runner.idle();
      expect(runner.problems).toEqual([]);
      expect(await gateOf(await head())).toBe(
        'ostack-ops failure Not yet: production: 0 of 1 approval: waits for grace.',
      );

      const pulls = await rest(stage, `GET ${ops}/pulls?head=acme:ostack-rollback/production/shop`);
      await rest(stage, `PATCH ${ops}/pulls/${at(pulls.body, 0, 'number')}`, { state: 'closed' });
      await rest(stage, `DELETE ${ops}/git/refs/heads/ostack-rollback/production/shop`);
      await runner.dispatch({ ...roll, actor: 'grace' });
      await runner.idle();
      expect(runner.problems).toEqual([]);
      expect(await gateOf(await head())).toBe('ostack-ops success Allowed: production: Takes shop 1.4.0; a rollback.');
    },
    PATIENCE_MS,
  );

  test(
    'the audit finds what an administrator pushed, and takes it back',
    async () => {
      const before = (await told({ stage, name: 'acme/ops' })).length;
      const oid = await repository.commit('main', { 'overlays/production/shop/a.yaml': 'a: 1\n' }, 'quick', ADA);
      await runner.idle();
      expect(runner.problems).toEqual([]);
      const { body } = await rest(stage, `GET ${ops}/commits/${oid}/check-runs`);
      expect(JSON.stringify(body)).toContain(AUDIT);
      expect((await told({ stage, name: 'acme/ops' })).slice(before)).toEqual([
        `pull request by ostack-ops[bot]: Take ${oid.slice(0, 7)} back (open)`,
        `issue by ostack-ops[bot]: ${oid.slice(0, 7)} reached production past the policy (open)`,
      ]);
    },
    PATIENCE_MS,
  );

  test(
    'a run that allows something near a freeze waits beside the others, and judges again',
    async () => {
      const [from, to] = [70, 700].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19));
      const policy = `environments:\n  staging: { freeze: [{ from: "${from}Z", to: "${to}Z" }] }\n`;
      await repository.commit('main', { 'ostack.yaml': policy }, 'freeze', ADA);
      await repository.commit('soon', { 'overlays/staging/shop/kustomization.yaml': overlay('1.9.0') }, 'soon', ADA);
      await runner.idle();
      await writeFile(slept, '');
      await rest(stage, `POST ${ops}/pulls`, { head: 'soon', base: 'main', title: 'soon' });
      await runner.idle();
      expect(runner.problems).toEqual([]);
      const last = runner.runs.filter(({ workflow }) => workflow === 'Ops gate').at(-1);
      const jobs = JSON.stringify(last?.jobs);
      expect(jobs).toMatch(/Wait.*success.*Gate again.*success/);
      const seconds = Number(await readFile(slept, 'utf8'));
      expect(seconds).toBeGreaterThan(8 * 60);
      expect(seconds).toBeLessThan(12 * 60);
    },
    PATIENCE_MS,
  );
});
