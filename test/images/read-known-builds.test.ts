import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RegistryClient } from '../../src/images/registry.js';
import { startStage } from '../../src/local/stage.js';
import { type Builds, forged, leaveRecord, TAKEN, takes } from '../attacks/support/records.js';
import { gitRepositoryAt } from '../support/git-repository.js';

/** Who tries to have something else believed is in `test/attacks/builds`. */
describe('what earlier releases built', () => {
  let builds: Builds;
  let next = '';
  let beside = '';
  let restore: () => Promise<void>;
  beforeAll(async () => {
    const stage = await startStage();
    const apps = await stage.github.createRepository('acme/apps', { files: { page: 'one\n' } }, { private: true });
    const head = (await apps.refs())['refs/heads/main'] ?? '';
    beside = await apps.commit('beside', { page: 'three\n' }, 'feat: three');
    next = await apps.commit('main', { page: 'two\n' }, 'feat: two');
    const root = await mkdtemp(join(tmpdir(), 'ostack-known-'));
    await mkdir(join(root, '.git'));
    const digest = `sha256:${'a'.repeat(64)}`;
    const image = { app: 'shop', repository: `${stage.registry}/acme/shop`, digest, tag: '1.0.0', key: 'content-1' };
    builds = {
      ...{ stage, apps, head, digest, key: 'content-1', registry: new RegistryClient({ registry: stage.registry }) },
      ...{ checkout: gitRepositoryAt(root), record: { version: 1, commit: head, images: [image] } },
    };
    restore = await stage.github.checkpoint();
  });
  beforeEach(() => restore());
  afterAll(async () => {
    await builds.stage.close();
    await rm(builds.checkout.root, { recursive: true, force: true });
  });

  test('is told by the newest record, of the same commit or one before', async () => {
    await leaveRecord(builds, { run: { id: 6 }, record: forged(builds) });
    await leaveRecord(builds);
    expect(await takes(builds)).toMatch(TAKEN);
    expect(await takes(builds, next)).toBe(`takes ${builds.digest}`);
  });

  test('is told by no record of a commit that comes after, or beside', async () => {
    await leaveRecord(builds, { run: { headSha: next } });
    expect(await takes(builds)).toContain('which this one does not come after');
    await leaveRecord(builds, { run: { id: 8, headSha: beside } });
    expect(await takes(builds)).toMatch(/run 8 is of the commit .*; run 7 is of the commit /);
    await leaveRecord(builds, { run: { headSha: beside } });
    expect(await takes(builds, next)).toMatch(/run 8 is of the commit .*; run 7 /);
  });

  test('is told by neither record of a run that has two', async () => {
    await leaveRecord(builds);
    await leaveRecord(builds);
    expect(await takes(builds)).toContain('run 7 has several artifacts ostack-images');
  });

  test('is told by no record that is not what GitHub has the digest of', async () => {
    await leaveRecord(builds, { digest: '0'.repeat(64) });
    expect(await takes(builds)).toContain('GitHub says that it is sha256:0000');
  });

  test('is read with "actions: read" where the repository is private, and says so', async () => {
    await leaveRecord(builds);
    expect(await takes(builds, next, { contents: 'read' })).toMatch(
      /^Could not list what earlier releases built in acme\/apps: .*actions: read/,
    );
  });

  test('takes five requests, however many releases there were', async () => {
    for (let id = 1; id < 30; id += 1) {
      await leaveRecord(builds, { run: { id } });
    }
    const before = builds.stage.github.requests.length;
    expect(await takes(builds, next)).toMatch(TAKEN);
    expect(builds.stage.github.requests.length - before).toBeLessThanOrEqual(5);
  });
});
