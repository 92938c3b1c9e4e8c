import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeRecord } from '../../../src/actions/build-push-image/record.js';
import { readBuildRecord } from '../../../src/images/build-record.js';
import { knownBuilds } from '../../../src/images/known-builds.js';
import { WEB } from '../../images/content-support.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-record-'));
  process.env.RUNNER_TEMP = folder;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const [NEW, OLD] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

test('The record of an attempt lists what earlier attempts of the run delivered, too, and each image once', async () => {
  const image = { app: 'shop', repository: 'ghcr.io/acme/shop', digest: OLD, tag: '1.0.0' };
  const again = { ...image, repository: WEB.repository, tag: WEB.tags[0] ?? '' };
  const made = { planned: WEB, digest: NEW, reused: false, platforms: [], size: 1 };
  const known = knownBuilds([], { delivered: [image, again] });
  const file = (await writeRecord('1'.repeat(40), [made], known)) ?? '';
  const { images } = readBuildRecord(await readFile(file, 'utf8'));
  expect(images.map(({ repository, digest }) => [repository, digest])).toEqual(
    [
      ['ghcr.io/acme/shop', OLD],
      [WEB.repository, NEW],
    ].sort(),
  );
  expect(await writeRecord('1'.repeat(40), [], known)).toBeUndefined();
});
