import { describe, expect, test } from '@jest/globals';
import { errorsOf, normalise, OPS_FILES, opsStage, overlay, summaryOf } from './support.js';

const FILE = 'overlays/staging/my-app/kustomization.yaml';
const without = (path: string) => Object.fromEntries(Object.entries(OPS_FILES).filter(([name]) => name !== path));

describe('what is refused, in words that say what to do', () => {
  test('an app that another environment has, and not the one that was named', async () => {
    await using world = await opsStage();
    const run = await world.bump({ app: 'other', environments: 'production' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test('no such app in any environment is a notice that says how it joins', async () => {
    await using world = await opsStage();
    const release = {
      ...{ app: 'nope', version: '1.4.0', tag: 'nope-v1.4.0', previous: null, level: null },
      ...{ sha: 'a'.repeat(40), notes: '', url: '', created: true },
    };
    const releases = JSON.stringify([release, { ...release, app: 'my-app', tag: 'my-app-v1.4.0' }]);
    const image = { app: 'my-app', repository: 'ghcr.io/acme/my-app', tag: '1.4.0' };
    const images = JSON.stringify([image, { ...image, app: 'nope', repository: 'ghcr.io/acme/nope' }]);
    const run = await world.bump({ image: '', tag: '', digest: '', images, releases });
    expect([run.exitCode, errorsOf(run)]).toEqual([0, '']);
    const outcomes = run.results.map(({ app, environment, action }) => `${app} ${environment} ${action}`);
    expect(outcomes).toEqual([
      'my-app staging merged',
      'my-app production created',
      'nope staging skipped',
      'nope production skipped',
    ]);
    expect(JSON.parse(run.outputs.releases ?? '')).toMatchObject([{ app: 'nope' }, { app: 'my-app' }]);
    expect(/^::notice::(.*)$/m.exec(run.stdout)?.[1]).toMatchSnapshot();
    expect(normalise(run.summary, world.stage)).toMatchSnapshot();
  });

  test('an app that only some environments have is left out of the others', async () => {
    await using world = await opsStage(without(FILE));
    const run = await world.bump();
    expect(run.exitCode).toBe(0);
    expect(summaryOf(run)).toEqual([
      'staging: skipped, There is no app "my-app" in staging: expected overlays/staging/my-app. Add that overlay, or check the app\'s name.',
      'production: created #1',
    ]);
  });

  test('nothing carries the version', async () => {
    await using world = await opsStage({ ...OPS_FILES, [FILE]: overlay('1.0.0', 'docker.io/acme/my-app') });
    const run = await world.bump({ environments: 'staging' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test('no such environment', async () => {
    await using world = await opsStage();
    const run = await world.bump({ environments: 'stagin' });
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test('broken YAML, while the other environment is done', async () => {
    await using world = await opsStage({
      ...OPS_FILES,
      [FILE]: 'images:\n- name: "ghcr.io/acme/my-app\n  newTag: 1.0.0\n',
    });
    const release = { app: 'my-app', version: '1.4.0', tag: 'my-app-v1.4.0', previous: null, level: null };
    const rest = { sha: 'a'.repeat(40), notes: '', url: '', created: true };
    const releases = JSON.stringify([{ ...release, ...rest }]);
    const run = await world.bump({ releases, images: '[]' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
    expect(summaryOf(run)).toEqual(['production: created #1']);
    expect(run.outputs.releases).toBe('[]');
  });

  test('an unknown key in the policy', async () => {
    await using world = await opsStage({ ...OPS_FILES, 'ostack.yaml': 'environments:\n  staging: { cdd: true }\n' });
    const run = await world.bump();
    expect(errorsOf(run)).toMatchSnapshot();
    expect(await world.pulls()).toEqual([]);
  });

  test('a broken list of holds stops everything, so that no hold is overlooked', async () => {
    await using world = await opsStage({ ...OPS_FILES, '.ostack/holds.yaml': 'holds: {}\n' });
    const run = await world.bump();
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
    expect(await world.pulls()).toEqual([]);
  });

  test('a bad token', async () => {
    await using world = await opsStage();
    const run = await world.bump({ token: 'ghs_expired', 'apps-token': '' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
    expect(run.stdout.replace('::add-mask::ghs_expired', '')).not.toContain('ghs_expired');
  });

  test('an ops repository that is missing', async () => {
    await using world = await opsStage();
    const run = await world.bump({ 'ops-repository': 'acme/opps' });
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test('an ops repository that the token does not reach', async () => {
    await using world = await opsStage(OPS_FILES, { private: true });
    const token = world.stage.github.issueToken({ repositories: ['acme/apps'] });
    const run = await world.bump({ token });
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test.each([
    ['contents', { contents: 'read', pull_requests: 'write' }],
    ['pull_requests', { contents: 'write', pull_requests: 'read' }],
  ] as const)('a token without the permission %s: write', async (_name, permissions) => {
    await using world = await opsStage();
    const token = world.stage.github.issueToken({ actor: 'oops[bot]', repositories: ['acme/ops'], permissions });
    const run = await world.bump({ token, environments: 'staging' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test('a protected branch', async () => {
    await using world = await opsStage();
    world.ops.protect('ostack/staging/my-app', { requiredChecks: ['validate'] });
    await world.push('ostack/staging/my-app', { 'notes.md': 'so that the branch exists\n' });
    const run = await world.bump({ environments: 'staging' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
  });

  test.each([
    ['tag', { tag: '', digest: '' }],
    ['tag with a line break', { tag: '1.4.0\nOstack-Environment: production' }],
    ['digest', { digest: 'sha256:abc' }],
    ['image', { image: '', tag: '1.0.0' }],
    ['ops-repository', { 'ops-repository': 'ops' }],
    ['merge', { merge: 'maybe' }],
    ['merge-timeout', { 'merge-timeout': 'soon' }],
    ['images', { image: '', tag: '', digest: '', images: '[{"app":"a"}]' }],
  ])('a malformed input %s', async (_name, inputs) => {
    await using world = await opsStage();
    const run = await world.bump(inputs);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatchSnapshot();
    expect(run.requests).toEqual([]);
  });

  test.each(['../../etc', 'a/../b', 'my app', '$(id)', '--upload'])('the hostile app name %s', async (app) => {
    await using world = await opsStage();
    const run = await world.bump({ app, environments: 'staging' });
    expect(run.exitCode).toBe(1);
    expect(normalise(errorsOf(run), world.stage)).toContain('cannot be part of a path');
    expect(Object.keys(await world.ops.refs())).toEqual(['refs/heads/main']);
  });
});
