import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { repositoryReader } from '../../../src/github/repository-reader.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { deployedAt, deployedSince } from '../../../src/ops/ledger/ledger.js';
import { readLedger } from '../../../src/ops/ledger/read-ledger.js';
import type { Layout } from '../../../src/ops/overlays/layout.js';
import { clone } from '../../support/git.js';
import { gitRepositoryAt } from '../../support/git-repository.js';

const OSTACK: Layout = { templates: ['overlays/{environment}/{app}'] };
const GROUPS: Layout = { templates: ['apps/overlays/{environment}', 'infra/overlays/{environment}'] };
const ADA = { name: 'Ada', email: 'ada@acme.dev' };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

function overlay(version: string, more = ''): string {
  return `resources: [../../../bases/shop]\nimages:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n${more}`;
}

async function ledgerOf(ops: LocalRepository, layout: Layout, limit?: number, app = 'shop', bases = false) {
  const [owner = '', name = ''] = ops.name.split('/');
  const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const repository = { owner, name };
  const source = { github, repository, reader: repositoryReader(github, repository, 'ReadLedger') };
  const oid = (await ops.refs())[`refs/heads/${ops.defaultBranch}`] ?? '';
  return readLedger(source, { oid, branch: ops.defaultBranch }, layout, 'staging', app, {
    bases,
    ...(limit === undefined ? {} : { limit }),
  });
}

async function rest(method: string, path: string, body: unknown): Promise<{ number: number }> {
  const response = await fetch(`${stage.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  const answer: unknown = await response.json();
  return typeof answer === 'object' && answer !== null && 'number' in answer
    ? { number: Number(answer.number) }
    : { number: 0 };
}

describe('an overlay of its own', () => {
  const path = 'overlays/staging/shop/kustomization.yaml';

  test('every change of what it holds, whatever wrote it, newest first; other changes of its files do not count', async () => {
    const ops = await stage.github.createRepository('acme/hands', { files: { [path]: overlay('1.0.0') } });
    await ops.commit('main', { [path]: overlay('1.1.0') }, 'shop 1.1.0', ADA);
    await ops.commit('main', { [path]: overlay('1.1.0', 'namePrefix: s-\n'), 'README.md': 'x' }, 'a prefix', ADA);
    await ops.commit('main', { 'README.md': 'y' }, 'words', ADA);
    await ops.commit('main', { [path]: 'images: [\n' }, 'broken by hand', ADA);
    await ops.commit('main', { [path]: overlay('1.0.0') }, 'Revert "shop 1.1.0"', ADA);
    const ledger = await ledgerOf(ops, OSTACK);
    expect(ledger.complete).toBe(true);
    expect(ledger.entries.map(({ version, author }) => [version, author])).toEqual([
      ['1.0.0', 'Ada'],
      ['1.1.0', 'Ada'],
      ['1.0.0', expect.any(String)],
    ]);
    expect(ledger.entries[0]?.trailers).toBeUndefined();
    expect(deployedSince(ledger, '1.0.0')).toEqual(ledger.entries[0]?.at);
    expect(deployedSince(ledger, '1.1.0')).toBeUndefined();
  });

  test('what only a base says, where that is asked for, at its own commits', async () => {
    const own = (more = '') => `resources: [../../../bases/shop]\n${more}`;
    const workload = (version: string) =>
      `kind: Deployment\napiVersion: apps/v1\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: shop, image: "ghcr.io/acme/shop:${version}" }] } } }\n`;
    const ops = await stage.github.createRepository('acme/bases', {
      files: {
        [path]: own(),
        'bases/shop/kustomization.yaml': 'resources: [shop.yaml]\n',
        'bases/shop/shop.yaml': workload('1.0.0'),
      },
    });
    await ops.commit('main', { 'bases/shop/shop.yaml': workload('1.1.0') }, 'base', ADA);
    await ops.commit('main', { [path]: own('images: [{ name: ghcr.io/acme/shop, newTag: 1.2.0 }]\n') }, 'own', ADA);
    const versions = async (bases: boolean) =>
      (await ledgerOf(ops, OSTACK, undefined, 'shop', bases)).entries.map(({ version }) => version);
    expect(await versions(false)).toEqual(['1.2.0', null]);
    expect((await versions(true)).slice(-1)).toEqual(['1.0.0']);
    expect(new Set(await versions(true))).toEqual(new Set(['1.2.0', '1.1.0', '1.0.0']));
  });

  test('what one of several clusters gets is a change, and its places are told apart', async () => {
    const at = (cluster: string) => `overlays/staging/${cluster}/shop/kustomization.yaml`;
    const files = { [at('eu')]: overlay('1.0.0'), [at('us')]: overlay('1.0.0') };
    const ops = await stage.github.createRepository('acme/clusters', { files });
    await ops.commit('main', { [at('us')]: overlay('1.1.0') }, 'us', ADA);
    await ops.commit('main', { [at('eu')]: overlay('1.1.0') }, 'eu', ADA);
    const layout = { templates: ['eu', 'us'].map((cluster) => `overlays/{environment}/${cluster}/{app}`) };
    const { entries } = await ledgerOf(ops, layout);
    expect(entries.map(({ places }) => places?.map(({ version }) => version) ?? 'one')).toEqual([
      'one',
      expect.anything(),
      'one',
    ]);
  });

  test('a merged pull request counts from its merge on, with its last state only', async () => {
    const ops = await stage.github.createRepository('acme/merges', { files: { [path]: overlay('1.0.0') } });
    const message = (version: string) =>
      `shop ${version} -> staging\n\nOstack-Action: bump-ops-overlay\nOstack-Environment: staging\nOstack-App: shop\nOstack-Version: ${version}`;
    await ops.commit('ostack/staging/shop', { [path]: overlay('1.1.0') }, message('1.1.0'), ADA);
    await ops.commit('ostack/staging/shop', { [path]: overlay('1.2.0') }, message('1.2.0'), ADA);
    const pull = { title: 'shop', head: 'ostack/staging/shop', base: 'main' };
    const { number } = await rest('POST', '/repos/acme/merges/pulls', pull);
    await rest('PUT', `/repos/acme/merges/pulls/${number}/merge`, { merge_method: 'merge' });
    const { entries } = await ledgerOf(ops, OSTACK);
    expect(entries.map(({ version }) => version)).toEqual(['1.2.0', '1.0.0']);
    expect(entries[0]).toMatchObject({
      present: true,
      pullRequest: { number, url: expect.stringContaining(`/acme/merges/pull/${number}`) },
      trailers: { action: 'bump-ops-overlay', version: '1.2.0' },
      targets: [{ kind: 'image', repository: 'ghcr.io/acme/shop', tag: '1.2.0' }],
    });
  });

  test('a limit ends it, and says that there is more; what came before is asked for page by page', async () => {
    const ops = await stage.github.createRepository('acme/long', { files: { [path]: overlay('0.0.0') } });
    for (let index = 1; index <= 14; index++) {
      await ops.commit('main', { [path]: overlay(index < 13 ? '1.0.0' : `1.${index}.0`, `# ${index}\n`) }, 'x', ADA);
    }
    const before = stage.github.requests.length;
    const ledger = await ledgerOf(ops, OSTACK, 2);
    // The page, and twice what tells when pushed commits arrived.
    expect(stage.github.requests.length - before).toBe(3);
    expect(ledger).toMatchObject({ complete: false, entries: [{ version: '1.14.0' }, { version: '1.13.0' }] });
    const more = await ledgerOf(ops, OSTACK, 3);
    expect(more).toMatchObject({ complete: false, entries: [{}, {}, { version: '1.0.0' }] });
    expect((await ledgerOf(ops, OSTACK)).complete).toBe(true);
  });

  test('an app that went away and came back, and one that was never there', async () => {
    const ops = await stage.github.createRepository('acme/gone', { files: { [path]: overlay('1.0.0'), a: '' } });
    await ops.commit('main', { [path]: null }, 'gone', ADA);
    expect((await ledgerOf(ops, OSTACK)).entries.map(({ present }) => present)).toEqual([false, true]);
    await ops.commit('main', { [path]: overlay('1.0.0') }, 'back', ADA);
    const ledger = await ledgerOf(ops, OSTACK);
    expect(ledger.entries.map(({ version }) => version)).toEqual(['1.0.0', null, '1.0.0']);
    expect(await ledgerOf(ops, OSTACK, 5, 'other')).toEqual({ entries: [], complete: true });
  });
});

describe('groups', () => {
  const kustomization = 'apps/overlays/staging/kustomization.yaml';
  const patch = 'apps/overlays/staging/shop/version.yaml';
  const shared = (mailer: string, version = '') =>
    `resources: [../../base/shop, ../../base/mailer]\npatches:\n- path: shop/version.yaml\nimages:\n- name: ghcr.io/acme/mailer\n  newTag: ${mailer}\n${version}`;
  const image = (version: string) => `spec:\n  containers:\n  - image: ghcr.io/acme/shop:${version}\n`;

  test("an app's patches and the kustomization that all apps share are one history", async () => {
    const files = {
      [kustomization]: shared('1.0.0'),
      [patch]: image('1.0.0'),
      'infra/overlays/staging/kustomization.yaml': '{}\n',
    };
    const ops = await stage.github.createRepository('acme/groups', { files });
    await ops.commit('main', { [kustomization]: shared('2.0.0') }, 'mailer', ADA);
    await ops.commit('main', { [patch]: image('1.1.0') }, 'shop', ADA);
    await ops.commit(
      'main',
      { [kustomization]: shared('2.0.0', '- name: ghcr.io/acme/shop\n  newTag: 1.2.0\n') },
      'both',
      ADA,
    );
    const shop = await ledgerOf(ops, GROUPS);
    expect(shop.complete).toBe(true);
    expect(shop.entries[0]?.version).toBe('1.2.0');
    expect(shop.entries.at(-1)?.version).toBe('1.0.0');
    expect((await ledgerOf(ops, GROUPS, 5, 'mailer')).entries.map(({ version }) => version)).toEqual([
      '2.0.0',
      '1.0.0',
    ]);
  });
});

test('what was held at a time', () => {
  const entry = (at: string, version: string) => ({
    ...{
      oid: version,
      lastOid: version,
      at: new Date(at),
      present: true,
      version,
      targets: [],
      pinned: [],
      trailers: undefined,
    },
    ...{ author: 'ada', pullRequest: undefined },
  });
  const ledger = { entries: [entry('2026-11-02', '1.1.0'), entry('2026-11-01', '1.0.0')], complete: true };
  expect(deployedAt(ledger, new Date('2026-11-01T12:00Z'))?.version).toBe('1.0.0');
  expect(deployedAt(ledger, new Date('2026-11-02'))?.version).toBe('1.1.0');
  expect(deployedAt(ledger, new Date('2026-10-01'))).toBeUndefined();
});

test('what was pushed is as old as its push, whatever it claims', async () => {
  const ops = await stage.github.createRepository('acme/claims', { files: { a: '' } });
  const folder = await mkdtemp(join(tmpdir(), 'ostack-claims-'));
  try {
    await clone(stage, ops, folder, ['--branch', 'main']);
    const work = gitRepositoryAt(folder);
    const head = await work.commit({ 'overlays/staging/shop/kustomization.yaml': overlay('1.0.0') });
    expect(await work.git('log', '-1', '--format=%cI', head)).toContain('2026-03-01');
    await work.git('push', '--quiet', ops.gitDir, 'HEAD:refs/heads/pushed');
    const before = Date.now();
    await ops.setRef('refs/heads/main', head);
    const [entry] = (await ledgerOf(ops, OSTACK)).entries;
    expect(entry?.at.getTime()).toBeGreaterThanOrEqual(before - 1000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
