import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunResult } from '../../../src/local/runner/events.js';
import { thisMachine } from '../../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../../src/local/runner/stage-runner.js';
import { publishActions } from '../../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { imagesOf, opsFiles } from '../create-preview-env/support.js';

const WORKFLOW = `
on: { workflow_dispatch: { inputs: { notifications: { default: auto } } } }
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: { contents: read, pull-requests: read }
    outputs:
      environment: \${{ steps.test.outputs.environment }}
      passed: \${{ steps.test.outputs.passed }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - id: test
        uses: ostack/actions/test@v1
        with:
          environment: true
          images: \${{ vars.IMAGES }}
          ops-token: \${{ secrets.OPS_TOKEN }}
          environment-timeout: 0s
          notifications: \${{ inputs.notifications }}
`;

let stage: Stage;
let runner: StageRunner;
let ops: LocalRepository;

beforeEach(async () => {
  stage = await startStage();
  const previews = 'previews: { host: staging, limit: 1, ttl: 72h, reconciler: flux }\n';
  ops = await stage.github.createRepository('acme/ops', { files: opsFiles(previews) });
  runner = await createRunner(stage, { machine: thisMachine() });
  runner.secrets.set('acme', { OPS_TOKEN: stage.token });
  runner.vars.set('acme', { IMAGES: imagesOf({ number: 1, head: 'a'.repeat(40), branch: 'x' }) });
  await publishActions(stage);
});

afterEach(async () => {
  await runner.close();
  await stage.close();
});

async function run(files: Record<string, string> = {}, inputs: Record<string, string> = {}): Promise<RunResult> {
  const settings = JSON.stringify({ apps: { 'my-app': { test: 'test ! -e broken' } } });
  const base = { '.github/workflows/test.yml': WORKFLOW, 'ostack.yaml': settings, 'apps/my-app/a': '' };
  await stage.github.createRepository('acme/apps', { files: { ...base, ...files } });
  const payload = { repository: { default_branch: 'main' } };
  const [result] = await runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch', payload, inputs });
  if (result === undefined) {
    throw new Error('Nothing ran.');
  }
  return result;
}

/** What was done to the ops repository, newest first, and what is left there of environments. */
async function history(): Promise<string[]> {
  const commits = await ops.log('ostack/previews');
  return commits.map(({ message }) => message.split('\n')[0]?.replace(/run-\d+/, 'run-ID') ?? '');
}

/** The record of somebody else's preview. */
const OTHER = JSON.stringify({
  name: 'pr-9',
  repository: 'acme/other',
  pullRequest: { number: 9 },
  head: 'a'.repeat(40),
  state: 'active',
  host: 'staging',
  createdAt: '2020-01-01T00:00:00Z',
  updatedAt: '2020-01-01T00:00:00Z',
  expiresAt: '2999-01-01T00:00:00Z',
  apps: [],
});

/** What a run says, but for what every preview here says. */
const said = ({ jobs }: RunResult) =>
  jobs[0]?.annotations
    .map(({ message }) => message.replace(/run-\d+/, 'run-ID'))
    .filter((message) => !message.startsWith('The cluster of staging is open'));

describe('the environment of a test run', () => {
  test('is there for the tests, and goes after them', async () => {
    const result = await run();
    expect(result.jobs[0]?.outputs).toEqual({ environment: expect.stringMatching(/^run-\d+$/), passed: 'true' });
    expect([result.conclusion, said(result)]).toEqual([
      'success',
      [expect.stringContaining('Nothing shows whether run-ID is live'), expect.stringContaining('no JUnit report')],
    ]);
    expect(await history()).toEqual(['preview run-ID removed', 'preview run-ID opened']);
  });

  test('goes when the tests fail', async () => {
    const result = await run({ 'apps/my-app/broken': '' });
    expect([result.conclusion, said(result)]).toEqual([
      'failure',
      [
        expect.stringContaining('Nothing shows whether run-ID is live'),
        expect.stringMatching(/^Tests failed\. my-app: exit code 1\.\nHelp: /),
      ],
    ]);
    expect(await history()).toEqual(['preview run-ID removed', 'preview run-ID opened']);
  });

  test('goes when it does not come up, and nothing is tested', async () => {
    const result = await run({}, { notifications: 'true' });
    expect(said(result)).toEqual([
      expect.stringMatching(/^run-ID: not live after 0s: the cluster has not reported on it\.\nHelp: /),
    ]);
    expect(result.jobs[0]?.outputs.passed).toBe('');
    expect(await history()).toEqual(['preview run-ID removed', 'preview run-ID opened']);
  });

  test('that finds no place is a failure that says so', async () => {
    await ops.commit('ostack/previews', { 'previews/records/pr-9.yaml': OTHER }, 'a preview');
    const result = await run();
    expect([result.conclusion, said(result)?.[0]]).toEqual([
      'failure',
      expect.stringMatching(
        /^run-ID has to wait for others to go: "previews\.limit" in ostack\.yaml of the ops repository is reached\. Run this again later, or raise it\.\nHelp: https:/,
      ),
    ]);
    expect((await history()).slice(0, 2)).toEqual([
      'preview run-ID removed',
      expect.stringMatching(/^preview run-ID queued/),
    ]);
  });
});
