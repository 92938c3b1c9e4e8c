import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';

const jobsSchema = v.object({
  jobs: v.record(
    v.string(),
    v.object({
      permissions: v.optional(v.record(v.string(), v.string()), {}),
      steps: v.array(v.object({ run: v.optional(v.string()) })),
    }),
  ),
});
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
    // The names of tests are for who looks them up.
    const read = page.split('\n').map((line) => line.replace(/\| [^|]*\]\(test\/[^|]*\|$/, '|'));
    expect(read.join('\n').split(/\s+/).length).toBeLessThan(1_000);
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

const workflowsIn = async () => {
  const folder = join(ROOT, '.github/workflows');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml'));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
};

test('CI installs what lockfiles say', async () => {
  const lines = (await workflowsIn()).flatMap(({ text }) => text.split('\n'));
  const installs = lines.filter((line) =>
    /\b(?:npm (?:install|i|ci|exec)|npx|pip3? install|yarn|pnpm|go install|cargo install)\b/.test(line),
  );
  const isLocked = (line: string) =>
    /\bnpm ci\b/.test(line) || (/\bpip install\b/.test(line) && line.includes('--require-hashes --requirement .ci/'));
  expect(installs.length).toBeGreaterThan(5);
  expect(installs.filter((line) => !isLocked(line) && !line.trim().startsWith('#'))).toEqual([]);
});

test('a job that may write builds nothing', async () => {
  const [publish] = (await workflowsIn()).filter(({ name }) => name === 'publish.yml');
  const jobs = v.parse(jobsSchema, parse(publish?.text ?? '')).jobs;
  const writing = Object.entries(jobs).filter(([, { permissions }]) => Object.values(permissions).includes('write'));
  expect(writing.map(([name]) => name)).toEqual(['tag', 'attest', 'publish']);
  const runs = writing.flatMap(([, { steps }]) => steps.flatMap(({ run = '' }) => run.split('\n')));
  const programs = runs.map((line) => line.trim().split(' ')[0]).filter((word) => word !== '');
  expect(programs.filter((word) => /^(?:npm|npx|node|tsx|make|sh|bash|.*dist.*)$/.test(word ?? ''))).toEqual([]);
  const builds = Object.entries(jobs).filter(([, { steps }]) =>
    steps.some(({ run = '' }) => /npm run build/.test(run)),
  );
  expect(builds.map(([name, { permissions }]) => [name, permissions])).toEqual([['tree', { contents: 'read' }]]);
});
