import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../scripts/dist/reach.js';
import { eachBefore } from '../../scripts/mutants/each-before.js';
import { areaOf, type Mutation, mutated, sampleOf } from '../../scripts/mutants/mutation.js';
import { MUTATIONS } from '../../scripts/mutants/table.js';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const MUTATION: Mutation = {
  name: 'A rule',
  file: 'src/ops/policy/holds.ts',
  text: 'a < b',
  replacement: 'a $& b',
  tests: [],
};

describe('the rules that are broken on purpose', () => {
  test('are each in one place, where they are looked for', () => {
    const lost = MUTATIONS.filter(
      ({ file, text }) => !existsSync(join(ROOT, file)) || textOf(file).split(text).length !== 2,
    );
    expect(lost.map(({ name, file, text }) => `${name}: ${file}: ${text}`)).toEqual([]);
    expect(MUTATIONS.filter(({ text, replacement }) => text === replacement)).toEqual([]);
  });

  test('are tried against tests that there are, and that read the source and no bundle', async () => {
    const files = [...new Set(MUTATIONS.flatMap(({ tests }) => tests))];
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    // Who starts a bundle imports its sources, for Jest to know.
    const main = join(ROOT, 'src', 'main.ts');
    const paths = files.map((file) => join(ROOT, file));
    // All at once: to go through the imports of each takes minutes, and is for who wants to know which.
    const ofBundles = (await reaches(paths, main)) ? await Promise.all(paths.map((path) => reaches([path], main))) : [];
    expect(files.filter((_, index) => ofBundles[index])).toEqual([]);
    expect(files.filter((file) => /^test\/(actions|scenarios|torture|workflows)\//.test(file))).toEqual([]);
    expect(MUTATIONS.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });

  test('are sampled from every area', () => {
    const areas = new Set(MUTATIONS.map(areaOf));
    expect(sampleOf(MUTATIONS).map(areaOf)).toEqual([...areas]);
  });
});

test.each([
  ['src/ops/policy/rules.ts', 'ops/policy'],
  ['src/ops/judgement/judge.ts', 'ops/judgement'],
  ['src/ops/verbs/previews/wait/preview-probes.ts', 'ops/verbs/previews'],
  ['src/images/quarantine/check-image.ts', 'images'],
  ['src/main.ts', ''],
])('%s is of the area "%s"', (file, area) => {
  expect(areaOf({ file })).toBe(area);
});

describe('a text with a rule broken', () => {
  test('has the replacement as it is written', () => {
    expect(mutated('if (a < b) {', MUTATION)).toBe('if (a $& b) {');
  });

  test.each([
    ['is not there', 'a > b', 0],
    ['is there twice', 'a < b && a < b', 2],
  ])('is none where its place %s', (_what, text, times) => {
    expect(() => mutated(text, MUTATION)).toThrow(
      `src/ops/policy/holds.ts has the text of "A rule" ${times} times, expected once: a < b`,
    );
  });
});

describe('the rules that are broken in the time that there is', () => {
  test.each<[what: string, deadline: number, tried: string[], left: string[]]>([
    ['are all tried, in order', 9, ['a', 'b', 'c'], []],
    ['are left where it has come', 2, ['a', 'b'], ['c']],
    ['are none where it has come before', 0, [], ['a', 'b', 'c']],
  ])('%s', async (_what, deadline, tried, left) => {
    const seen: string[] = [];
    const rest = await eachBefore(
      () => seen.length >= deadline,
      ['one place'],
      ['a', 'b', 'c'],
      async (_place, item) => {
        seen.push(item);
      },
    );
    expect([seen, rest]).toEqual([tried, left]);
  });

  test('are tried in all places at once', async () => {
    const places: string[] = [];
    await eachBefore(
      () => false,
      ['one', 'two'],
      ['a', 'b'],
      async (place) => {
        places.push(place);
      },
    );
    expect(places).toEqual(['one', 'two']);
  });
});
