import { describe, expect, test } from '@jest/globals';
import {
  appFiles,
  BRANCH,
  errorsOf,
  lines,
  OPS_FILES,
  otherApps,
  type PreviewStage,
  previewStage,
  runWith,
  warningsOf,
} from '../create-preview-env/support.js';

/** The schedule in the ops repository. */
function sweep({ stage }: PreviewStage, inputs: Record<string, string> = {}) {
  const event = { name: 'schedule', payload: {} };
  return runWith(stage, 'acme/ops', 'cleanup-preview-env', event, { mode: 'sweep', ...inputs });
}

async function expire(world: PreviewStage, name: string): Promise<void> {
  const file = `previews/records/${name}.yaml`;
  const text = (await world.ops.read(BRANCH, file)) ?? '';
  const past = text.replace(/^expiresAt: .*$/m, 'expiresAt: "2026-01-01T00:00:00Z"');
  await world.ops.commit(BRANCH, { [file]: past }, 'long ago', { name: 'Ada', email: 'ada@acme.dev' });
}

describe('the sweep', () => {
  test('removes environments of closed pull requests and expired ones, and reports that', async () => {
    await using world = await previewStage();
    const pulls = [await world.openPull('one'), await world.openPull('two'), await world.openPull('three')] as const;
    for (const pull of pulls) {
      await world.create(pull);
    }
    await world.closePull(pulls[0]);
    await expire(world, 'pr-2');
    const run = await sweep(world);
    expect(run.exitCode).toBe(0);
    expect(lines(run)).toEqual(['pr-1: removed, removed', 'pr-2: expired, removed', 'pr-3: kept, deploying']);
    expect(await world.previews()).toEqual({ active: ['pr-3'], queued: [] });
    expect((await world.comments(pulls[1]))[0]).toContain('it expired at');
    const quiet = await sweep(world);
    expect(lines(quiet)).toEqual(['pr-3: kept, deploying']);
    expect(await world.ops.log(BRANCH)).toHaveLength(5);
  });

  test('reports what runs did that were stopped before they reported it', async () => {
    await using world = await previewStage();
    const [one, two] = [await world.openPull('one'), await world.openPull('two')];
    await world.create(one);
    await world.closePull(one);
    const { faults } = world.stage.github;
    for (const match of [
      /CommentPreviews/,
      ({ path }: { path: string }) => /\/deployments|\/environments/.test(path),
    ]) {
      faults.add({ match, kind: 'status', status: 401, times: 1000 });
    }
    expect([(await world.cleanup(one)).exitCode, (await world.create(two)).exitCode]).toEqual([1, 1]);
    expect(await world.previews()).toEqual({ active: ['pr-2'], queued: [] });
    faults.clear();
    expect((await world.comments(one))[0]).toContain('### Preview `pr-1`: deploying');
    const run = await sweep(world);
    expect(lines(run)).toEqual(['pr-2: kept, deploying', 'pr-1: removed, removed']);
    expect((await world.comments(one))[0]).toContain('It was removed: pull request \\#⁠1 is no longer open.');
    expect((await world.comments(two))[0]).toContain('### Preview `pr-2`: deploying');
    expect((await world.deployments()).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'pr-1: inactive',
      'pr-2: in_progress',
    ]);
    expect(lines(await sweep(world))).toEqual(['pr-2: kept, deploying']);
  });

  test('of an apps repository that it cannot read nothing goes but what has expired', async () => {
    await using world = await previewStage();
    const pulls = [await world.openPull('one'), await world.openPull('two')] as const;
    await world.create(pulls[0]);
    await world.create(pulls[1]);
    await world.closePull(pulls[0]);
    await expire(world, 'pr-2');
    const blind = world.stage.github.issueToken({ repositories: ['acme/ops'], permissions: { contents: 'write' } });
    const run = await sweep(world, { 'github-token': blind });
    expect(run.exitCode).toBe(0);
    expect(warningsOf(run)).toContain('Could not list the open pull requests in acme/apps');
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
  });

  test('without any previews it says so', async () => {
    await using world = await previewStage();
    const run = await sweep(world);
    expect(run.exitCode).toBe(0);
    expect(run.summary).toContain('There are none.');
  });
});

/** The default workspace's ops repository, with an app of the same name of each of two guests. */
const SHARED_OPS = {
  ...OPS_FILES,
  'ostack.yaml':
    'environments:\n  staging: { cd: true }\nguests: [growth, labs]\n' +
    'previews: { host: staging, reconciler: flux, limit: 2, url: "https://{app}.{name}.preview.acme.dev" }\n',
  ...Object.fromEntries(['growth', 'labs'].flatMap((guest) => appFiles('my-app', `${guest}-my-app`))),
};

describe('two workspaces in one cluster', () => {
  test('keep their environments apart and share the slots', async () => {
    await using growth = await previewStage(SHARED_OPS, 'acme/growth-apps', 'workspace: growth\nops: acme/ops\n');
    await using labs = await otherApps(growth, 'acme/labs-apps', 'workspace: labs\nops: acme/ops\n');
    const [one, two] = [await growth.openPull('one'), await labs.openPull('one')];
    const created = await growth.create(one);
    // People know the app by the name that it has in their repository.
    expect(JSON.parse(created.outputs.urls ?? '')).toEqual({
      'my-app': 'https://growth-my-app.growth-pr-1.preview.acme.dev',
    });
    await labs.create(two);
    const third = await labs.openPull('third');
    await labs.create(third);
    expect(await growth.previews()).toEqual({ active: ['growth-pr-1', 'labs-pr-1'], queued: ['labs-pr-2'] });
    await growth.closePull(one);
    const run = await growth.cleanup(one);
    expect(lines(run)).toEqual([
      'growth-pr-1: removed, removed',
      'labs-pr-1: kept, deploying',
      'labs-pr-2: opened, deploying',
    ]);
    // The token of one workspace does not speak in the other's repository; the sweep of ops does.
    expect((await labs.comments(third))[0]).toContain('number 1 in the queue');
    await sweep(growth);
    expect((await labs.comments(third))[0]).toContain('### Preview `labs-pr-2`: deploying');
  });
});

describe('two workspaces with an ops repository each, in one cluster', () => {
  test('have no name, namespace or host in common, and neither cleans up after the other', async () => {
    await using plain = await previewStage();
    const growthOps = await plain.stage.github.createRepository('acme/growth-ops', { files: OPS_FILES });
    await using growth = await otherApps(plain, 'acme/growth-apps', 'workspace: growth\n');
    const [one, two] = [await plain.openPull('one'), await growth.openPull('one')];
    expect([lines(await plain.create(one)), lines(await growth.create(two))]).toEqual([
      ['pr-1: opened, deploying'],
      ['growth-pr-1: opened, deploying'],
    ]);
    const object = 'previews/clusters/staging/growth-pr-1.yaml';
    expect(await growthOps.read(BRANCH, object)).toContain('name: growth-pr-1\n');
    expect(await growthOps.read('ostack/previews', 'previews/growth-pr-1/kustomization.yaml')).toContain(
      'namespace: growth-pr-1\n',
    );
    expect(await growthOps.read('ostack/previews', 'previews/growth-pr-1/my-app/kustomization.yaml')).toContain(
      'my-app.growth-pr-1.preview.acme.dev',
    );
    expect(await plain.previews()).toEqual({ active: ['pr-1'], queued: [] });
    await plain.closePull(one);
    await growth.closePull(two);
    expect(lines(await plain.cleanup(one))).toEqual(['pr-1: removed, removed']);
    expect(await growthOps.read(BRANCH, object)).toBeDefined();
    expect(lines(await growth.cleanup(two))).toEqual(['growth-pr-1: removed, removed']);
    expect(await growthOps.read(BRANCH, object)).toBeUndefined();
  });
});

describe('what goes wrong', () => {
  test('ops that cannot be reached half-way leaves nothing half done', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    await world.closePull(pull);
    world.stage.github.faults.add({ match: /CommitPreviews/, kind: 'status', status: 403, times: 10 });
    const run = await world.cleanup(pull);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toContain('Could not write the branch ostack/previews in acme/ops');
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
    expect((await world.comments(pull))[0]).toContain('deploying');
    world.stage.github.faults.clear();
    expect(lines(await world.cleanup(pull))).toEqual(['pr-1: removed, removed']);
  });

  test('ops that goes away in the middle of a run is as it was, and the next run of another pull request makes it good', async () => {
    await using world = await previewStage();
    const [one, two] = [await world.openPull('one'), await world.openPull('two')];
    await world.create(one);
    await world.closePull(one);
    const ofOps = ({ body }: { body: string }) => /"name":"ops"|acme\/ops/.test(body);
    world.stage.github.faults.add({ match: ofOps, kind: 'reset', times: 1000, skip: 1 });
    const run = await world.cleanup(one);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toContain('Could not read the previews in acme/ops');
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
    expect(await world.ops.log(BRANCH)).toHaveLength(1);
    expect((await world.comments(one))[0]).toContain('deploying');
    world.stage.github.faults.clear();
    expect(lines(await world.create(two))).toEqual(['pr-1: removed, removed', 'pr-2: opened, deploying']);
    expect(await world.previews()).toEqual({ active: ['pr-2'], queued: [] });
    expect((await world.comments(one))[0]).toContain('is no longer open');
  }, 60_000);

  test('a list of pull requests that fails removes nothing', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    await world.closePull(pull);
    const blind = world.stage.github.issueToken({ repositories: ['acme/ops'], permissions: { contents: 'write' } });
    const run = await world.cleanup(pull, { 'github-token': blind });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toContain('Could not list the open pull requests in acme/apps');
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
  });

  test('a token that may neither comment nor deploy is warned about, and the environment is made', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    const reader = world.stage.github.issueToken({
      repositories: ['acme/apps'],
      permissions: { contents: 'read', pull_requests: 'read', deployments: 'read', metadata: 'read' },
    });
    const run = await world.create(pull, { 'github-token': reader });
    expect(run.exitCode).toBe(0);
    expect(warningsOf(run)).toContain('"pull-requests: write"');
    expect(warningsOf(run)).toContain('deployments');
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
  });

  test('a run that is about no pull request says what to give', async () => {
    await using world = await previewStage();
    const event = { name: 'push', payload: {} };
    const run = await runWith(world.stage, 'acme/apps', 'cleanup-preview-env', event, {});
    expect(errorsOf(run)).toContain('about no pull request. Give "number", or "mode: run"');
  });
});
