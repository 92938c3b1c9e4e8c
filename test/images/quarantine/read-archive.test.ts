import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readArchiveList, readArchiveNumber } from '../../../src/images/quarantine/read-archive.js';
import { KNOWN, openTestArchive } from './support.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('the number that an archive is for', () => {
  test('is read', async () => {
    await using archive = await openTestArchive();
    expect(await readArchiveNumber(archive.root)).toBe(1);
  });

  test.each(['', '0', '-1', '1 2', '../1', '1e3', '$(id)'])('is not %j', async (text) => {
    await using archive = await openTestArchive();
    await archive.write('number', text);
    await expect(readArchiveNumber(archive.root)).rejects.toThrow(
      `The archive is refused: "number" holds ${JSON.stringify(text)}, expected the number of a pull request.`,
    );
  });

  test('is not read through a link, from a folder, or out of a big file', async () => {
    await using archive = await openTestArchive();
    const path = join(archive.root, 'number');
    await archive.write('number', '1'.repeat(17));
    await expect(readArchiveNumber(archive.root)).rejects.toThrow('"number" has 17 bytes, more than the 16');
    await rm(path);
    await expect(readArchiveNumber(archive.root)).rejects.toThrow('"number" is not there');
    await symlink('/etc/hostname', path);
    await expect(readArchiveNumber(archive.root)).rejects.toThrow('"number" is no regular file');
    await rm(path);
    await mkdir(path);
    await expect(readArchiveNumber(archive.root)).rejects.toThrow('"number" is no regular file');
  });
});

describe('the images that an archive has', () => {
  test('are those of the default branch, with a digest each and nothing else', async () => {
    await using archive = await openTestArchive();
    await archive.write('shop-web/index.json', '{}');
    await archive.list({ digest: DIGEST });
    expect(await readArchiveList(archive.root, KNOWN)).toEqual([{ app: 'shop', image: 'shop-web', digest: DIGEST }]);
  });

  test.each([
    ['an image that is not known', [{ image: 'shop-miner', digest: DIGEST }], 'has the image "shop-miner" of the app'],
    ['a path', [{ image: '../shop-web', digest: DIGEST }], 'it has the image "../shop-web" of the app "shop", which'],
    ['an image of another app', [{ app: 'mailer', digest: DIGEST }], 'the image "shop-web" of the app "mailer", which'],
    ['a path as digest', [{ digest: 'sha256:../../x' }], '"images.json" at "0.digest": expected "sha256:" and 64 hex'],
    ['an image twice', [{ digest: DIGEST }, { digest: DIGEST }], 'it lists the image "shop-web" twice'],
  ])('are not %s', async (_name, images, message) => {
    await using archive = await openTestArchive();
    await archive.list(...images);
    await expect(readArchiveList(archive.root, KNOWN)).rejects.toThrow(message);
  });

  test.each([
    ['text that is no list', 'images.json', '[{', '"images.json" is not JSON'],
    ['a file beside the list', 'run.sh', 'id', 'it has "run.sh" in it, which is not listed'],
    ['an image beside the list', 'shop-api/index.json', '{}', 'it has "shop-api" in it, which is not listed'],
  ])('are refused with %s', async (_name, path, content, message) => {
    await using archive = await openTestArchive();
    await archive.list();
    await archive.write(path, content);
    await expect(readArchiveList(archive.root, KNOWN)).rejects.toThrow(`The archive is refused: ${message}.`);
  });
});
