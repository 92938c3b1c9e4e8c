import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { git } from '../../../../src/local/github/git/run.js';
import { type Created, createBareRepository } from '../../../../src/local/github/git/seed.js';

let run = 0;
let folder: string;
let gitDir: string;
let repository: Created;
let one: string;
let two: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-refs-'));
  gitDir = join(folder, 'app.git');
  const settings = { defaultBranch: 'main', hooksDir: '/hooks', now: new Date(0) };
  repository = await createBareRepository(gitDir, { ...settings, seed: { files: { a: 'a\n' } } });
  const { objects, refs } = repository;
  one = (await refs.get('refs/heads/main')) ?? '';
  const commit = await objects.read(one);
  two = await objects.write('commit', (commit?.content.toString() ?? '').replace('Initial commit', 'Second commit'));
});
afterAll(async () => {
  await repository.objects.close();
  await rm(folder, { recursive: true, force: true });
});

test('refs are created, moved and deleted', async () => {
  const { refs } = repository;
  await refs.update([
    { name: 'refs/heads/a/b', from: null, to: one },
    { name: 'refs/tags/v1', to: one },
  ]);
  await refs.update([{ name: 'refs/heads/a/b', from: one, to: two }]);
  expect(await refs.get('refs/heads/a/b')).toBe(two);
  expect([...(await refs.list('refs/heads/'))]).toEqual([
    ['refs/heads/a/b', two],
    ['refs/heads/main', one],
  ]);
  await refs.update([{ name: 'refs/heads/a/b', to: null }]);
  expect(await refs.get('refs/heads/a/b')).toBeUndefined();
  expect([...(await refs.list()).keys()]).toEqual(['refs/heads/main', 'refs/tags/v1']);
});

test('a ref is found by its full name only', async () => {
  for (const name of ['main', 'heads/main', 'HEAD', 'refs/heads/main^{tree}', 'refs/heads/main:a']) {
    expect([name, await repository.refs.get(name)]).toEqual([name, undefined]);
  }
});

test.each([
  ['has moved', () => [{ name: 'refs/heads/main', from: two, to: two }], /is at [0-9a-f]{40} but expected/],
  ['exists', () => [{ name: 'refs/heads/main', from: null, to: two }], /reference already exists/],
  ['is a folder of another', () => [{ name: 'refs/heads/main/x', to: two }], /'refs\/heads\/main' exists/],
  ['would point to nothing', () => [{ name: 'refs/heads/new', to: 'e'.repeat(40) }], /nonexistent object/],
])('a transaction is refused with the message of git, whole, when a ref %s', async (_name, updates, message) => {
  const { refs } = repository;
  const before = await refs.list();
  await expect(refs.update([{ name: 'refs/heads/other', to: one }, ...updates()])).rejects.toThrow(message);
  expect(await refs.list()).toEqual(before);
});

test('a lock of another process is respected', async () => {
  await writeFile(join(gitDir, 'refs/heads/main.lock'), '');
  await expect(repository.refs.update([{ name: 'refs/heads/main', to: two }])).rejects.toThrow('main.lock');
  expect(await repository.refs.get('refs/heads/main')).toBe(one);
});

const update = fc.record(
  {
    name: fc.constantFrom('refs/heads/a', 'refs/heads/a/b', 'refs/heads/a/c', 'refs/heads/b', 'refs/tags/v'),
    from: fc.constantFrom(null, 0, 1),
    to: fc.constantFrom(null, 0, 1),
  },
  { requiredKeys: ['name', 'to'] },
);

test('transactions leave what git leaves, and refuse what git refuses', async () => {
  const settings = { defaultBranch: 'main', hooksDir: '/hooks', now: new Date(0) };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(update, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), async (all) => {
      const sides = await Promise.all(
        ['ours', 'gits'].map((name) =>
          createBareRepository(join(folder, `${name}${run}.git`), { ...settings, seed: { files: { a: 'a\n' } } }),
        ),
      );
      run += 1;
      const [ours, gits] = sides;
      const id = (of: null | 0 | 1) => (of === null ? null : of === 0 ? one : two);
      for (const { objects } of sides) {
        await objects.write('commit', (await repository.objects.read(two))?.content ?? '');
      }
      for (const updates of all) {
        const wanted = updates.map(({ name, from, to }) => ({
          ...{ name, to: id(to) },
          ...(from === undefined ? {} : { from: id(from) }),
        }));
        const done = await ours?.refs.update(wanted).then(
          () => true,
          () => false,
        );
        const lines = wanted.map(({ name, from, to }) => {
          const old = from === undefined ? '' : (from ?? '0'.repeat(40));
          return to === null ? `delete ${name}\0${old}\0` : `update ${name}\0${to}\0${old}\0`;
        });
        const theirs = await git(gits?.objects.gitDir ?? '', ['update-ref', '-z', '--stdin'], {
          ...{ input: `start\0${lines.join('')}prepare\0commit\0`, accept: [0, 1, 128] },
        });
        expect(done).toBe(theirs.code === 0);
        const [left, right] = await Promise.all(
          sides.map(({ objects }) => git(objects.gitDir, ['for-each-ref', '--format=%(objectname) %(refname)'])),
        );
        expect(left?.stdout.toString()).toBe(right?.stdout.toString());
        expect([...((await ours?.refs.list()) ?? [])].map(([name, oid]) => `${oid} ${name}\n`).join('')).toBe(
          right?.stdout.toString(),
        );
      }
      await Promise.all(sides.map(({ objects }) => objects.close()));
    }),
    { numRuns: 15 },
  );
});
