import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CatFile } from '../../../../src/local/github/git/cat-file.js';
import { formatCommit, formatTag } from '../../../../src/local/github/git/commit.js';
import { ObjectStore } from '../../../../src/local/github/git/objects.js';
import { RefStore } from '../../../../src/local/github/git/refs.js';
import { git } from '../../../../src/local/github/git/run.js';
import { editTree } from '../../../../src/local/github/git/tree.js';

let gitDir: string;
let asked: CatFile;
let first: string;
let tree: string;

/** Two commits on `main`, a tag `v1` of a tag of the first, a lightweight tag `main` of the second, a tag of a file. */
beforeAll(async () => {
  gitDir = await mkdtemp(join(tmpdir(), 'ostack-objects-'));
  await git(gitDir, ['init', '--quiet', '--bare', '--initial-branch=main']);
  const objects = new ObjectStore(gitDir);
  const person = { name: 'Ada', email: 'ada@acme.dev', date: new Date(1_700_000_000_000), offset: 60 };
  const blob = await objects.write('blob', 'hello\n');
  const large = await objects.write('blob', Buffer.alloc(300_000, 'large '));
  const edits = new Map([
    ['a/b/c.txt', { oid: blob }],
    ['large', { oid: large }],
    ['module', { oid: '1'.repeat(40), mode: '160000' }],
  ]);
  tree = (await editTree(objects, undefined, edits)) ?? '';
  const base = { tree, author: person, committer: person };
  first = await objects.write('commit', formatCommit({ ...base, parents: [], message: 'one\n' }));
  const second = await objects.write('commit', formatCommit({ ...base, parents: [first], message: 'two\n' }));
  const tag = (object: string, type: string) =>
    objects.write('tag', formatTag({ object, type, tag: 'v1', tagger: person, message: 'v1\n' }));
  await new RefStore(objects).update([
    { name: 'refs/heads/main', to: second },
    { name: 'refs/heads/work/one', to: first },
    { name: 'refs/tags/v1', to: await tag(await tag(first, 'commit'), 'tag') },
    { name: 'refs/tags/file', to: await tag(blob, 'blob') },
    { name: 'refs/tags/main', to: first },
  ]);
  asked = new CatFile(gitDir);
});
afterAll(async () => {
  await asked.close();
  await rm(gitDir, { recursive: true, force: true });
});

const NAMES = [
  ...['HEAD', 'main', 'heads/main', 'refs/heads/main', 'work/one', 'v1', 'file', 'tags/v1', 'FIRST', 'TREE'],
  ...['work', 'nothing', 'refs/heads/nothing', 'abcdef', 'SHORT', 'main~1', 'HEAD^', '@', 'f'.repeat(40)],
  ...['v1-0-gSHORT', '4b825dc642cb6eb9a060e54bf8d69288fbee4904', '-x', 'a b', '..'],
];
const REST = [
  ...['', '^{commit}', '^{tree}', '^{}', ':', ':a', ':a/b/c.txt', ':a/b/c.txt/d', ':nothing', ':large', ':module'],
  ...[':a/', ':a//b', ':a/./b', '^{tree}:a'],
];

test.each(['loose', 'packed'])(
  'an expression is read as by git, also from the cache, where objects are %s',
  async (kind) => {
    if (kind === 'packed') {
      await git(gitDir, ['repack', '-a', '-d', '--quiet', '--unpack-unreachable=now']);
      await git(gitDir, ['pack-refs', '--all']);
    }
    const objects = new ObjectStore(gitDir);
    try {
      for (const name of [...NAMES, ...NAMES]) {
        for (const rest of REST) {
          const full = name.replace('FIRST', first).replace('TREE', tree).replace('SHORT', first.slice(0, 9));
          const [mine, its] = [await objects.read(full + rest), await asked.ask(full + rest)];
          expect([full + rest, mine?.oid, mine?.type]).toEqual([full + rest, its?.oid, its?.type]);
          expect(mine?.content.equals(its?.content ?? Buffer.alloc(0)) ?? true).toBe(true);
        }
      }
    } finally {
      await objects.close();
    }
  },
);

test('a path begins at the root of a tree', async () => {
  const objects = new ObjectStore(gitDir);
  for (const path of ['./a', '../a', '.', '..']) {
    expect(await objects.read(`main:${path}`)).toBeUndefined();
  }
  await objects.close();
});

test('an object that a push brought later is found, packed or not', async () => {
  const objects = new ObjectStore(gitDir);
  try {
    const { stdout } = await git(gitDir, ['hash-object', '--stdin', '-t', 'blob'], { input: 'later\n' });
    const oid = stdout.toString().trim();
    expect(await objects.read(oid)).toBeUndefined();
    await git(gitDir, ['hash-object', '--stdin', '-w', '-t', 'blob'], { input: 'later\n' });
    expect((await objects.read(oid))?.content.toString()).toBe('later\n');
  } finally {
    await objects.close();
  }
});
