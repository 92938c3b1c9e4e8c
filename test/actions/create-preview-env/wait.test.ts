import { describe, expect, test } from '@jest/globals';
import type { Stage } from '../../../src/local/stage.js';
import {
  BRANCH,
  errorsOf,
  lines,
  opsFiles,
  type PreviewStage,
  previewStage,
  type TestPull,
  warningsOf,
  website,
} from './support.js';

const policy = (port: number) =>
  opsFiles(`previews: { host: staging, url: "http://{app}.{name}.preview.test:${port}" }`);

/** Does something when the n-th request of a kind arrives, before it is answered. */
function onRequest(stage: Stage, operation: string, skip: number, work: () => Promise<unknown>): void {
  let seen = 0;
  stage.github.faults.add({
    match: (request) => {
      if (request.operation !== operation || seen++ !== skip) {
        return false;
      }
      void work();
      return true;
    },
    kind: 'latency',
    ms: 150,
  });
}

async function report(world: PreviewStage, context: string, state: string, description = ''): Promise<void> {
  const there = (await world.ops.refs())[`refs/heads/${BRANCH}`] !== undefined;
  const [head] = await world.ops.log(there ? BRANCH : 'main');
  await world.rest('POST', `/repos/acme/ops/statuses/${head?.sha}`, { state, context, description });
}

/** All stages that comments reported, in order. */
function reportedStages(world: PreviewStage): string[] {
  return world.stage.github.requests.flatMap(({ operation, requestBody }) =>
    operation === 'CommentPreviews'
      ? [...JSON.stringify(requestBody).matchAll(/ostack:state ([a-z-]+)/g)].map((match) => match[1] ?? '')
      : [],
  );
}

describe('waiting until it is live', () => {
  test('without notifications the address alone decides', async () => {
    await using site = await website({ status: 503 }, { status: 503 }, { status: 200 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    const run = await world.create(pull, { wait: 'true' });
    expect(errorsOf(run)).toBe('');
    expect(lines(run)).toEqual(['pr-1: opened, live']);
    expect(reportedStages(world)).toEqual(['rolling-out', 'probing', 'live']);
    expect(await world.deployments()).toEqual([
      `pr-1: success http://my-app.pr-1.preview.test:${site.port} < in_progress http://my-app.pr-1.preview.test:${site.port}`,
    ]);
  });

  test('with notifications the cluster speaks first, on our commit or a later one', async () => {
    await using site = await website({ status: 200 });
    await using world = await previewStage(policy(site.port));
    await report(world, 'kustomization/other/0badcafe', 'success');
    const pull = await world.openPull('change');
    onRequest(world.stage, 'PreviewReports', 1, () => report(world, 'kustomization/pr-1/0badcafe', 'pending'));
    onRequest(world.stage, 'PreviewReports', 2, async () => {
      await world.ops.commit(BRANCH, { 'readme.md': 'later\n' }, 'later', { name: 'Ada', email: 'ada@acme.dev' });
      await report(world, 'kustomization/pr-1/0badcafe', 'success', 'Applied revision');
    });
    const run = await world.create(pull, { wait: 'true' });
    expect(lines(run)).toEqual(['pr-1: opened, live']);
    expect(reportedStages(world)).toEqual(['rolling-out', 'probing', 'live']);
    expect(run.requests.filter(({ operation }) => operation === 'PreviewReports').length).toBeGreaterThanOrEqual(3);
  });

  test('what the cluster cannot apply fails, with the reason it gives', async () => {
    await using site = await website({ status: 200 });
    await using world = await previewStage(policy(site.port));
    await report(world, 'continuous-delivery/other', 'success');
    const pull = await world.openPull('change');
    onRequest(world.stage, 'PreviewReports', 0, () => report(world, 'argocd/pr-1', 'failure', 'quota exceeded @ada'));
    const run = await world.create(pull, { wait: 'true' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toBe('pr-1: the cluster could not apply it: quota exceeded @ada.');
    expect(run.outputs.state).toBe('failed');
    const [comment] = await world.comments(pull);
    expect(comment).toContain('It failed: the cluster could not apply it: quota exceeded @\u2060ada.');
    expect((await world.deployments())[0]).toMatch(/^pr-1: failure /);
  });

  test('an address that never answers as it should fails when the time is over', async () => {
    await using site = await website({ status: 404 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    const run = await world.create(pull, { wait: 'true', timeout: '1s', 'probe-path': '/healthz' });
    expect(errorsOf(run)).toBe(
      `pr-1: not live after 1s: http://my-app.pr-1.preview.test:${site.port}/healthz answered 404, expected 200.`,
    );
  });

  test('with a version to check, the one before does not count', async () => {
    await using site = await website({ status: 200, version: 'pr-1-old' }, { status: 200 }, { status: 200 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    site.answers[2] = { status: 200, version: pull.head.slice(0, 10) };
    const run = await world.create(pull, { wait: 'true', 'probe-version': 'x-version' });
    expect(lines(run)).toEqual(['pr-1: opened, live']);
    expect(site.answers).toHaveLength(1);
  });

  test('a version may be in the JSON of the answer', async () => {
    await using site = await website({ status: 200, body: 'no JSON' }, { status: 200 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    site.answers[1] = { status: 200, body: JSON.stringify({ build: { tag: `pr-1-${pull.head}` } }) };
    expect(lines(await world.create(pull, { wait: 'true', 'probe-version': '$.build.tag' }))).toEqual([
      'pr-1: opened, live',
    ]);
  });

  test('a newer push takes over', async () => {
    await using site = await website({ status: 503 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    let pushed: TestPull | undefined;
    onRequest(world.stage, 'PreviewReports', 1, async () => {
      pushed = await world.push(pull);
      await world.create(pushed);
    });
    const run = await world.create(pull, { wait: 'true', timeout: '30s' });
    expect(run.exitCode).toBe(0);
    expect(warningsOf(run)).toContain('A newer run has changed pr-1');
    expect((await world.comments(pull))[0]).toContain(`ostack:state deploying ${pushed?.head}`);
  });

  test('with neither an address nor notifications there is nothing to wait for', async () => {
    await using world = await previewStage(opsFiles('previews: { host: staging }'));
    const pull = await world.openPull('change');
    const run = await world.create(pull, { wait: 'true' });
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
    expect(warningsOf(run)).toContain('Nothing shows whether pr-1 is live');
  });

  test('a run for what is live already waits for nothing new', async () => {
    await using site = await website({ status: 200 });
    await using world = await previewStage(policy(site.port));
    const pull = await world.openPull('change');
    await world.create(pull, { wait: 'true' });
    const again = await world.create(pull, { wait: 'true' });
    expect(lines(again)).toEqual(['pr-1: unchanged, live']);
    expect(again.requests.some(({ operation }) => operation === 'CommentPreviews')).toBe(false);
  });

  test.each([
    ['probe-path', 'healthz', 'Input "probe-path" is "healthz", expected a path that begins with one "/".'],
    ['probe-status', 'ok', 'Input "probe-status": expected HTTP statuses such as 200 or 200,401, found "ok".'],
    [
      'probe-version',
      'x version',
      'Input "probe-version": expected the name of a response header such as x-version, or a place in a JSON body such as $.version, found "x version".',
    ],
  ])('a malformed %s is refused', async (input, value, message) => {
    await using world = await previewStage();
    const run = await world.create(await world.openPull('change'), { wait: 'true', [input]: value });
    expect(errorsOf(run)).toBe(message);
    expect(run.requests).toEqual([]);
  });
});
