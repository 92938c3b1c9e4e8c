import { describe, expect, test } from '@jest/globals';
import { errorsOf, fleetStage } from './support.js';

const REPLICAS = {
  app: 'tracking',
  environment: 'staging-eu',
  intent: '_replicas.yaml',
  reason: 'load test',
  patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tracking-api\nspec:\n  replicas: 3',
};
const BRANCH = 'ostack-override/staging-eu/tracking/replicas';

describe('the action override', () => {
  test('opens one pull request, twice is once, and dry runs and refusals write nothing', async () => {
    await using world = await fleetStage();
    const dry = await world.run('override', { ...REPLICAS, 'dry-run': 'true' });
    expect([dry.exitCode, dry.outputs.action]).toEqual([0, 'created']);
    expect(dry.summary).toContain('+  replicas: 3');
    expect(Object.keys(await world.fleet.refs())).toEqual(['refs/heads/main']);

    const first = await world.run('override', REPLICAS);
    expect([errorsOf(first), first.outputs.action, first.outputs.number]).toEqual(['', 'created', '1']);
    expect(await world.fleet.read(BRANCH, 'apps/overlays/staging-eu/tracking/_replicas.yaml')).toBe(
      `${REPLICAS.patch}\n`,
    );
    const [commit] = await world.fleet.log(BRANCH);
    expect(commit?.message).toBe(
      'tracking: replicas of its own in staging-eu\n\nOstack-Action: override\nOstack-Environment: staging-eu\n' +
        'Ostack-App: tracking\nOstack-Version: 1.9.0\nOstack-Reason: load test\nOstack-By: ada\n' +
        `Ostack-Run: ${world.stage.serverUrl}/acme/fleet/actions/runs/7`,
    );

    const second = await world.run('override', REPLICAS);
    expect([second.outputs.action, second.outputs.number]).toEqual(['unchanged', '1']);

    const other = await world.run('override', { ...REPLICAS, patch: REPLICAS.patch.replace('3', '5') });
    expect([errorsOf(other), other.outputs.action, other.outputs.number]).toEqual(['', 'updated', '1']);
    expect(await world.fleet.read(BRANCH, 'apps/overlays/staging-eu/tracking/_replicas.yaml')).toContain('replicas: 5');

    const refused = await world.run('override', { ...REPLICAS, intent: '../x' });
    expect(errorsOf(refused)).toBe('Input "intent" is "../x", expected letters, digits and "-", for example replicas.');
    const stranger = await world.run('override', { ...REPLICAS, app: 'notify' });
    expect(stranger.exitCode).toBe(1);
    expect(errorsOf(stranger)).toContain('notify is not in staging-eu');
  });
});

describe('the action onboard', () => {
  test('brings a service to the next environment, merged, and again is nothing', async () => {
    await using world = await fleetStage();
    const inputs = { app: 'notify', environment: 'staging-eu', merge: 'true' };
    const first = await world.run('onboard', inputs);
    expect([errorsOf(first), first.outputs.action, first.outputs.number]).toEqual(['', 'merged', '1']);
    expect(await world.fleet.read('main', 'apps/overlays/staging-eu/kustomization.yaml')).toContain(
      '  - ../../base/notify\n',
    );
    expect(errorsOf(await world.run('onboard', { ...inputs, version: 'the new one' }))).toBe(
      'Input "version" is "the new one", expected the tag of its images, for example 1.4.0.',
    );
    const image = {
      ...{ app: 'notify', image: 'notify', repository: 'ghcr.io/acme/notify', tag: 'the new one' },
      ...{ digest: `sha256:${'c'.repeat(64)}`, reused: false, platforms: [] },
    };
    expect(errorsOf(await world.run('onboard', { ...inputs, images: JSON.stringify([image]) }))).toBe(
      'Input "images" does not fit at "0": "the new one" is no tag of ghcr.io/acme/notify',
    );
    const second = await world.run('onboard', inputs);
    expect([errorsOf(second), second.outputs.action]).toEqual(['', 'unchanged']);
    expect(second.stdout).toContain('notify is already in staging-eu');
  });

  test('takes the base of a new app from its apps repository', async () => {
    await using world = await fleetStage();
    const mailer = {
      app: 'mailer',
      environment: 'dev',
      group: 'apps',
      version: '0.4.0',
      'apps-repository': 'acme/apps',
      merge: 'false',
    };
    const run = await world.run('onboard', mailer);
    expect([errorsOf(run), run.outputs.action]).toEqual(['', 'created']);
    const branch = 'ostack-onboard/dev/mailer';
    expect(await world.fleet.read(branch, 'apps/base/mailer/kustomization.yaml')).toBeDefined();
    // The commit that was taken, whatever the branch is tomorrow.
    const sha = (await world.stage.github.repository('acme/apps').refs())['refs/heads/main'] ?? '';
    const [commit] = await world.fleet.log(branch);
    expect(commit?.message).toContain(`\nOstack-Source: acme/apps@${sha}\n`);
    const dry = await world.run('onboard', { ...mailer, 'apps-ref': 'main', 'dry-run': 'true' });
    expect(dry.summary).toContain(
      `of acme/apps at [${sha.slice(0, 7)}](${world.stage.serverUrl}/acme/apps/commit/${sha}).`,
    );
    expect(errorsOf(await world.run('onboard', { ...mailer, 'apps-ref': 'nowhere' }))).toBe(
      'acme/apps has no branch, tag or commit "nowhere". Check the input "apps-ref".',
    );
    expect(await world.fleet.read(branch, 'apps/overlays/dev/mailer/version.yaml')).toContain('mailer:0.4.0\n');
  });
});

describe('the action onboard, for reports', () => {
  const files = {
    'ostack.yaml': 'environments:\n  staging: { cd: true }\n  production: { after: staging }\n',
    'bases/web/kustomization.yaml': 'resources: []\n',
    'overlays/staging/web/kustomization.yaml': 'images: [{ name: ghcr.io/acme/web, newTag: 1.0.0 }]\n',
    'clusters/staging/web.yaml':
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: web, namespace: flux-system }\nspec: { path: ./overlays/staging/web, wait: true, sourceRef: { kind: GitRepository, name: flux-system } }\n',
  };
  const inputs = { reports: 'acme-flux[bot]', environment: 'staging' };

  test('opens one pull request that waits for a person and says which secret has to be there; merged, nothing is left', async () => {
    await using world = await fleetStage({ seed: { files } });
    const first = await world.run('onboard', inputs);
    expect([errorsOf(first), first.outputs.action, first.outputs.number]).toEqual(['', 'created', '1']);
    const branch = 'ostack-onboard/staging/-reports';
    expect(await world.fleet.read(branch, 'ostack.yaml')).toContain('ready: { creators: ["acme-flux[bot]"] }');
    expect(await world.fleet.read(branch, 'clusters/staging/ops-status.yaml')).toContain(
      `  address: ${world.stage.serverUrl}/acme/fleet\n`,
    );
    const dry = await world.run('onboard', { ...inputs, 'dry-run': 'true' });
    expect(dry.summary).toContain('into the Secret `flux-system/ops-status`');
    expect((await world.run('onboard', inputs)).outputs.action).toBe('unchanged');
    await world.mergeAsPerson(1);
    const last = await world.run('onboard', inputs);
    expect([errorsOf(last), last.outputs.action]).toEqual(['', 'unchanged']);
    expect(last.stdout).toContain('staging has all that it needs to report');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['who posts has a login', { reports: 'acme flux' }, /^Input "reports" is "acme flux", expected the login/],
    ['an app joins in a pull request of its own', { app: 'web' }, /^Inputs "app" and "reports" are two pull requests/],
    ['without both nothing is asked for', { reports: '' }, /^Input "app" .*Name the app, or with "reports"/],
  ])('%s', async (_, more, expected) => {
    await using world = await fleetStage({ seed: { files } });
    expect(errorsOf(await world.run('onboard', { ...inputs, ...more }))).toMatch(expected);
  });
});

describe('the action lift', () => {
  test('moves nothing without kustomize, for then nothing is proven', async () => {
    await using world = await fleetStage();
    const run = await world.run('lift', { app: 'tracking' }, { PATH: '/nowhere' });
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toBe(
      'Cannot prove that every environment stays as it is: The rendered difference is missing: there is neither kustomize nor kubectl on the PATH, so nothing could be built. GitHub’s ubuntu runners have both. Nothing is moved without that proof.',
    );
    expect(Object.keys(await world.fleet.refs())).toEqual(['refs/heads/main']);
  });
});
