import { readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RECORD } from '../../src/materialize/manifests/record.js';
import { writeFolder } from '../../src/materialize/write-folder.js';
import { Folder } from './support.js';

const files = (texts: Record<string, string>) => new Map(Object.entries(texts));
const NOTHING = { added: [], changed: [], removed: [], edited: [] };

async function content(folder: Folder, path: string): Promise<string[]> {
  const entries = await readdir(join(folder.checkout.root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

describe('writing the folder of an environment', () => {
  test('adds, changes and takes away what it wrote, and keeps the rest', async () => {
    await using folder = await Folder.of({ 'out/README.md': 'mine' });
    const first = await writeFolder(folder.checkout, 'out', files({ 'a/b.yaml': 'b', 'c.yaml': 'c' }), false);
    const second = await writeFolder(folder.checkout, 'out', files({ 'c.yaml': 'C', 'd.yaml': 'd' }), false);
    expect([first, second]).toEqual([
      { ...NOTHING, added: ['a/b.yaml', 'c.yaml'] },
      { ...NOTHING, added: ['d.yaml'], changed: ['c.yaml'], removed: ['a/b.yaml'] },
    ]);
    expect(await content(folder, 'out')).toEqual([RECORD, 'README.md', 'c.yaml', 'd.yaml']);
  });

  test('a second run changes nothing', async () => {
    await using folder = await Folder.of({});
    const texts = files({ 'a.yaml': 'a' });
    await writeFolder(folder.checkout, 'out', texts, false);
    expect(await writeFolder(folder.checkout, 'out', texts, false)).toEqual(NOTHING);
  });

  test('a dry run says what it would do', async () => {
    await using folder = await Folder.of({ x: '' });
    expect(await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), true)).toEqual({
      ...NOTHING,
      added: ['a.yaml'],
    });
    expect(await content(folder, '.')).toEqual(['x']);
  });

  test('an edit of a person is put right, and said', async () => {
    await using folder = await Folder.of({});
    await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), false);
    await folder.write({ 'out/a.yaml': 'edited' });
    const change = await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), false);
    expect(change).toEqual({ ...NOTHING, changed: ['a.yaml'], edited: ['a.yaml'] });
    expect(await readFile(join(folder.checkout.root, 'out/a.yaml'), 'utf8')).toBe('a');
  });

  test('a file that it did not write is never overwritten, and then nothing is written', async () => {
    await using folder = await Folder.of({ 'out/b.yaml': 'mine' });
    await expect(writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a', 'b.yaml': 'b' }), false)).rejects.toThrow(
      'out/b.yaml is there already and was not materialized.',
    );
    expect(await content(folder, 'out')).toEqual(['b.yaml']);
  });

  test.each([
    ['no JSON', 'hello'],
    ['a path out of the folder', '{ "files": { "../x": "" } }'],
    ['an absolute path', '{ "files": { "/etc/passwd": "" } }'],
    ['a way out further down', '{ "files": { "a/../../x": "" } }'],
  ])('a list of files that is not ours is refused: %s', async (_what, text) => {
    await using folder = await Folder.of({ [`out/${RECORD}`]: text, x: 'mine' });
    await expect(writeFolder(folder.checkout, 'out', files({}), false)).rejects.toThrow('is not the list of files');
    expect(await content(folder, '.')).toContain('x');
  });

  test('a link in the way is refused', async () => {
    await using folder = await Folder.of({ 'real/a.yaml': '' });
    await symlink('real', join(folder.checkout.root, 'out'));
    await expect(writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), false)).rejects.toThrow('symbolic link');
  });

  test.each([
    ['out', 'out'],
    ['in/out', 'in'],
    ['out', 'out/n'],
  ])('a file where a folder has to be is refused by a dry run, too: into %s with a file %s', async (output, file) => {
    await using folder = await Folder.of({ [file]: 'mine' });
    const wanted = files({ 'a.yaml': 'a', 'n/b.yaml': 'b' });
    for (const dryRun of [true, false]) {
      await expect(writeFolder(folder.checkout, output, wanted, dryRun)).rejects.toThrow(
        `${file} is a file, and has to be a folder.`,
      );
    }
    expect(await readFile(join(folder.checkout.root, file), 'utf8')).toBe('mine');
  });

  test('what a stopped run left is made whole, and taken for no edit', async () => {
    await using folder = await Folder.of({});
    await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' }), false);
    const record = await readFile(join(folder.checkout.root, 'out', RECORD), 'utf8');
    const next = files({ 'a.yaml': 'A', 'b.yaml': 'B' });
    await writeFolder(folder.checkout, 'out', next, false);
    // Stopped after the first file: the list has both states, the second file and the third are as they were.
    await folder.write({ [`out/${RECORD}`]: record, 'out/b.yaml': 'b', 'out/c.yaml': 'c' });
    expect(await writeFolder(folder.checkout, 'out', next, false)).toEqual({
      ...NOTHING,
      changed: ['b.yaml'],
      removed: ['c.yaml'],
    });
  });

  test('a file that somebody took away is written again', async () => {
    await using folder = await Folder.of({});
    await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), false);
    await rm(join(folder.checkout.root, 'out/a.yaml'));
    expect(await writeFolder(folder.checkout, 'out', files({ 'a.yaml': 'a' }), false)).toEqual({
      ...NOTHING,
      added: ['a.yaml'],
    });
  });
});
