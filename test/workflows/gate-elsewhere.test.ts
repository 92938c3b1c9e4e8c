/** The gate of an ops repository whose environments live in another one, from the starters of both. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { APP, told } from '../actions/audit/support.js';
import { checksOf, overlay } from '../actions/gate/support.js';
import { at, rest, webTokenOf } from '../local/github/support.js';
import { gateEnvironment } from './gate-environment.js';

const PATIENCE_MS = 90_000;
const [OPS, FAR] = ['acme/ops', 'acme/ops-prod'];
const INTO = 'oStack / gate into main';
const PRODUCTION = 'overlays/production/shop/kustomization.yaml';
const WAITS = 'failure: Not yet: production: 0 of 1 approval: waits for grace.';

let stage: Stage;
let runner: StageRunner;
let far: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  await stage.github.createRepository(OPS, {
    files: {
      'ostack.yaml': `environments:\n  staging: {}\n  production: { repository: ${FAR}, after: staging, approvers: [grace] }\n`,
      'bases/shop/kustomization.yaml': 'resources: []\n',
      'overlays/staging/shop/kustomization.yaml': overlay('1.5.0'),
      '.github/workflows/ops-gate.yml': (await starter('ops/ops-gate')).replace('elsewhere: false', 'elsewhere: true'),
      '.github/workflows/tell-gate.yml': await starter('ops/tell-gate'),
    },
  });
  far = await stage.github.createRepository(FAR, {
    files: {
      [PRODUCTION]: overlay('1.4.0'),
      '.github/workflows/tell-gate.yml': await starter('ops/tell-gate'),
    },
  });
  const { clientId } = webTokenOf(stage, 'ostack-ops', APP, [OPS, FAR]);
  await gateEnvironment(stage, OPS, clientId);
  runner = await createRunner(stage, { machine: thisMachine() });
  installDefaultApp(runner, [OPS, FAR]);
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** Does something with all that it starts. @returns the runs, as `repository workflow: event conclusion`, with jobs that were left out */
async function started(act: () => Promise<unknown>): Promise<string[]> {
  const before = runner.runs.length;
  await act();
  await runner.idle();
  expect(runner.problems).toEqual([]);
  return runner.runs
    .slice(before)
    .map(({ repository, workflow, event, conclusion }) => `${repository} ${workflow}: ${event} ${conclusion}`);
}

async function propose(branch: string, files: Record<string, string>): Promise<{ head: string; number: string }> {
  const head = await far.commit(branch, files, branch, { name: 'Ada', email: 'ada@acme.dev' });
  const { body } = await rest(stage, `POST /repos/${FAR}/pulls`, { head: branch, base: 'main', title: branch });
  return { head, number: at(body, 'number') };
}

const saidOf = async (head: string) => (await checksOf({ stage, name: FAR }, head))[INTO];
const jobsOf = (event: string) =>
  runner.runs
    .filter((run) => run.event === event)
    .at(-1)
    ?.jobs.map(({ name, conclusion }) => `${name}: ${conclusion}`);

test(
  'without anybody who tells it, its schedule judges what is proposed in the other repository',
  async () => {
    runner.vars.set(FAR, { OSTACK_APP_CLIENT_ID: '' });
    let head = '';
    const opened = await started(async () => {
      head = (await propose('untold', { [PRODUCTION]: overlay('1.5.0') })).head;
    });
    expect([opened, await saidOf(head)]).toEqual([[`${FAR} Tell the gate: pull_request skipped`], undefined]);
    await started(() => runner.dispatch({ repository: OPS, event: 'schedule' }));
    expect(await saidOf(head)).toBe(WAITS);
    runner.vars.set(FAR, { OSTACK_APP_CLIENT_ID: 'Iv1.ostacklocal' });
  },
  PATIENCE_MS,
);

test(
  'a pull request and a review there start it at once, and it audits nothing for them',
  async () => {
    let pull = { head: '', number: '' };
    const opened = await started(async () => {
      pull = await propose('next', { [PRODUCTION]: overlay('1.5.0') });
    });
    expect(opened).toEqual([
      `${FAR} Tell the gate: pull_request success`,
      `${OPS} Ops gate: repository_dispatch success`,
    ]);
    expect(await saidOf(pull.head)).toBe(WAITS);
    expect(jobsOf('repository_dispatch')).toContain('Ops gate / Audit: skipped');

    const grace = stage.github.issueToken({ actor: 'grace' });
    const review = `POST /repos/${FAR}/pulls/${pull.number}/reviews`;
    await started(() => rest(stage, review, { event: 'APPROVE', body: 'x' }, grace));
    expect(await saidOf(pull.head)).toBe('success: Allowed: production: Takes shop 1.5.0; approved by grace.');

    await started(() => rest(stage, `PATCH /repos/${FAR}/pulls/${pull.number}`, { state: 'closed' }));
    expect(await saidOf(pull.head)).toMatch(/^cancelled: Withdrawn/);
  },
  PATIENCE_MS,
);

test(
  'a push there is audited at once',
  async () => {
    const before = (await told({ stage, name: OPS })).length;
    let oid = '';
    await started(async () => {
      oid = await far.commit('main', { [PRODUCTION]: overlay('1.9.0') }, 'past everybody');
    });
    expect((await told({ stage, name: OPS })).slice(before)).toEqual([
      `issue by ostack-ops[bot]: ${oid.slice(0, 7)} reached production past the policy (open)`,
    ]);
    expect((await told({ stage, name: FAR })).at(-1)).toBe(
      `pull request by ostack-ops[bot]: Take ${oid.slice(0, 7)} back (open)`,
    );
  },
  PATIENCE_MS,
);

test(
  'in the ops repository, where all starters may have been copied to, it tells nobody: the gate starts there by itself',
  async () => {
    const pushed = await started(() =>
      stage.github.repository(OPS).commit('main', { 'README.md': 'ops' }, 'docs: what is here'),
    );
    expect(pushed).toContain(`${OPS} Tell the gate: push skipped`);
  },
  PATIENCE_MS,
);
