import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RegistryClient } from '../../src/images/registry.js';
import { startStage } from '../../src/local/stage.js';
import { type Builds, forged, knownTo, leaveRecord, leaveRun, NOW, TAKEN, takes } from '../attacks/support/records.js';
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

  test('is told by the record of an earlier attempt of the run itself, which needs not have ended well', async () => {
    await leaveRecord(builds, { run: { id: NOW, status: 'in_progress', conclusion: null } });
    const attempt = (isAgain: boolean, sha = builds.head) => knownTo(builds, sha, undefined, [], isAgain);
    expect((await attempt(true)).delivered).toEqual(builds.record.images);
    const first = await attempt(false);
    expect([first.delivered, first.all]).toEqual([[], []]);
    expect((await attempt(true, next)).delivered).toEqual([]);
    await leaveRecord(builds, { run: { id: NOW } });
    expect((await attempt(true)).delivered).toEqual([]);
  });

  describe('an image that nobody recorded', () => {
    const OTHER = `sha256:${'e'.repeat(64)}`;
    const mayBeOurs = async () => (await knownTo(builds, next)).mayHaveMade(OTHER, builds.head);

    test.each<[string, () => Promise<unknown>]>([
      ['that was killed', () => leaveRun(builds, { conclusion: 'cancelled' })],
      ['that failed, whatever it recorded', () => leaveRecord(builds, { run: { conclusion: 'failure' } })],
      ['that goes on', () => leaveRun(builds, { status: 'in_progress', conclusion: null })],
      ['that has no record any more', () => leaveRun(builds)],
      [
        'that recorded it, before another release did something else',
        async () => {
          const images = builds.record.images.map((image) => ({ ...image, digest: OTHER }));
          await leaveRecord(builds, { record: { ...builds.record, images } });
          await leaveRecord(builds, { run: { id: 8, headSha: next }, record: { ...builds.record, commit: next } });
        },
      ],
    ])('may be of a release %s', async (_, leave) => {
      await leave();
      expect(await mayBeOurs()).toBe(true);
    });

    test.each<[string, () => Promise<string | undefined>]>([
      ['says no commit', async () => undefined],
      ['says a commit that is not there', async () => '7'.repeat(40)],
      [
        'says a commit beside, of which a run failed',
        async () => {
          await leaveRun(builds, { conclusion: 'failure', headSha: beside });
          return beside;
        },
      ],
      ['says a commit without a run', async () => builds.head],
      [
        'says a commit whose release recorded another one',
        async () => {
          await leaveRecord(builds);
          return builds.head;
        },
      ],
      [
        'says a commit of which another workflow, a pull request and a tag failed',
        async () => {
          await leaveRun(builds, { conclusion: 'failure', file: '.github/workflows/test.yml' });
          await leaveRun(builds, { id: 8, conclusion: 'failure', event: 'pull_request' });
          await leaveRun(builds, { id: 9, conclusion: 'failure', headBranch: 'v1' });
          return builds.head;
        },
      ],
    ])('is of none of ours that %s', async (_, revision) => {
      const said = await revision();
      expect(await (await knownTo(builds, next)).mayHaveMade(OTHER, said)).toBe(false);
    });
  });
});
