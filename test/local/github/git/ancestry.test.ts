import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ancestry } from '../../../../src/local/github/git/ancestry.js';
import { formatCommit } from '../../../../src/local/github/git/commit.js';
import { git } from '../../../../src/local/github/git/run.js';
import { type Created, createBareRepository } from '../../../../src/local/github/git/seed.js';

let folder: string;
let repository: Created;
let tree: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-ancestry-'));
  const settings = { defaultBranch: 'main', hooksDir: '/hooks', now: new Date(0) };
  repository = await createBareRepository(join(folder, 'app.git'), { ...settings, seed: { files: { a: 'a\n' } } });
  tree = (await repository.objects.read('refs/heads/main^{tree}'))?.oid ?? '';
});
afterAll(async () => {
  await repository.objects.close();
  await rm(folder, { recursive: true, force: true });
});

/** Commits by the places of their parents among those before them, a minute apart. @returns their ids */
async function commits(shape: readonly (readonly number[])[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, places] of shape.entries()) {
    const parents = [...new Set(index === 0 ? [] : places.map((place) => ids[place % index] ?? ''))];
    const person = { name: 'Ada', email: 'ada@example.com', date: new Date(index * 60_000), offset: 0 };
    const commit = { tree, parents, author: person, committer: person, message: `${index}\n` };
    ids.push(await repository.objects.write('commit', formatCommit(commit)));
  }
  return ids;
}

async function asked(...args: string[]): Promise<string> {
  return (await git(repository.objects.gitDir, args, { accept: [0, 1] })).stdout.toString().trim();
}

const shapes = fc.array(fc.array(fc.nat(20), { maxLength: 2 }), { minLength: 2, maxLength: 9 });
const ranges = [
  [],
  ['--topo-order'],
  ['--topo-order', '--reverse'],
  ['--first-parent'],
  ['--no-merges', '--topo-order'],
];

test('what is answered of a history is what git says', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.nat(20),
      fc.nat(20),
      fc.constantFrom(...ranges),
      async (shape, first, second, options) => {
        const ids = await commits(shape);
        const [one = '', two = ''] = [ids[first % ids.length], ids[second % ids.length]];
        const ancestry = new Ancestry(repository.objects);
        const { ahead, behind } = (await ancestry.divergence(one, two)) ?? {};
        expect(`${behind}\t${ahead}`).toBe(await asked('rev-list', '--left-right', '--count', `${one}...${two}`));
        const base = await ancestry.mergeBase(one, two);
        if (base !== undefined) {
          expect(base ?? '').toBe(await asked('merge-base', one, two));
        }
        for (const range of [[one], [one, `^${two}`]]) {
          const listed = await ancestry.list([...options, ...range]);
          if (listed !== undefined) {
            expect(listed.join('\n')).toBe(await asked('rev-list', ...options, ...range));
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});

test.each<[string, string[]]>([
  ['names and no ids', ['refs/heads/main']],
  ['two heads', ['a'.repeat(40), 'b'.repeat(40)]],
  ['a bound', ['--max-count=2', 'a'.repeat(40)]],
  ['what is no commit', ['a'.repeat(40)]],
])('git is asked for %s', async (_name, range) => {
  expect(await new Ancestry(repository.objects).list(range)).toBeUndefined();
});

test('git is asked for a long history', async () => {
  const ids = await commits(Array.from({ length: 510 }, (_, index) => [index - 1]));
  const ancestry = new Ancestry(repository.objects);
  expect(await ancestry.list([ids.at(-1) ?? ''])).toBeUndefined();
  expect(await ancestry.list([ids.at(400) ?? ''])).toHaveLength(401);
});
