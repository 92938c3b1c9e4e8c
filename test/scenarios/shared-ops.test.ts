import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorsOf, type OpsStage, opsStage, stageEnv } from '../actions/bump-ops-overlay/support.js';
import { PERSON, runWith } from '../actions/create-preview-env/support.js';
import { runAction } from '../support/run-action.js';

const place = (environment: string, app: string) => `overlays/${environment}/${app}/kustomization.yaml`;
const APPS = { shop: 'ghcr.io/acme/shop', 'growth-shop': 'ghcr.io/acme/growth/shop' };
const DEPLOYMENT = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: shop, image: ${image} }] } } }\n`;

/** The ops repository of the default workspace, with an app `shop` of its own and one of its guest. */
function opsFiles(): Record<string, string> {
  const apps = Object.entries(APPS).flatMap(([app, image]): [string, string][] => [
    [`bases/${app}/kustomization.yaml`, 'resources: [deployment.yaml]\n'],
    [`bases/${app}/deployment.yaml`, DEPLOYMENT(image)],
    ...['staging', 'production'].map((environment): [string, string] => [
      place(environment, app),
      `resources: [../../../bases/${app}]\nimages:\n- { name: ${image}, newTag: 1.0.0 }\n`,
    ]),
  ]);
  const rules =
    'environments:\n  staging: { cd: true }\n  production: { after: staging }\nguests: [growth]\n' +
    'previews: { host: staging, reconciler: flux }\n';
  return { 'ostack.yaml': rules, ...Object.fromEntries(apps) };
}

/** Two repositories with an app `shop` each, and one ops repository for both. */
async function openWorld(): Promise<OpsStage> {
  const world = await opsStage(opsFiles());
  const { github } = world.stage;
  await github.createRepository('acme/growth-apps', { files: { 'ostack.yaml': 'workspace: growth\nops: acme/ops\n' } });
  await github.createRepository('acme/labs-apps', { files: { 'ostack.yaml': 'workspace: labs\nops: acme/ops\n' } });
  return world;
}

let world: OpsStage;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function run(action: string, repository: string, inputs: Record<string, string>) {
  const { stage } = world;
  const result = await runAction({
    action,
    inputs: { token: stage.token, 'apps-token': stage.token, ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: repository, GITHUB_ACTOR: 'ada' },
  });
  return { ...result, error: errorsOf(result) };
}

const bump = (repository: string, image: string, tag: string, inputs: Record<string, string> = {}) =>
  run('bump-ops-overlay', repository, { image, tag, ...inputs });

async function versions(): Promise<Record<string, string>> {
  const units = ['staging', 'production'].flatMap((environment) => Object.keys(APPS).map((app) => [environment, app]));
  const read = units.map(async ([environment = '', app = '']) => {
    const text = (await world.ops.read('main', place(environment, app))) ?? '';
    return [`${environment}/${app}`, /newTag: ([\d.]+)/.exec(text)?.[1] ?? ''];
  });
  return Object.fromEntries(await Promise.all(read));
}

const lines = async () => (await world.pulls()).map(({ title, state }) => `${title}: ${state}`);

async function post(path: string, body: unknown): Promise<void> {
  const { status } = await fetch(`${world.stage.apiUrl}/repos/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(status).toBe(201);
}

describe('two workspaces that share an ops repository', () => {
  test('release apps of one name side by side', async () => {
    const release = { target_commitish: 'main' };
    await post('acme/apps/releases', { ...release, tag_name: 'shop-v1.4.0', body: 'Notes of the shop' });
    await post('acme/growth-apps/releases', { ...release, tag_name: 'shop-v2.1.0', body: 'Notes of growth' });
    const own = await bump('acme/apps', APPS.shop, '1.4.0');
    const guest = await bump('acme/growth-apps', APPS['growth-shop'], '2.1.0', { app: 'shop' });
    expect([own.error, guest.error]).toEqual(['', '']);
    expect(JSON.parse(guest.outputs['pull-requests'] ?? '')).toMatchObject([
      { app: 'shop', environment: 'staging', action: 'merged' },
      { app: 'shop', environment: 'production', action: 'created' },
    ]);
    expect(await lines()).toEqual([
      'shop 1.4.0 -> staging: MERGED',
      'shop 1.4.0 -> production: OPEN',
      'growth-shop 2.1.0 -> staging: MERGED',
      'growth-shop 2.1.0 -> production: OPEN',
    ]);
    const branches = Object.keys(await world.ops.refs()).filter((ref) => ref.includes('production'));
    expect(branches).toEqual(['refs/heads/ostack/production/growth-shop', 'refs/heads/ostack/production/shop']);
    const [, ofShop, , ofGrowth] = await world.pulls();
    expect([ofShop?.body, ofGrowth?.body]).toEqual([
      expect.stringContaining('Notes of the shop'),
      expect.stringContaining('Notes of growth'),
    ]);
    expect(await versions()).toEqual({
      'staging/shop': '1.4.0',
      'staging/growth-shop': '2.1.0',
      'production/shop': '1.0.0',
      'production/growth-shop': '1.0.0',
    });
  });

  test('promote them together or one alone, each with the notes of its own releases', async () => {
    const promote = (apps: string) =>
      run('promote', 'acme/ops', { apps, to: 'production', 'apps-repository': 'acme/growth-apps' });
    expect((await promote('growth-shop')).error).toBe('');
    const only = await world.ops.read('ostack-promote/production', place('production', 'shop'));
    expect(only).toContain('newTag: 1.0.0');
    const both = await promote('*');
    expect(JSON.parse(both.outputs.promotions ?? '')).toMatchObject([
      { app: 'growth-shop', previous: '1.0.0', version: '2.1.0' },
      { app: 'shop', previous: '1.0.0', version: '1.4.0' },
    ]);
    const body = (await world.pulls()).at(-1)?.body ?? '';
    expect(body).toContain('Notes of growth');
    expect(body).not.toContain('Releases of shop');
  });

  test('roll back and hold one, while releases of the other go on', async () => {
    const back = { app: 'growth-shop', environment: 'staging', reason: 'It fails', direct: 'true' };
    expect((await run('rollback', 'acme/ops', back)).error).toBe('');
    const held = await bump('acme/growth-apps', APPS['growth-shop'], '2.2.0', { app: 'shop', environments: 'staging' });
    const free = await bump('acme/apps', APPS.shop, '1.5.0', { environments: 'staging' });
    expect([held.outputs.action, free.outputs.action]).toEqual(['held', 'merged']);
    expect(await versions()).toMatchObject({ 'staging/shop': '1.5.0', 'staging/growth-shop': '1.0.0' });
  });

  test('show both in one status, each with its own pull requests and hold', async () => {
    const { outputs } = await run('status', 'acme/ops', {});
    const cell = (version: string, held: boolean, ...titles: string[]) => ({
      version,
      hold: held ? { app: 'growth-shop', reason: 'It fails' } : null,
      pullRequests: titles.map((title) => ({ title })),
    });
    expect(JSON.parse(outputs.status ?? '').apps).toMatchObject([
      {
        app: 'growth-shop',
        environments: {
          staging: cell('1.0.0', true),
          production: cell('1.0.0', false, 'growth-shop 2.1.0 -> production'),
        },
      },
      {
        app: 'shop',
        environments: {
          staging: cell('1.5.0', false),
          production: cell('1.0.0', false, 'shop 1.4.0 -> production'),
        },
      },
    ]);
  });

  test('have previews of apps of their own workspace only, side by side', async () => {
    const preview = async (repository: string, image: string) => {
      const apps = world.stage.github.repository(repository);
      const head = await apps.commit('change', { 'apps/shop/x.txt': 'x\n' }, 'feat: x', PERSON);
      await post(`${repository}/pulls`, { title: 'Change', head: 'change', base: 'main' });
      const payload = { number: 1, pull_request: { number: 1, head: { sha: head } } };
      const images = [
        { app: 'shop', image: 'shop', repository: image, tag: 'pr-1', digest: `sha256:${'c'.repeat(64)}` },
      ];
      return runWith(
        world.stage,
        repository,
        'create-preview-env',
        { name: 'pull_request', payload },
        {
          images: JSON.stringify(images.map((each) => ({ ...each, reused: false, platforms: [] }))),
          'ops-repository': 'acme/ops',
        },
      );
    };
    const runs = [await preview('acme/apps', APPS.shop), await preview('acme/growth-apps', APPS['growth-shop'])];
    expect(runs.map(errorsOf)).toEqual(['', '']);
    const [own, guest] = await Promise.all(
      ['pr-1', 'growth-pr-1'].map((name) => world.ops.read('ostack/previews', `previews/${name}/kustomization.yaml`)),
    );
    expect([own?.includes('  - shop\n'), own?.includes('growth-shop')]).toEqual([true, false]);
    expect([guest?.includes('  - growth-shop\n'), guest?.includes('  - shop\n')]).toEqual([true, false]);
    const overlay = await world.ops.read('ostack/previews', 'previews/growth-pr-1/growth-shop/kustomization.yaml');
    expect(overlay).toContain('- ../../../bases/growth-shop\n');
    expect(overlay).toContain('newTag: pr-1\n');
  });
});

describe('an app of a workspace is refused', () => {
  test('by an ops repository that does not know the workspace', async () => {
    const { error } = await bump('acme/labs-apps', 'ghcr.io/acme/labs/shop', '1.0.0');
    expect(error).toContain('acme/ops has no apps of the workspace labs. To share it, add labs to "guests"');
  });

  test('where nothing tells its workspace and the repository is shared', async () => {
    const { error } = await bump('acme/growth-apps', APPS['growth-shop'], '3.0.0', { 'apps-token': '' });
    expect(error).toContain('Workspaces share acme/ops, and nothing tells which one this repository belongs to.');
    const blind = world.stage.github.issueToken({ repositories: ['acme/ops'], permissions: { contents: 'read' } });
    const unread = await bump('acme/growth-apps', APPS['growth-shop'], '3.0.0', { 'apps-token': blind });
    expect(unread.error).toContain('Could not read ostack.yaml in acme/growth-apps');
    const named = { app: 'shop', 'apps-token': '', workspace: 'growth', environments: 'staging' };
    expect((await bump('acme/growth-apps', APPS['growth-shop'], '3.0.0', named)).outputs.action).toBe('held');
  });
});

test('an app of a workspace that is not there by its name in ops is left out, with what lets it join', async () => {
  const run = await bump('acme/growth-apps', 'ghcr.io/acme/growth/cart', '1.0.0', { environments: 'staging' });
  expect([run.error, run.outputs.action]).toEqual(['', 'skipped']);
  expect(run.outputs['pull-requests']).toContain('It is cart of acme/growth-apps, a guest');
  expect(run.stdout).toContain('-f app=growth-cart -f environment=staging -f version=1.0.0');
  expect(run.stdout).toContain('-f apps-repository=acme/growth-apps');
});
