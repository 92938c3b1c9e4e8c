import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatCommit } from '../../../src/local/github/git/commit.js';
import { History } from '../../../src/local/github/git/history.js';
import { ObjectStore } from '../../../src/local/github/git/objects.js';
import { git } from '../../../src/local/github/git/run.js';
import { editTree } from '../../../src/local/github/git/tree.js';
import { type Stage, startStage } from '../../../src/local/stage.js';

/** A commit of a made-up history: which commits before it are its parents, and the file it writes (or takes away). */
interface Step {
  parents: number[];
  path: string;
  text: string | null;
}

const PATHS = ['a', 'b', 'c', 'd/e', 'd/f', 'g/h/i'];

const steps = fc.array(
  fc.record({
    parents: fc.array(fc.nat(8), { minLength: 1, maxLength: 2 }),
    path: fc.constantFrom(...PATHS),
    text: fc.oneof(
      { arbitrary: fc.constantFrom('1\n', '2\n', '3\n'), weight: 5 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
  }),
  { minLength: 3, maxLength: 7 },
);

describe('what is found without starting git is what git says', () => {
  let stage: Stage;
  let gitDir: string;
  beforeAll(async () => {
    stage = await startStage({ repositories: { 'acme/app': { files: { 'README.md': 'hello\n' } } } });
    gitDir = stage.github.repository('acme/app').gitDir;
  });
  afterAll(() => stage.close());

  async function write(objects: ObjectStore, history: readonly Step[]): Promise<string[]> {
    const person = { name: 'Ada', email: 'ada@acme.dev', date: new Date(1_700_000_000_000), offset: 0 };
    const first = await Promise.all(
      PATHS.map(async (path) => [path, { oid: await objects.write('blob', '0\n') }] as const),
    );
    const root = (await editTree(objects, undefined, new Map(first))) ?? '';
    const made = [{ oid: await objects.write('commit', commitOf(root, [], 'root')), tree: root }];
    for (const [index, { parents, path, text }] of history.entries()) {
      const chosen = [...new Set(parents.map((parent) => made[parent % made.length]))];
      const edit = text === null ? null : { oid: await objects.write('blob', text) };
      const tree = (await editTree(objects, chosen[0]?.tree, new Map([[path, edit]]))) ?? root;
      const above = chosen.flatMap((parent) => parent?.oid ?? []);
      made.push({ oid: await objects.write('commit', commitOf(tree, above, `step ${index}`)), tree });
    }
    return made.map(({ oid }) => oid);

    function commitOf(tree: string, above: string[], message: string) {
      return formatCommit({ tree, parents: above, author: person, committer: person, message });
    }
  }

  test('of the distance between two commits, of lines of commits, and of merges', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const objects = new ObjectStore(gitDir);
        try {
          const commits = await write(objects, history);
          const [ours = '', theirs = ''] = commits.slice(-2);
          const ask = new History(objects);
          const said = async (args: string[], accept = [0]) => {
            const { code, stdout } = await git(gitDir, args, { accept });
            return code === 0 ? stdout.toString().trim() : null;
          };
          const { ahead, behind } = await ask.divergence(ours, theirs);
          expect(`${behind}\t${ahead}`).toBe(
            await said(['rev-list', '--left-right', '--count', `${ours}...${theirs}`]),
          );
          const range = ['--topo-order', '--reverse', theirs, `^${ours}`];
          expect((await ask.list(range)).join('\n')).toBe(await said(['rev-list', ...range]));
          expect((await ask.list(['--first-parent', theirs])).join('\n')).toBe(
            await said(['rev-list', '--first-parent', theirs]),
          );
          for (const path of ['a', 'd']) {
            expect((await ask.list([theirs], [path])).join('\n')).toBe(await said(['rev-list', theirs, '--', path]));
          }
          const bases = (await said(['merge-base', '--all', ours, theirs]))?.split('\n');
          expect(bases).toContain(await ask.mergeBase(ours, theirs));
          const merge = ['merge-tree', '--write-tree', '--no-messages', ours, theirs];
          expect(await ask.mergeTree(ours, theirs)).toBe(await said(merge, [0, 1]));
        } finally {
          await objects.close();
        }
      }),
      { numRuns: 20 },
    );
  });
});
