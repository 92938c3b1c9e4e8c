import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JobResult, RunnerEvent } from '../../../src/local/runner/events.js';
import { thisMachine } from '../../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../../src/local/runner/stage-runner.js';
import { publishActions } from '../../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';

/** Tests on pull requests, as a team writes it. */
const WORKFLOW = `
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    outputs:
      affected: \${{ steps.test.outputs.affected }}
      results: \${{ steps.test.outputs.results }}
      passed: \${{ steps.test.outputs.passed }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - id: test
        uses: ostack/actions/test@v1
        env: { NOTHING: "\${{ secrets.SECRET }}" }
        with: { retries: 1 }
`;

const report = '<testsuite name="unit"><testcase name="adds" classname="cart"/></testsuite>';
const files = {
  '.github/workflows/test.yml': WORKFLOW,
  'ostack.yaml': JSON.stringify({
    apps: {
      shop: { shared: ['packages/ui'], test: 'echo "secret: [$NOTHING]"; cp report.xml junit.xml; test ! -e broken' },
      mailer: { test: 'exit 1' },
    },
  }),
  'apps/shop/report.xml': report,
  'apps/mailer/README.md': '',
  'packages/ui/ui.js': '1',
};

let stage: Stage;
let runner: StageRunner;
let apps: LocalRepository;
let events: RunnerEvent[];

beforeAll(async () => {
  stage = await startStage({ repositories: { 'acme/apps': { files } } });
  runner = await createRunner(stage, {
    machine: thisMachine(),
    reporter: { report: (event) => events.push(event) },
    secrets: { acme: { SECRET: 'very secret' } },
  });
  await publishActions(stage);
  apps = stage.github.repository('acme/apps');
});

beforeEach(() => {
  events = [];
});

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** Opens a pull request on GitHub, and gives the job of the run that it starts. */
async function pullRequest(head: string): Promise<JobResult> {
  const before = runner.runs.length;
  const response = await fetch(`${stage.apiUrl}/repos/acme/apps/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'A change', head, base: 'main' }),
  });
  expect(response.status).toBe(201);
  await runner.idle();
  expect(runner.problems).toEqual([]);
  const job = runner.runs[before]?.jobs[0];
  if (job === undefined) {
    throw new Error('Nothing ran.');
  }
  return job;
}

const log = () => events.flatMap((event) => (event.type === 'log' ? [event.text] : []));

describe('the action test, on a pull request', () => {
  test('runs the tests of the apps that it touches, and no others', async () => {
    await apps.commit('ui', { 'packages/ui/ui.js': '2' }, 'change what the shop shares');
    const job = await pullRequest('ui');
    expect(job).toMatchObject({
      conclusion: 'success',
      annotations: [],
      outputs: { affected: '["shop"]', passed: 'true' },
      summary: expect.stringContaining('✅ 1 of 1 app passed: 1 test.'),
    });
    expect(JSON.parse(job.outputs.results ?? '')).toEqual([
      expect.objectContaining({ app: 'shop', passed: true, attempts: 1, tests: 1, failures: 0 }),
    ]);
  });

  test('fails with the tests, and says what happened', async () => {
    const failing = report.replace('/>', '><failure message="no">report.xml:1:2</failure></testcase>');
    await apps.commit('bad', { 'apps/shop/broken': '', 'apps/shop/report.xml': failing }, 'break the shop');
    const job = await pullRequest('bad');
    expect(job).toMatchObject({
      conclusion: 'failure',
      annotations: [
        { level: 'error', message: 'no', title: 'shop: cart › adds', file: 'apps/shop/report.xml', line: 1 },
        { level: 'error', message: expect.stringMatching(/^Tests failed\. shop: 1 test failed\.\nHelp: /) },
      ],
      outputs: { affected: '["shop"]', passed: 'false' },
    });
  });

  test('has nothing to do where no app is touched', async () => {
    await apps.commit('docs', { 'README.md': 'Hello' }, 'say hello');
    const job = await pullRequest('docs');
    expect(job).toMatchObject({ conclusion: 'success', outputs: { affected: '[]', results: '[]', passed: 'true' } });
    expect(job.summary).toContain('No app is affected, so there was nothing to test.');
  });

  test('of a fork needs no secret, and its tests reach none', async () => {
    const fork = await stage.github.fork('acme/apps', 'mallory/apps');
    await fork.commit('ui', { 'packages/ui/ui.js': '3' }, 'change what the shop shares');
    const job = await pullRequest('mallory:ui');
    expect(job).toMatchObject({ conclusion: 'success', outputs: { affected: '["shop"]', passed: 'true' } });
    expect(log().filter((line) => line.startsWith('secret:'))).toEqual(['secret: []']);
  });
});
