import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { isFolder, parseTree } from '../../../src/local/github/git/tree.js';
import type { LocalRepository } from '../../../src/local/stage.js';
import { stageEnv } from '../../actions/bump-ops-overlay/support.js';
import {
  DIGEST,
  imagesOf,
  OPS_FILES,
  type PreviewStage,
  previewStage,
  type TestPull,
} from '../../actions/create-preview-env/support.js';
import { record } from '../table.js';
import { type Planted, plant } from './plant.js';
import { CANARY } from './values.js';
import { type Watched, watched } from './watch.js';

const STAGING = 'overlays/staging/my-app/kustomization.yaml';
const PRODUCTION = 'overlays/production/my-app/kustomization.yaml';

function overlay(version: string, base = 'my-app'): string {
  return `resources:\n- ../../../bases/${base}\nimages:\n- name: ghcr.io/acme/${base}\n  newTag: "${version}"\n`;
}

/** Names that git keeps, and that lead somewhere else, or do something, where a path or a text is made of them. */
const NAMES = [
  '..',
  '.git',
  'a\\b',
  '%2e%2e',
  'new\nline',
  `$(touch ${CANARY.replaceAll('/', '\\')})`,
  '\u{1f680}',
  '\x01\x1b[31m',
];

let world: PreviewStage;
let pull: TestPull;
let scratch: string;
/** The repository as it is when nothing strange is in it. */
let clean: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-trees-'));
  world = await previewStage({
    ...OPS_FILES,
    'ostack.yaml': `${OPS_FILES['ostack.yaml']}`.replace('previews:', '  production: { after: staging }\npreviews:'),
    [PRODUCTION]: overlay('1.2.0'),
  });
  await world.ops.commit('main', { [STAGING]: overlay('1.3.1') }, 'my-app 1.3.1');
  pull = await world.openPull('change');
  clean = (await world.ops.refs())['refs/heads/main'] ?? '';
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

/** What each verb is asked to do with an app. */
const VERBS: Record<string, (app: string) => Record<string, string>> = {
  'bump-ops-overlay': (app) => ({
    image: `ghcr.io/acme/${app}`,
    tag: '1.4.0',
    digest: DIGEST,
    environments: 'staging',
  }),
  promote: (apps) => ({ to: 'production', apps }),
  rollback: (app) => ({ environment: 'staging', app, reason: 'x' }),
  'lift-hold': (app) => ({ environment: 'staging', app, reason: 'x' }),
  onboard: (app) => ({ app, environment: 'production', version: '1.0.0' }),
  override: (app) => ({ app, environment: 'staging', intent: 'replicas', reason: 'x', patch: PATCH }),
  lift: (app) => ({ app }),
  'create-preview-env': () => ({ images: imagesOf(pull) }),
  'cleanup-preview-env': () => ({ mode: 'sweep' }),
  status: () => ({}),
};

/** What the verbs write, and what was there before. */
const MEANT =
  /^(ostack\.yaml|bases\/(my-app|other)\/[a-z]+\.yaml|overlays\/(staging|production)\/(my-app|other)\/[a-z_]+\.yaml|\.ostack\/(holds|previews\/pr-1)\.yaml|(clusters\/staging\/)?previews(\/[a-z0-9-]+)+\.yaml)$/;

/** What no checkout would make. */
const ODD: Record<string, Planted> = {
  ...Object.fromEntries(
    NAMES.map((name) => [`overlays/staging/${name}/kustomization.yaml`, { text: overlay('6.6.6') }]),
  ),
  'overlays/staging/my-app/..': { text: 'x\n' },
  'overlays/staging/folder': { link: '../../../../../etc' },
  'overlays/staging/other-repository': { submodule: 'a'.repeat(40) },
  'bases/my-app/link': { link: '/etc/passwd' },
  'previews/../x': { text: 'x\n' },
};

/** What was planted, by path: mode and id. */
let planted: ReadonlyMap<string, string> = new Map();

/** Every entry of a commit that is no folder, by path: mode and id. */
async function entriesOf({ git }: LocalRepository, commit: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const walk = async (oid: string, prefix: string): Promise<void> => {
    const tree = await git.objects.read(oid);
    for (const entry of parseTree(tree?.content ?? Buffer.alloc(0))) {
      const path = `${prefix}${entry.name}`;
      if (isFolder(entry)) {
        await walk(entry.oid, `${path}/`);
      } else {
        found.set(path, `${entry.mode} ${entry.oid}`);
      }
    }
  };
  await walk((await git.history.commit(commit))?.tree ?? '', '');
  return found;
}

const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: my-app }\nspec: { replicas: 3 }\n';

async function act(action: string, app: string): Promise<Watched> {
  const { stage } = world;
  const event = join(scratch, 'event.json');
  const isPreview = action === 'create-preview-env';
  await writeFile(
    event,
    isPreview
      ? JSON.stringify({ number: pull.number, pull_request: { number: pull.number, head: { sha: pull.head } } })
      : '{}',
  );
  const run = await watched({
    action,
    inputs: {
      ...{ token: stage.token, 'github-token': stage.token, 'ops-repository': 'acme/ops', 'poll-interval': '0s' },
      ...VERBS[action]?.(app),
    },
    env: {
      ...stageEnv(stage),
      ...{ GITHUB_EVENT_NAME: isPreview ? 'pull_request' : 'workflow_dispatch', GITHUB_EVENT_PATH: event },
      ...{ GITHUB_ACTOR: 'ada' },
      GITHUB_REPOSITORY: isPreview ? 'acme/apps' : 'acme/ops',
    },
    secrets: [stage.token],
    servers: [stage.serverUrl, `https://my-app.pr-${pull.number}.preview.acme.dev`],
  });
  const violations = [...run.violations, ...(await strange())];
  record({ scenario: `hostile trees: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
  return { ...run, violations };
}

/** Paths that a branch has and nobody meant, and what was planted and is not what it was. */
async function strange(): Promise<string[]> {
  const found: string[] = [];
  for (const [ref, oid] of Object.entries(await world.ops.refs()).filter(([name]) => name.startsWith('refs/heads/'))) {
    const entries = await entriesOf(world.ops, oid);
    found.push(
      ...[...entries]
        .filter(([path, entry]) => !MEANT.test(path) && planted.get(path) !== entry)
        .map(([path]) => `${ref}: ${path}`),
    );
    found.push(...[...planted.keys()].filter((path) => !entries.has(path)).map((path) => `gone from ${ref}: ${path}`));
  }
  return found;
}

test('what has odd names or leads elsewhere is left alone by what is not about it', async () => {
  await world.ops.setRef('refs/heads/main', clean);
  await plant(world.ops, 'main', ODD);
  planted = new Map([...(await entriesOf(world.ops, 'main'))].filter(([path]) => !MEANT.test(path)));
  expect(planted.size).toBe(Object.keys(ODD).length);
  for (const verb of Object.keys(VERBS)) {
    const run = await act(verb, 'my-app');
    expect({ verb, violations: run.violations }).toEqual({ verb, violations: [] });
    expect({ verb, exitCode: run.exitCode }).toEqual({ verb, exitCode: 0 });
    if (verb === 'status') {
      expect(run.stdout).toContain('overlays/staging/a\\\\b');
    }
  }
}, 120_000);

describe('a symbolic link', () => {
  const [FILE, HOLDS, RECORD] = [STAGING, '.ostack/holds.yaml', '.ostack/previews/pr-1.yaml'];
  const all = process.env.OSTACK_TORTURE === 'all';
  const cases = Object.entries({
    [FILE]: ['bump-ops-overlay', 'promote', 'rollback', 'override', 'lift', 'create-preview-env'],
    [HOLDS]: ['bump-ops-overlay', 'promote', 'rollback', 'lift-hold', 'status'],
    'ostack.yaml': ['onboard', 'bump-ops-overlay', 'promote', 'rollback', 'create-preview-env', 'status'],
    'bases/my-app/kustomization.yaml': ['create-preview-env', 'lift'],
    [RECORD]: ['create-preview-env', 'cleanup-preview-env'],
  }).flatMap(([path, verbs]) => verbs.filter((_, at) => all || at === 0).map((verb) => ({ path, verb })));

  test.each(cases)('in the place of $path stops $verb, which names it', async ({ path, verb }) => {
    for (const ref of Object.keys(await world.ops.refs()).filter((name) => /^refs\/heads\/(?!main$)/.test(name))) {
      await world.ops.setRef(ref, null);
    }
    await world.ops.setRef('refs/heads/main', clean);
    await plant(world.ops, 'main', { [path]: { link: `../../../../..${CANARY}` } });
    planted = new Map();
    const before = await world.ops.refs();
    const run = await act(verb, 'my-app');
    expect(run.violations).toEqual([]);
    expect(`${run.stdout}`.replace(/^::debug::.*\n/gm, '')).toMatch(
      new RegExp(`^::error::.*${path}.*(symbolic link|no plain text file)`, 'm'),
    );
    expect(run.exitCode).toBe(1);
    expect(await world.ops.refs()).toEqual(before);
  });
});

test('what a pull request links to outside of the repository is neither read nor told of', async () => {
  await world.ops.setRef('refs/heads/main', clean);
  const outside = join(scratch, 'outside.yaml');
  await writeFile(outside, 'apiVersion: v1\nkind: Secret\nmetadata: { name: not-to-be-told }\n');
  const path = 'bases/my-app/deployment.yaml';
  const sha = await plant(world.ops, 'link', { [path]: { link: outside } });
  const opened = v.parse(
    v.looseObject({ number: v.number() }),
    await world.rest('POST', '/repos/acme/ops/pulls', { head: 'link', base: 'main', title: 'link' }),
  );
  const event = join(scratch, 'event.json');
  await writeFile(
    event,
    JSON.stringify({ action: 'opened', pull_request: { ...opened, state: 'open', head: { sha } } }),
  );
  const { stage } = world;
  const run = await watched({
    action: 'check-ops',
    inputs: { token: stage.token },
    env: {
      ...stageEnv(stage),
      ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event, GITHUB_REPOSITORY: 'acme/ops' },
      GITHUB_SHA: (await world.ops.refs())[`refs/pull/${opened.number}/merge`] ?? '',
    },
    secrets: [stage.token, 'not-to-be-told'],
    servers: [stage.serverUrl],
    leaves: ['ostack-check-ops'],
  });
  record({ scenario: 'hostile trees: check-ops', tried: 1, survived: run.violations.length === 0 ? 1 : 0 });
  expect(run).toMatchObject({ exitCode: 1, violations: [] });
  expect(run.stdout).toContain(`::error::${path} leads out of the repository.`);
});
