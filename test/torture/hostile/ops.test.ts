import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { DIGEST, type OpsStage, opsStage, stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, ONE_LINE, REFS, STOLEN, TEXTS } from './values.js';
import { type Watched, watched } from './watch.js';
import { violationsIn } from './written.js';

/** Texts that can name a folder. */
const NAMES = [...LINES, ...REFS].map(({ value }) => value.replaceAll('/', '').toWellFormed());

const SINCE = '2026-11-01T10:00:00Z';

/** A kustomization whose lines are commands to a log that prints them. */
function overlay(version: string, image = 'my-app'): string {
  return [
    'resources:',
    '- ../../../bases/my-app',
    'patches:',
    '- patch: |-',
    `    ::set-output name=${STOLEN}::${STOLEN}`,
    '  target: { kind: Deployment }',
    'images:',
    `# ##[set-output name=${STOLEN};]${STOLEN} </details> \`\`\` @octocat`,
    `- name: ghcr.io/acme/${image}`,
    `  newTag: "${version}"`,
    `# ::add-mask::${STOLEN}`,
    `commonAnnotations: { note: ${JSON.stringify(ONE_LINE)} }`,
    '',
  ].join('\n');
}

const FILES: Record<string, string> = {
  'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging }\n',
  '.ostack/holds.yaml': stringify([
    {
      environment: 'production',
      app: 'other',
      version: ONE_LINE,
      since: SINCE,
      by: ONE_LINE,
      reason: EVERYTHING,
      run: ONE_LINE,
    },
  ]),
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/my-app/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: my-app }\nspec: { replicas: 1 }\n',
  'overlays/staging/my-app/kustomization.yaml': overlay('1.3.0'),
  'overlays/production/my-app/kustomization.yaml': overlay('1.2.0'),
  'overlays/production/other/kustomization.yaml': overlay('7.0.0', 'other'),
};

let world: OpsStage;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-hostile-'));
  world = await opsStage(FILES);
  for (const [index, version] of ['1.4.0', '1.5.0'].entries()) {
    await world.push('main', { 'overlays/staging/my-app/kustomization.yaml': overlay(version) }, TEXTS[index]?.value);
  }
  await world.stage.github.repository('acme/apps').commit(
    'main',
    {
      'apps/new-app/deploy/kustomization.yaml': overlay('0.0.0', 'new-app').replace(
        '../../../bases/my-app',
        'web.yaml',
      ),
      'apps/new-app/deploy/web.yaml': `# ::set-output name=${STOLEN}::${STOLEN}\nkind: Deployment\nmetadata: { name: web }\n`,
    },
    EVERYTHING,
  );
  await post('acme/apps', 'releases', { tag_name: 'my-app-v1.6.0', name: ONE_LINE, body: EVERYTHING });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

async function post(repository: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${world.stage.apiUrl}/repos/${repository}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

/** Runs a bundle in the ops repository, as somebody whose name is none of the best. */
async function act(action: string, inputs: Record<string, string>, env: Record<string, string> = {}): Promise<Watched> {
  const { stage } = world;
  const run = await watched({
    action,
    inputs: { token: stage.token, 'ops-repository': 'acme/ops', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: ONE_LINE, ...env },
    secrets: [stage.token],
    servers: [stage.serverUrl],
  });
  const written = await violationsIn(stage, 'acme/ops', Object.keys(await world.ops.refs()).filter(isOurs));
  const violations = [...run.violations, ...written];
  record({ scenario: `hostile input: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
  return { ...run, violations };
}

function isOurs(ref: string): boolean {
  return ref.startsWith('refs/heads/');
}

const good = { exitCode: 0, violations: [] };

test('what stands in an ops repository is told and does nothing', async () => {
  await world.push('ostack/staging/my-app', { 'x.txt': 'x\n' });
  await post('acme/ops', 'pulls', { title: ONE_LINE, body: EVERYTHING, head: 'ostack/staging/my-app', base: 'main' });
  expect(await act('status', {})).toMatchObject(good);
});

test('release notes and the lines of a change do nothing in a log, a pull request and a summary', async () => {
  const release = { image: 'ghcr.io/acme/my-app', tag: '1.6.0', digest: DIGEST, environments: 'production' };
  const inputs = { ...release, 'apps-token': world.stage.token };
  const env = { GITHUB_REPOSITORY: 'acme/apps' };
  expect(await act('bump-ops-overlay', { ...inputs, 'dry-run': 'true' }, env)).toMatchObject(good);
  expect(await act('bump-ops-overlay', inputs, env)).toMatchObject(good);
  expect(await world.pulls()).toHaveLength(2);
});

test('the reason of an operator does nothing but explain', async () => {
  const reason = EVERYTHING;
  const to = { to: 'production', apps: 'my-app', reason, 'apps-repository': 'acme/apps' };
  expect(await act('promote', { ...to, 'dry-run': 'true' })).toMatchObject(good);
  expect(await act('promote', to)).toMatchObject(good);
  const back = { environment: 'staging', app: 'my-app', reason };
  expect(await act('rollback', back)).toMatchObject(good);
  expect(await act('lift-hold', { environment: 'production', app: 'other', reason })).toMatchObject(good);
});

test('the files of an app and a patch do nothing but arrive', async () => {
  const patch = `# ::set-output name=${STOLEN}::${STOLEN}\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: my-app }\nspec: { replicas: 3 }\n# \`\`\`\n# </details> @octocat\n`;
  const own = { app: 'my-app', environment: 'staging', intent: 'replicas', reason: EVERYTHING, patch };
  expect(await act('override', { ...own, 'dry-run': 'true' })).toMatchObject(good);
  expect(await act('override', own)).toMatchObject(good);
  const images = JSON.stringify([
    {
      app: 'new-app',
      image: 'new-app',
      repository: 'ghcr.io/acme/new-app',
      tag: '1.0.0',
      digest: DIGEST,
      reused: false,
      platforms: ['linux/amd64'],
    },
  ]);
  const joins = { app: 'new-app', environment: 'staging', version: '1.0.0', images };
  expect(
    await act('onboard', { ...joins, 'apps-repository': 'acme/apps', 'apps-token': world.stage.token }),
  ).toMatchObject(good);
});

test('a patch that all environments share does nothing but move, or says why it stays', async () => {
  const patch = `# ::set-output name=${STOLEN}::${STOLEN}\n# ${ONE_LINE.toWellFormed()}\n# <!-- /ostack:lift --> \`\`\`\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: my-app, annotations: { note: ${JSON.stringify(EVERYTHING.toWellFormed())} } }\n`;
  const plain = 'resources: [../../../bases/my-app]\npatches: [{ path: settings.yaml }]\n';
  const folders = ['overlays/staging/my-app', 'overlays/production/my-app'];
  const files = folders.flatMap((folder) => [
    [`${folder}/settings.yaml`, patch],
    [`${folder}/kustomization.yaml`, plain],
  ]);
  await world.push('main', Object.fromEntries(files));
  const run = await act('lift', { app: 'my-app', patch: 'settings', reason: EVERYTHING, 'dry-run': 'true' });
  expect(run.violations).toEqual([]);
  const lifted = await act('lift', { app: 'my-app', patch: 'settings', reason: EVERYTHING });
  expect(lifted.violations).toEqual([]);
  // Without kustomize there is no proof, and nothing moves.
  expect(`${lifted.exitCode} ${lifted.stdout}`).toMatch(/^0 |kustomize/);
});

test('a pull request is checked, whatever its branch, title and files are called', async () => {
  const branch = REFS[0]?.value ?? '';
  const files = Object.fromEntries(NAMES.map((name) => [`overlays/staging/my-app/${name}.yaml`, `kind: ${name}\n`]));
  await world.push(branch, { ...files, 'overlays/staging/my-app/kustomization.yaml': overlay('1.5.1') }, EVERYTHING);
  await post('acme/ops', 'pulls', { title: ONE_LINE, body: EVERYTHING, head: branch, base: 'main' });
  const number = (await world.pulls()).at(-1)?.number ?? 0;
  const refs = await world.ops.refs();
  const head = { sha: refs[`refs/heads/${branch}`], ref: branch, label: `acme:${branch}` };
  const event = join(scratch, 'event.json');
  await writeFile(
    event,
    JSON.stringify({ action: 'opened', number, pull_request: { number, state: 'open', title: ONE_LINE, head } }),
  );
  const run = await act(
    'check-ops',
    {},
    {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_SHA: refs[`refs/pull/${number}/merge`] ?? '',
      GITHUB_HEAD_REF: branch,
    },
  );
  expect(run.violations).toEqual([]);
});
