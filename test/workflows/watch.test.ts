import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { overlay, STAGING } from '../actions/gate/support.js';
import { at, rest } from '../local/github/support.js';

const PATIENCE_MS = 180_000;
const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const ops = '/repos/acme/ops';
const POLICY = `environments:
  staging:
    cd: true
    ready: { creators: ["acme-flux[bot]"] }
    verify: { workflow: smoke.yml, inputs: { version: "{version}", change: "{change}" } }
    on-failure: rollback
`;
const KUSTOMIZATION = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: shop-staging, namespace: flux-system }
spec: { path: ./overlays/staging/shop, sourceRef: { kind: GitRepository, name: flux-system } }
`;
/** 1.7.0 does not work. */
const SMOKE = `name: Smoke test
run-name: Smoke test \${{ inputs.change }}
on: { workflow_dispatch: { inputs: { version: { type: string }, change: { type: string } } } }
permissions: {}
jobs:
  smoke:
    runs-on: ubuntu-latest
    steps: [{ env: { VERSION: "\${{ inputs.version }}" }, run: 'test "$VERSION" != 1.7.0' }]
`;

let stage: Stage;
let runner: StageRunner;
let repository: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  repository = await stage.github.createRepository('acme/ops', {
    files: {
      'ostack.yaml': POLICY,
      'bases/shop/kustomization.yaml': 'resources: []\n',
      'clusters/staging/shop.yaml': KUSTOMIZATION,
      [STAGING]: overlay('1.5.0'),
      '.github/workflows/smoke.yml': SMOKE,
      '.github/workflows/ops-watch.yml': await starter('ops/ops-watch'),
    },
  });
  runner = await createRunner(stage, { machine: thisMachine() });
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** What has run since the last time it was asked, sorted: workflow, event and how it ended. */
async function ran(): Promise<string[]> {
  await runner.idle();
  expect(runner.problems).toEqual([]);
  return runner.runs
    .splice(0)
    .map(({ workflow, event, conclusion }) => `${workflow}: ${event} ${conclusion}`)
    .sort();
}

/** A version comes to staging, and Flux reports that it is there. */
async function deploy(version: string): Promise<string> {
  const sha = await repository.commit('main', { [STAGING]: overlay(version) }, `shop ${version}`, ADA);
  await runner.idle();
  const flux = stage.github.issueToken({ actor: 'acme-flux[bot]', permissions: { statuses: 'write' } });
  const context = 'kustomization/shop-staging/3921d3b4';
  await rest(stage, `POST ${ops}/statuses/${sha}`, { state: 'success', description: 'done', context }, flux);
  return sha;
}

/** The newest status of a deployment of staging. */
async function deployed(sha: string): Promise<string> {
  const { body } = await rest(stage, `GET ${ops}/deployments?sha=${sha}`);
  const statuses = (await rest(stage, `GET ${ops}/deployments/${at(body, 0, 'id')}/statuses`)).body;
  return at(statuses, 0, 'state');
}

test(
  'From its starter, a status of the cluster has a version verified, and the end of that has it live, or taken back',
  async () => {
    const good = await deploy('1.6.0');
    const watches = ['push', 'status', 'workflow_run'].map((event) => `Ops watch: ${event} success`);
    expect(await ran()).toEqual([...watches, 'Smoke test: workflow_dispatch success']);
    expect(await deployed(good)).toBe('success');
    const bad = await deploy('1.7.0');
    expect(await ran()).toEqual([...watches, 'Smoke test: workflow_dispatch failure']);
    expect(await deployed(bad)).toBe('failure');
    expect(await repository.read('main', STAGING)).toBe(overlay('1.6.0'));
    const pulls = (await rest(stage, `GET ${ops}/pulls?state=all`)).body;
    expect([at(pulls, 0, 'title'), at(pulls, 0, 'user', 'login')]).toEqual([
      'Roll back shop to 1.6.0 in staging',
      'github-actions[bot]',
    ]);
  },
  PATIENCE_MS,
);
