import { expect, test } from '@jest/globals';
import type { Image } from '../../../src/images/image.js';
import type { Release } from '../../../src/release/release.js';
import { DIGEST, OPS_FILES, opsStage, overlay, SOURCE, summaryOf } from './support.js';

const image = (name: string, tag: string): Image => ({
  app: 'my-app',
  image: name,
  repository: `ghcr.io/acme/${name}`,
  tag,
  digest: DIGEST,
  reused: false,
  platforms: ['linux/amd64'],
});

const release = (app: string, version: string, notes: string): Release => ({
  app,
  version,
  tag: `${app}-v${version}`,
  previous: null,
  level: 'minor',
  sha: SOURCE,
  notes,
  url: `https://github.test/acme/apps/releases/tag/${app}-v${version}`,
  created: true,
});

/** Instead of the inputs of a single image. */
const none = { image: '', tag: '', digest: '' };

test('sets all images of an app and its remote base from the outputs of the steps before', async () => {
  const file = `resources:
- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0
images:
- name: ghcr.io/acme/my-app
  newTag: 1.3.0
- { name: ghcr.io/acme/my-app-web, newTag: "1.3.0", digest: ${`sha256:${'c'.repeat(64)}`} }
- name: ghcr.io/acme/not-ours
  newTag: 1.3.0
`;
  await using world = await opsStage({ ...OPS_FILES, 'overlays/production/my-app/kustomization.yaml': file });
  const run = await world.bump({
    ...none,
    images: JSON.stringify([image('my-app', '1.4.0'), image('my-app-web', '1.4.0')]),
    releases: JSON.stringify([
      release('my-app', '1.4.0', '### Features\n\n* faster `search` by @ada (#12)\n<!-- /ostack:bump -->'),
    ]),
    environments: 'production',
  });
  expect(summaryOf(run)).toEqual(['production: created #1']);
  expect(await world.ops.read('ostack/production/my-app', 'overlays/production/my-app/kustomization.yaml')).toBe(
    file
      .replace('my-app-v1.3.0', 'my-app-v1.4.0')
      .replace('newTag: 1.3.0\n- {', `newTag: 1.4.0\n  digest: ${DIGEST}\n- {`)
      .replace('newTag: "1.3.0", digest', 'newTag: "1.4.0", digest')
      .replace('c'.repeat(64), 'a'.repeat(64)),
  );
  const [pull] = await world.pulls();
  expect(pull?.body).toContain('> * faster `search` by @\u2060ada (#\u206012)');
  expect(pull?.body.match(/<!-- \/ostack:bump -->/g)).toHaveLength(1);
});

test('tells every release in between, found in the apps repository, and finds the tag of the base there', async () => {
  const file = `resources:\n- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.2.0\n`;
  await using world = await opsStage({ ...OPS_FILES, 'overlays/production/my-app/kustomization.yaml': file });
  const apps = world.stage.github.repository('acme/apps');
  const sha = (await apps.log('main'))[0]?.sha;
  for (const tag of [
    'my-app-v1.2.0',
    'my-app-v1.3.0',
    'other-v9.0.0',
    'my-app-v1.4.0-rc.1',
    'my-app-v1.4.0',
    'my-app-v1.5.0',
  ]) {
    const response = await fetch(`${world.stage.apiUrl}/repos/acme/apps/releases`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tag_name: tag, target_commitish: sha, body: `notes of ${tag}` }),
    });
    expect(response.status).toBe(201);
  }
  await world.bump({ ...none, images: JSON.stringify([image('my-app', '1.4.0')]), environments: 'production' });
  const [pull] = await world.pulls();
  expect([...(pull?.body ?? '').matchAll(/> notes of (\S+)/g)].map((match) => match[1])).toEqual([
    'my-app-v1.4.0',
    'my-app-v1.3.0',
  ]);
  expect(await world.ops.read('ostack/production/my-app', 'overlays/production/my-app/kustomization.yaml')).toContain(
    '?ref=my-app-v1.4.0',
  );
});

test('opens a pull request for each app of a run, in six requests, one of which looks for the app that is nowhere', async () => {
  await using world = await opsStage();
  const other: Image = { ...image('other', '8.0.0'), app: 'other' };
  const run = await world.bump({ ...none, images: JSON.stringify([image('my-app', '1.4.0'), other]), merge: 'false' });
  expect(run.results.map(({ app, environment, action }) => `${app} ${environment} ${action}`)).toEqual([
    'my-app staging created',
    'my-app production created',
    'other staging created',
    'other production skipped',
  ]);
  expect(run.requests).toHaveLength(6);
});

test('takes apart a group of apps that share one kustomization, in eight requests', async () => {
  const files = {
    'ostack.yaml': 'environments: { staging: { cd: true }, production: {} }\n',
    'profiles/staging/apps.yaml': 'kind: Kustomization\n',
    'shop/base/my-app/kustomization.yaml': 'resources: []\n',
    'shop/overlays/staging/kustomization.yaml':
      'resources: [../../base/my-app]\npatches:\n- path: my-app/version.yaml\n- path: other/version.yaml\n',
    'shop/overlays/staging/my-app/version.yaml':
      'kind: Deployment\nspec: { template: { spec: { containers: [{ name: web, image: ghcr.io/acme/my-app:1.3.0 }] } } }\n',
    'shop/overlays/staging/other/version.yaml': 'kind: Deployment\n',
    'shop/overlays/production/kustomization.yaml': 'resources: []\n',
  };
  await using world = await opsStage(files);
  const run = await world.bump();
  expect(run.results.map(({ environment, action }) => `${environment} ${action}`)).toEqual([
    'staging merged',
    'production skipped',
  ]);
  expect(run.results[1]?.reason).toBe(
    'There is no app "my-app" in production: expected my-app among the resources or patches of shop/overlays/production/kustomization.yaml. Add that overlay, or check the app\'s name.',
  );
  // Two of them tell where the overlays are, and one what the patches of the other apps come to.
  expect(run.requests).toHaveLength(8);
  expect(await world.ops.read('main', 'shop/overlays/staging/my-app/version.yaml')).toContain(
    `ghcr.io/acme/my-app:1.4.0@${DIGEST}`,
  );
});

test('finds the environments by their folders where there is no policy, and merges nothing by itself', async () => {
  const { 'ostack.yaml': _policy, ...files } = OPS_FILES;
  await using world = await opsStage(files);
  const run = await world.bump();
  expect(summaryOf(run)).toEqual(['production: created #1', 'staging: created #2']);
  expect(run.requests).toHaveLength(5);
});

test('a dry run shows the diff and writes nothing', async () => {
  await using world = await opsStage();
  const run = await world.bump({ 'dry-run': 'true' });
  expect(summaryOf(run)).toEqual(['staging: created, dry run', 'production: created, dry run']);
  expect(run.stdout).toContain('-  newTag: "1.3.0" # the version\n+  newTag: "1.4.0" # the version');
  expect(run.summary).toContain('dry run, nothing was written');
  expect(run.requests.every(({ operation }) => /^(OpenOps|ReadOps|ReadReleases)$/.test(operation ?? ''))).toBe(true);
  expect(Object.keys(await world.ops.refs())).toEqual(['refs/heads/main']);
});

test('asks people and sets labels of the environment, once', async () => {
  await using world = await opsStage();
  const inputs = {
    environments: 'production',
    labels: 'ostack, env/{environment}',
    reviewers: 'ada',
    assignees: 'grace',
  };
  world.stage.github.issueToken({ actor: 'ada' });
  world.stage.github.issueToken({ actor: 'grace' });
  const run = await world.bump(inputs);
  expect(run.requests).toHaveLength(5);
  expect((await world.pulls())[0]?.labels.sort()).toEqual(['env/production', 'ostack']);
  const again = await world.bump(inputs);
  expect(again.requests).toHaveLength(3);
});

test('without a token for the releases their notes are left out, and nothing is said to have failed', async () => {
  await using world = await opsStage();
  const run = await world.bump({ 'apps-token': '', environments: 'production' });
  expect(run.requests).toHaveLength(4);
  expect((await world.pulls())[0]?.body).not.toContain('could not be read');
});

test('a long history of notes is cut to what GitHub takes', async () => {
  await using world = await opsStage();
  await world.bump({
    ...none,
    images: JSON.stringify([image('my-app', '1.4.0')]),
    releases: JSON.stringify([release('my-app', '1.4.0', '* a change\n'.repeat(9000))]),
    environments: 'production',
  });
  const [pull] = await world.pulls();
  expect(Buffer.byteLength(pull?.body ?? '')).toBeLessThanOrEqual(65_536);
  expect(pull?.body).toMatch(/<!-- \/ostack:bump -->$/);
});

test('overlay of another app with the same image is not touched', async () => {
  await using world = await opsStage({
    ...OPS_FILES,
    'overlays/staging/other/kustomization.yaml': overlay('1.0.0'),
  });
  await world.bump({ environments: 'staging' });
  expect(await world.ops.read('main', 'overlays/staging/other/kustomization.yaml')).toBe(overlay('1.0.0'));
});

test('warns of people who are not there and of an image that nothing carries, and goes on', async () => {
  await using world = await opsStage();
  const run = await world.bump({
    ...none,
    images: JSON.stringify([image('my-app', '1.4.0'), image('my-app-web', '1.4.0')]),
    environments: 'production',
    reviewers: 'nobody-at-all',
  });
  expect(run.exitCode).toBe(0);
  expect([...run.stdout.matchAll(/^::warning::(.*)$/gm)].map((match) => match[1])).toEqual([
    'There is no user "nobody-at-all" to ask.',
    'Nothing in production carries ghcr.io/acme/my-app-web of my-app, so it stays as it is there.',
  ]);
});
