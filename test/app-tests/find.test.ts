import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findReports, writtenSince } from '../../src/app-tests/junit/find.js';
import { readReports } from '../../src/app-tests/junit/read.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-reports-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text = '<testsuite/>') {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const names = (paths: Iterable<string>) => [...paths].map((path) => path.slice(folder.length + 1)).sort();

describe('the reports in a folder', () => {
  test('are found by globs, wherever they are', async () => {
    await write('junit.xml');
    await write('.cache/junit-2.xml');
    await write('out/deep/TEST-a.xml');
    await write('junit.txt');
    await write('node_modules/x/junit.xml');
    await write('inner/junit.xml');
    await symlink(join(folder, 'junit.xml'), join(folder, 'junit-link.xml'));
    await symlink(folder, join(folder, 'loop'));
    const found = await findReports(folder, ['**/junit*.xml', 'out/**/TEST-*.xml'], new Set([join(folder, 'inner')]));
    expect(names(found.keys())).toEqual(['.cache/junit-2.xml', 'junit.xml', 'out/deep/TEST-a.xml']);
  });

  test('count only where they are new or written again', async () => {
    await write('junit-old.xml');
    await write('junit-same.xml');
    const before = await findReports(folder, ['**/junit*.xml']);
    await write('junit-new.xml');
    await write('junit-same.xml');
    await utimes(join(folder, 'junit-same.xml'), 1, 1);
    const after = await findReports(folder, ['**/junit*.xml']);
    expect(names(writtenSince(before, after))).toEqual(['junit-new.xml', 'junit-same.xml']);
  });

  test('are read one by one, and a broken one is reported', async () => {
    await write('a.xml', '<testsuite><testcase name="a"/></testsuite>');
    await write('b.xml', '<testsuite>');
    await write('c.xml', `<testsuite>${' '.repeat(33 * 1024 * 1024)}</testsuite>`);
    const reports = await readReports(
      ['a.xml', 'b.xml', 'c.xml'].map((name) => join(folder, name)),
      folder,
    );
    expect(reports).toEqual({
      suites: [[expect.objectContaining({ name: 'a' })]],
      unreadable: [
        expect.stringMatching(/^b\.xml: line 1: /),
        expect.stringMatching(/^c\.xml: it has \d+ bytes, at most 33554432 are read$/),
      ],
    });
  });
});
