import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { releaseSchema } from '../../../src/release/release.js';
import { stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { livePartsOf } from '../../support/github-page.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, ONE_LINE, REFS, TEXTS } from './values.js';
import { type Watched, watched } from './watch.js';
import { violationsIn } from './written.js';

const run = promisify(execFile);
const good = { exitCode: 0, violations: [] };

let stage: Stage;
let scratch: string;
let checkout: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-hostile-'));
  checkout = join(scratch, 'checkout');
  stage = await startStage({ repositories: { 'acme/apps': { files: { 'apps/shop/Dockerfile': 'FROM scratch\n' } } } });
  const apps = stage.github.repository('acme/apps');
  const author = { name: ONE_LINE.replace(/[<>\n]/g, ''), email: 'evil@evil.example' };
  for (const [index, { value }] of [...LINES, ...TEXTS].entries()) {
    const text = value.toWellFormed();
    const message = `feat(${text.split('\n')[0]}): ${text}\n\n${text}\n\nBREAKING CHANGE: ${text}\n\nCloses #1`;
    await apps.commit('main', { [`apps/shop/${text.replace(/[/\n\r]/g, '')}`]: String(index) }, message, author);
  }
  const head = (await apps.refs())['refs/heads/main'] ?? '';
  for (const { value } of REFS) {
    await apps.setRef(`refs/tags/${value}`, head);
    await apps.setRef(`refs/tags/shop-v0.0.0-${value.replace(/[^\w]/g, '')}`, head);
  }
  const url = stage.serverUrl.replace('://', `://x-access-token:${stage.token}@`);
  await run('git', ['clone', '--quiet', `${url}/acme/apps`, checkout]);
  await run('git', ['remote', 'set-url', 'origin', `${stage.serverUrl}/acme/apps`], { cwd: checkout });
});
afterAll(async () => {
  await stage.close();
  await rm(scratch, { recursive: true, force: true });
});

async function act(action: string, inputs: Record<string, string>, event?: object): Promise<Watched> {
  const file = join(scratch, 'event.json');
  await writeFile(file, JSON.stringify(event ?? {}));
  const found = await watched({
    action,
    cwd: checkout,
    inputs: { 'github-token': stage.token, ...inputs },
    env: {
      ...stageEnv(stage),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: event === undefined ? 'push' : 'pull_request',
      GITHUB_EVENT_PATH: file,
      GITHUB_HEAD_REF: REFS[0]?.value ?? '',
      GITHUB_ACTOR: ONE_LINE,
    },
    secrets: [stage.token],
    servers: [stage.serverUrl],
  });
  const violations = [...found.violations, ...(await violationsIn(stage, 'acme/apps', []))];
  record({ scenario: `hostile input: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
  return { ...found, violations };
}

test('commits and tags do nothing in a log, in notes and on a release page', async () => {
  expect(await act('tag-release', { 'dry-run': 'true', 'track-delivery': 'true' })).toMatchObject(good);
  const released = await act('tag-release', { 'track-delivery': 'true' });
  expect(released).toMatchObject(good);
  const [release] = v.parse(v.array(releaseSchema), JSON.parse(released.outputs.releases ?? ''));
  expect(livePartsOf(release?.notes ?? '', [stage.serverUrl])).toEqual([]);
  expect(release?.notes.split('\n').length).toBeGreaterThan(2 * LINES.length);

  const image = {
    app: 'shop',
    image: ONE_LINE,
    repository: ONE_LINE,
    tag: ONE_LINE,
    digest: `sha256:${'a'.repeat(64)}`,
  };
  const row = {
    environment: ONE_LINE,
    app: 'shop',
    action: EVERYTHING,
    number: 1,
    url: 'javascript:alert(1)',
    reason: EVERYTHING,
  };
  const delivered = {
    releases: JSON.stringify([release]),
    images: JSON.stringify([{ ...image, reused: false, platforms: [ONE_LINE] }]),
    'pull-requests': JSON.stringify([row, { ...row, url: 'https://evil.example/)|x' }].slice(0, 1)),
  };
  expect(await act('record-delivery', { ...delivered, 'dry-run': 'true' })).toMatchObject(good);
  expect(await act('record-delivery', delivered)).toMatchObject(good);
});

test('changed files and branches do nothing where they are told of', async () => {
  expect(await act('affected-apps', { base: 'HEAD~20' })).toMatchObject(good);
  expect((await act('affected-apps', { base: `--upload-pack=${LINES[0]?.value}` })).violations).toEqual([]);
  const ends = (head: string, base: string) => ({
    pull_request: { head: { ref: head, repo: { full_name: ONE_LINE } }, base: { ref: base } },
  });
  for (const { value } of process.env.OSTACK_TORTURE === 'all' ? REFS : REFS.slice(0, 2)) {
    const refused = await act('check-merge-source', { allowed: 'dev -> main' }, ends(value, 'main'));
    expect(refused).toMatchObject({ exitCode: 1, violations: [] });
  }
  expect((await act('check-merge-source', { allowed: EVERYTHING }, ends('dev', ONE_LINE))).violations).toEqual([]);
});

test('settings of an apps repository name no other place than a repository', async () => {
  for (const ops of [
    '../../evil/ops',
    `acme/${LINES[0]?.value}`,
    'https://evil.example/a',
    'acme/ops\n::add-path::/evil',
  ]) {
    await stage.github.repository('acme/apps').commit('main', { 'ostack.yaml': `ops: ${JSON.stringify(ops)}\n` }, 'x');
    expect(await act('find-ops-repository', {})).toMatchObject({ exitCode: 1, violations: [], outputs: {} });
  }
});
