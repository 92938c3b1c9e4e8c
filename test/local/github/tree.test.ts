import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ObjectStore } from '../../../src/local/github/git/objects.js';
import { git } from '../../../src/local/github/git/run.js';
import { editTree } from '../../../src/local/github/git/tree.js';

// Names that git orders in its own way: a folder sorts as if it ended in a slash.
const name = fc.constantFrom('a', 'a.txt', 'a-b', 'a0', 'B', 'ä', 'z');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const edits = fc.dictionary(path, fc.option(fc.string(), { nil: null }), { minKeys: 1, maxKeys: 6 });

test('trees are edited as git would have them, when files are added, deleted or changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-tree-'));
  await git(folder, ['init', '--quiet', '--bare']);
  const objects = new ObjectStore(folder);
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 4 }), async (rounds) => {
        const model = new Map<string, string>();
        let root: string | undefined;
        for (const round of rounds) {
          const fitting = Object.entries(round).filter(([at]) => fits(at, Object.keys(round), model));
          const written = new Map<string, { oid: string } | null>();
          for (const [at, text] of fitting) {
            written.set(at, text === null ? null : { oid: await objects.write('blob', text) });
            text === null ? model.delete(at) : model.set(at, text);
          }
          root = await editTree(objects, root, written);
        }
        await expectTree(folder, root, model);
      }),
      { numRuns: 25 },
    );
  } finally {
    await objects.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Whether no file stands where this path needs a folder, nor the other way round. */
function fits(at: string, others: string[], model: Map<string, string>): boolean {
  return [...others, ...model.keys()].every((other) => !other.startsWith(`${at}/`) && !at.startsWith(`${other}/`));
}

async function expectTree(folder: string, root: string | undefined, model: Map<string, string>): Promise<void> {
  if (root === undefined) {
    expect(model.size).toBe(0);
    return;
  }
  const { stdout } = await git(folder, ['ls-tree', '-r', '-z', '--name-only', root]);
  expect(stdout.toString().split('\0').filter(Boolean).sort()).toEqual([...model.keys()].sort());
  await git(folder, ['fsck', '--strict', '--no-dangling', root]);
}
