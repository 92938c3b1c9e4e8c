import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CachedTree } from '../../../src/ops/tree/cached-tree.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../src/ops/tree/tree-reader.js';
import { workTree } from '../../../src/ops/tree/work-tree.js';

const FILES = { 'README.md': 'hello\n', 'overlays/staging/my-app/kustomization.yaml': 'images: []\n' };

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ostack-tree-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, '.git'));
  await symlink('/etc', join(root, 'outside'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** A reader that must not be asked. */
const silent: TreeReader = {
  read: (path) => Promise.reject(new Error(`asked for ${path}`)),
  list: (path) => Promise.reject(new Error(`asked for ${path}`)),
};

const cached = () => {
  const tree = new CachedTree(silent);
  tree.add({
    path: '',
    entries: [
      { name: 'README.md', type: 'file', text: 'hello\n' },
      {
        name: 'overlays',
        type: 'folder',
        entries: [
          {
            name: 'staging',
            type: 'folder',
            entries: [
              {
                name: 'my-app',
                type: 'folder',
                entries: [{ name: 'kustomization.yaml', type: 'file', text: 'images: []\n' }],
              },
            ],
          },
        ],
      },
    ],
  });
  return tree;
};

describe.each([
  ['an object', () => objectTree(FILES)],
  ['a work tree', () => workTree(root)],
  ['what came along', cached],
])('a tree from %s', (_name, open) => {
  test('reads files', async () => {
    expect(await open().read('overlays/staging/my-app/kustomization.yaml')).toBe('images: []\n');
  });

  test.each(['nope', 'overlays', 'overlays/nope/x', 'README.md/x', 'constructor'])('has no file %s', async (path) => {
    expect(await open().read(path)).toBeUndefined();
  });

  test('lists folders', async () => {
    const names = (await open().list(''))?.map(({ name, type }) => `${name} ${type}`) ?? [];
    expect(names).toEqual(expect.arrayContaining(['README.md file', 'overlays folder']));
    expect(await open().list('overlays/staging')).toEqual([{ name: 'my-app', type: 'folder' }]);
  });

  test.each(['nope', 'README.md', 'overlays/nope'])('has no folder %s', async (path) => {
    expect(await open().list(path)).toBeUndefined();
  });
});

describe('a work tree', () => {
  test('does not show .git', async () => {
    expect((await workTree(root).list(''))?.map(({ name }) => name)).not.toContain('.git');
  });

  test.each(['../x', 'outside/passwd', 'overlays/../../etc', '/etc/passwd'])('refuses to leave by %s', async (path) => {
    await expect(workTree(root).read(path)).rejects.toThrow('leads out of the repository');
  });
});

describe('what came along', () => {
  test('asks for what it does not know', async () => {
    const tree = new CachedTree(objectTree(FILES));
    tree.add({ path: 'bases', entries: undefined });
    expect(await tree.read('README.md')).toBe('hello\n');
    expect(await tree.read('bases/my-app/kustomization.yaml')).toBeUndefined();
  });

  test('knows that nothing is below what is absent', async () => {
    const tree = new CachedTree(silent);
    tree.addAbsent('overlays/production/my-app');
    expect(await tree.read('overlays/production/my-app/kustomization.yaml')).toBeUndefined();
    expect(await tree.list('overlays/production/my-app')).toBeUndefined();
  });
});
