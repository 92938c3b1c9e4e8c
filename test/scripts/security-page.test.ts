import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const page = await readFile(join(ROOT, 'SECURITY.md'), 'utf8');

/** The rows of its tables: what holds, and the last cell, which says what shows it. */
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!---|who \||what holds \|)/.test(line))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => [cells.at(-2)?.trim() ?? '', cells.at(-1)?.trim() ?? ''] as const);

/** The tests of a cell: each file with the titles that follow it. */
const shown = (cell: string) =>
  [...cell.matchAll(/\]\((?<file>test\/[^)]+\.test\.ts)\): (?<titles>`[^`]+`(?:, `[^`]+`)*)/g)].map(({ groups }) => ({
    file: groups?.file ?? '',
    titles: [...(groups?.titles ?? '').matchAll(/`([^`]+)`/g)].map(([, title]) => title ?? ''),
  }));

describe('The page on security', () => {
  test('has rows', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  test.each(rows)('says that %s', async (_what, cell) => {
    const tests = shown(cell);
    expect(tests).not.toEqual([]);
    // Nothing else stands there: what looks like a test and is none would be taken for one.
    expect(cell.match(/\]\(test\//g)).toHaveLength(tests.length);
    for (const { file, titles } of tests) {
      const text = await readFile(join(ROOT, file), 'utf8');
      expect(titles.filter((title) => !text.includes(`'${title}'`) && !text.includes(`"${title}"`))).toEqual([]);
    }
  });

  test('fits on a page', () => {
    expect(page.split(/\s+/).length).toBeLessThan(1_200);
  });
});

test('actions of others are pinned to a full commit id', async () => {
  const folders = ['.github/workflows', 'workflows', 'actions'];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true }))
        .filter((path) => path.endsWith('.yml'))
        .map((path) => join(ROOT, folder, path)),
    ),
  );
  const texts = await Promise.all(files.flat().map((path) => readFile(path, 'utf8')));
  const used = texts.flatMap((text) => [...text.matchAll(/^\s*(?:- )?uses: (\S+)/gm)].map(([, name]) => name ?? ''));
  const others = used.filter((name) => !/^(?:\$\/|\.\/|ostack\/actions\/)/.test(name));
  expect(others.length).toBeGreaterThan(10);
  expect(others.filter((name) => !/@[0-9a-f]{40}$/.test(name))).toEqual([]);
});
