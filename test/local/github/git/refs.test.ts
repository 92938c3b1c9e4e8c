import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatCommit } from '../../../../src/local/github/git/commit.js';
import { initBareRepository } from '../../../../src/local/github/git/init.js';
import { ObjectStore } from '../../../../src/local/github/git/objects.js';
import { RefStore, type RefUpdate } from '../../../../src/local/github/git/refs.js';
import { git } from '../../../../src/local/github/git/run.js';

let folder: string;
let mine: Made;
let commits: string[];
let blob: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-refs-'));
  mine = await repository('mine');
  ({ commits, blob } = mine);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Made {
  dir: string;
  refs: RefStore;
  commits: string[];
  blob: string;
}

/** A repository with three commits and a file, all of which are the same in each. */
async function repository(name: string): Promise<Made> {
  const dir = join(folder, name);
  await initBareRepository(dir, 'main', '/hooks');
  const store = new ObjectStore(dir);
  const tree = await store.write('tree', '');
  const person = { name: 'Ada', email: 'ada@acme.dev', date: new Date(0), offset: 0 };
  const commit = (message: string) =>
    store.write('commit', formatCommit({ tree, parents: [], author: person, committer: person, message }));
  const made = [await commit('1'), await commit('2'), await commit('3')];
  return { dir, refs: new RefStore(store), commits: made, blob: await store.write('blob', 'x') };
}

async function listed(dir: string): Promise<string[]> {
  const { stdout } = await git(dir, ['for-each-ref', '--format=%(refname) %(objectname)']);
  return stdout.toString().split('\n').filter(Boolean);
}

async function locks(dir: string): Promise<string[]> {
  return (await readdir(join(dir, 'refs'), { recursive: true })).filter((name) => name.endsWith('.lock'));
}

const NAMES = ['refs/heads/a', 'refs/heads/a/b', 'refs/heads/a/b/c', 'refs/heads/d', 'refs/tags/a', 'refs/pull/1/head'];
/** Which commit; 3 is the file, 4 an object that is not there. */
const target = fc.oneof({ weight: 8, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.constantFrom(3, 4) });
const step = fc.record({
  name: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom('refs/heads/x..y', 'refs/heads/', 'HEAD', 'refs/heads/z.lock') },
  ),
  from: fc.option(fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 2, arbitrary: fc.constant(null) }), {
    nil: undefined,
  }),
  to: fc.option(target, { nil: null }),
});
const round = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  pack: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
});

test('refs move, or not, as in transactions of git itself', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 5 }), async (rounds) => {
      count += 1;
      const { dir, refs } = await repository(`own-${count}`);
      const { dir: its } = await repository(`its-${count}`);
      for (const { steps, pack } of rounds) {
        const updates = steps.map(({ name, from, to }) => ({
          name,
          ...(from === undefined ? {} : { from: from === null ? null : oid(from) }),
          to: to === null ? null : oid(to),
        }));
        const moved = await refs.update(updates).then(
          () => true,
          () => false,
        );
        expect(moved).toBe(await transact(its, updates));
        expect([...(await refs.list())].map((ref) => ref.join(' '))).toEqual(await listed(its));
        if (pack) {
          await Promise.all([dir, its].map((each) => git(each, ['pack-refs', '--all'])));
        }
      }
      expect(await listed(dir)).toEqual(await listed(its));
      expect(await locks(dir)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

function oid(index: number): string {
  return [...commits, blob][index] ?? 'e'.repeat(40);
}

async function transact(dir: string, updates: readonly RefUpdate[]): Promise<boolean> {
  const lines = updates.map(({ name, from, to }) => {
    const old = from === undefined ? '' : (from ?? '0'.repeat(40));
    return to === null ? `delete ${name}\0${old}\0` : `update ${name}\0${to}\0${old}\0`;
  });
  const { code } = await git(dir, ['update-ref', '-z', '--stdin'], { input: lines.join(''), accept: [0, 1, 128] });
  return code === 0;
}

test('refs that come, move and go start no git', async () => {
  const { refs, dir } = mine;
  const [one = '', two = ''] = commits;
  const { PATH = '' } = process.env;
  try {
    process.env.PATH = '';
    await refs.update([
      { name: 'refs/heads/one/two/three', from: null, to: one },
      { name: 'refs/tags/v1', to: one },
    ]);
    await refs.update([{ name: 'refs/heads/one/two/three', from: one, to: two }]);
    expect([...(await refs.list('refs/heads/'))]).toEqual([['refs/heads/one/two/three', two]]);
    await refs.update([{ name: 'refs/heads/one/two/three', to: null }]);
  } finally {
    process.env.PATH = PATH;
  }
  expect(await readdir(join(dir, 'refs/heads'))).toEqual([]);
  expect(await refs.list()).toEqual(new Map([['refs/tags/v1', one]]));
});

test('a refusal is in the words of git, and a lock of someone else is respected', async () => {
  const { refs, dir } = await repository('refused');
  const [one = '', two = ''] = commits;
  await refs.update([{ name: 'refs/heads/main', to: one }]);
  await expect(refs.update([{ name: 'refs/heads/main', from: two, to: two }])).rejects.toThrow(
    `cannot lock ref 'refs/heads/main': is at ${one} but expected ${two}`,
  );
  await writeFile(join(dir, 'refs/heads/main.lock'), '');
  await expect(refs.update([{ name: 'refs/heads/main', to: two }])).rejects.toThrow('main.lock');
  expect(await refs.get('refs/heads/main')).toBe(one);
});
