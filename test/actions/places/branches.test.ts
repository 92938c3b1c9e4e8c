import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, type OpsStage, opsStage, overlay, stageEnv } from '../bump-ops-overlay/support.js';
import { promote } from '../promote/support.js';
import { run } from '../rollback/support.js';

/** What the branch of an environment has; its own policy says nothing. */
const tree = (version: string) => ({
  'ostack.yaml': 'environments:\n  dev: { freeze: [{ cron: "* * * * *", for: 1h }] }\n',
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml]\n',
  [FILE]: overlay(version).replace('../../../', '../../'),
});
const FILE = 'apps/my-app/kustomization.yaml';
const POLICY = `environments:
  dev: { branch: dev, cd: true }
  stage: { branch: stage, after: dev }
  prod: { branch: prod, after: stage }
overlays: ["apps/{app}"]
`;

let world: OpsStage;
beforeAll(async () => {
  world = await opsStage({ 'ostack.yaml': POLICY, 'README.md': 'Clusters\n' });
  for (const [branch, version] of Object.entries({ dev: '1.3.0', stage: '1.2.0', prod: '1.1.0' })) {
    await world.push(branch, tree(version));
  }
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const version = async (branch: string) => /newTag: "([^"]*)"/.exec((await world.ops.read(branch, FILE)) ?? '')?.[1];
const versions = async () => Promise.all(['dev', 'stage', 'prod'].map(version));
const ask = (action: string, inputs: Record<string, string>, path = '/nowhere') =>
  runAction({
    action,
    inputs: { token: world.stage.token, ...inputs },
    env: { ...stageEnv(world.stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada', PATH: path },
  });
/** Opens a pull request. @returns its number */
const opened = async (head: string, base: string) => {
  const response = await fetch(`${world.stage.apiUrl}/repos/acme/ops/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ head, base, title: `${head} to ${base}` }),
  });
  const number = /"number":(\d+)/.exec(await response.text())?.[1] ?? '';
  await world.stage.github.passTime();
  return number;
};
const bases = async () => {
  const { repository } = await world.graphql(
    'query { repository(owner: "acme", name: "ops") { pullRequests(first: 50) { nodes { title baseRefName state } } } }',
  );
  return JSON.stringify(repository);
};

describe('environments that live on branches of their own', () => {
  test('a release merges into the branch of the first, and is proposed to those of the others by their rules', async () => {
    const before = await world.ops.refs();
    const bumped = await world.bump({ 'apps-token': '', digest: '' });
    expect(errorsOf(bumped)).toBe('');
    expect(bumped.results).toMatchObject([
      { environment: 'dev', action: 'merged' },
      { environment: 'stage', action: 'created' },
      { environment: 'prod', action: 'created' },
    ]);
    expect(await versions()).toEqual(['1.4.0', '1.2.0', '1.1.0']);
    expect(await bases()).toContain('{"title":"my-app 1.4.0 -> stage","baseRefName":"stage","state":"OPEN"}');
    expect((await world.ops.refs())['refs/heads/main']).toBe(before['refs/heads/main']);
    const again = await world.bump({ 'apps-token': '', digest: '' });
    expect(again.results.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  test('a promotion reads one branch and changes the next, in their order and no other', async () => {
    const skipped = await promote(world, { to: 'prod', from: 'dev', apps: 'my-app' });
    expect(skipped.error).toContain('prod comes after stage, and stage does not have what dev has of my-app.');
    const promoted = await promote(world, { to: 'stage', merge: 'true' });
    expect(promoted.error).toBe('');
    expect(promoted.promotions).toMatchObject([{ environment: 'stage', from: 'dev', version: '1.4.0' }]);
    expect(await versions()).toEqual(['1.4.0', '1.4.0', '1.1.0']);
    expect(await bases()).toContain('{"title":"my-app 1.4.0 -> stage","baseRefName":"stage","state":"CLOSED"}');
    const next = await promote(world, { to: 'prod' });
    expect(next.promotions).toMatchObject([{ environment: 'prod', from: 'stage', version: '1.4.0' }]);
    expect(await bases()).toContain('{"title":"Promote my-app 1.4.0 to prod","baseRefName":"prod","state":"OPEN"}');
  });

  test('a rollback goes back on its branch, and its hold is there', async () => {
    const back = await run(world, 'rollback', { environment: 'stage', direct: 'true' });
    expect(errorsOf(back)).toBe('');
    expect(await versions()).toEqual(['1.4.0', '1.2.0', '1.1.0']);
    expect(readHolds(await world.ops.read('stage', HOLDS_FILE))).toMatchObject([
      { environment: 'stage', app: 'my-app', version: '1.2.0' },
    ]);
    expect(await world.ops.read('main', HOLDS_FILE)).toBeUndefined();
    const held = await promote(world, { to: 'stage' });
    expect(JSON.stringify(held.promotions)).toContain('"state":"held"');
    const lifted = await run(world, 'lift-hold', { environment: 'stage' });
    expect(errorsOf(lifted)).toBe('');
    expect(readHolds(await world.ops.read('stage', HOLDS_FILE))).toEqual([]);
  });

  test('the status has all of them', async () => {
    const { summary } = await ask('status', {});
    expect(summary).toMatch(/\*\*my\\-app\*\* \| `1\.4\.0`, [^|]*\| `1\.2\.0`, [^|]*\| `1\.1\.0`, [^|]*\/pull\/3\)/);
    expect(summary).toContain('Promote my\\-app 1.4.0 to prod');
  });

  test('a stop holds every branch', async () => {
    const stop = await run(world, 'hold', { environment: '*', app: '*', reason: 'Database is down' });
    expect(errorsOf(stop)).toBe('');
    for (const branch of ['dev', 'stage', 'prod']) {
      expect(readHolds(await world.ops.read(branch, HOLDS_FILE))).toMatchObject([{ environment: '*', app: '*' }]);
    }
    const lifted = await run(world, 'lift-hold', { environment: '*', app: '*' });
    expect(errorsOf(lifted)).toBe('');
    expect(readHolds(await world.ops.read('prod', HOLDS_FILE))).toEqual([]);
  });

  test('a pull request into such a branch is checked by the policy of the default branch', async () => {
    const head = (await world.ops.refs())['refs/heads/prod'] ?? '';
    await git(world.ops.gitDir, ['branch', 'mine', head]);
    await world.push('mine', {
      [FILE]: overlay('1.9.0').replace('../../../', '../../'),
      'ostack.yaml': 'environments: {}\n',
    });
    const number = await opened('mine', 'prod');
    const checked = await ask('check-ops', { 'pull-request': number }, process.env.PATH);
    expect(checked.summary).toMatch(
      /\| prod \| prod takes my\\-app 1\.9\.0 only once it is in stage, which runs 1\.[24]\.0/,
    );
    expect(checked.summary).not.toContain('| dev |');
  });

  test('what knows one branch alone says so, and writes nothing', async () => {
    const before = await world.ops.refs();
    const joined = await ask('onboard', { app: 'my-app', environment: 'prod', image: 'ghcr.io/acme/my-app' });
    expect(errorsOf(joined)).toContain('dev lives on the branch dev by ostack.yaml of acme/ops');
    expect(await world.ops.refs()).toEqual(before);
  });

  test('a branch that is not there is named, and the others are done', async () => {
    await world.push('main', { 'ostack.yaml': POLICY.replace('branch: prod', 'branch: production') });
    const bumped = await world.bump({ 'apps-token': '', digest: '', tag: '1.5.0' });
    expect(errorsOf(bumped)).toContain(
      'acme/ops has no branch production, where ostack.yaml says that an environment lives.',
    );
    expect(await version('dev')).toBe('1.5.0');
  });

  test('what is rendered is changed where it is rendered from, and told by what it has', async () => {
    const { 'ostack.yaml': _, ...source } = tree('1.5.0');
    await world.push('main', { 'ostack.yaml': POLICY.replace('branch: prod', 'branch: env/prod'), ...source });
    const file = 'shop/deployment-my-app.yaml';
    const text = `kind: Deployment\nspec: { template: { spec: { containers: [{ image: "ghcr.io/acme/my-app:1.1.0" }] } } }\n`;
    await world.push('env/prod', {
      ...{ [file]: text, '.ostack-materialized': `${JSON.stringify({ files: { [file]: blobId(text) } })}\n` },
    });
    const before = (await world.ops.refs())['refs/heads/env/prod'];
    const bumped = await world.bump({ 'apps-token': '', digest: '', tag: '1.6.0' });
    expect(errorsOf(bumped)).toBe('');
    expect(bumped.results).toMatchObject([{ environment: 'dev' }, { environment: 'stage' }, { action: 'created' }]);
    expect(await bases()).toContain('{"title":"my-app 1.6.0 -> prod","baseRefName":"main","state":"OPEN"}');
    const stop = await run(world, 'hold', { environment: 'prod', reason: 'Database is down' });
    expect(errorsOf(stop)).toBe('');
    expect(readHolds(await world.ops.read('main', HOLDS_FILE))).toMatchObject([{ environment: 'prod' }]);
    const { summary, stdout } = await ask('status', {});
    expect(stdout).not.toContain('::warning');
    expect(summary).toMatch(
      /\*\*my\\-app\*\* \| `1\.6\.0`, [^|]*\| `1\.2\.0`, [^|]*\| `1\.1\.0`, [^|]*on hold[^|]*\/pull\/\d+\)/,
    );
    const lifted = await run(world, 'lift-hold', { environment: 'prod' });
    expect(errorsOf(lifted)).toBe('');
    await git(world.ops.gitDir, ['branch', 'by-hand', before ?? '']);
    await world.push('by-hand', { [file]: text.replace('1.1.0', '1.9.0') });
    const checked = await ask('check-ops', { 'pull-request': await opened('by-hand', 'env/prod') }, process.env.PATH);
    expect(checked.summary).toMatch(/\| prod \| prod takes my\\-app 1\.9\.0 only once it is in stage/);
    expect((await world.ops.refs())['refs/heads/env/prod']).toBe(before);
    await world.push('main', { 'ostack.yaml': POLICY });
  });
});
