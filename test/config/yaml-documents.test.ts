import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { readConfig } from '../../src/config/read-config.js';
import { yamlDocument, yamlDocuments } from '../../src/config/yaml-documents.js';
import { parseYaml } from '../../src/ops/yaml/parse.js';
import { readValues } from '../../src/ops/yaml/values.js';
import { sourceFiles } from '../support/sources.js';

/** Levels that fill the memory of the parser by itself. */
const DEEP = 20_000;

/** So many that a time that grows with their square is over any limit. */
const MANY = 30_000;

const messages = (text: string) => yamlDocuments(text).documents[0]?.errors.map(({ message }) => message) ?? [];

describe('YAML that is nested 20,000 levels deep is refused with its place', () => {
  test.each([
    ['lists in a line', '['.repeat(DEEP) + ']'.repeat(DEEP), '1:201'],
    ['lists that never end', '['.repeat(DEEP), '1:201'],
    ['mappings in a line', '{a: '.repeat(DEEP) + '}'.repeat(DEEP), '1:801'],
    ['dashes in a line', `${'- '.repeat(DEEP)}x`, '1:401'],
    ['questions in a line', `${'? '.repeat(DEEP)}x`, '1:401'],
    ['dashes and questions', `${'- ? '.repeat(DEEP / 2)}x`, '1:401'],
    ['an end after a good document', `a: 1\n---\n${'['.repeat(DEEP)}`, '3:201'],
    ['lines', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'), '200:'],
  ])('%s', (_title, text, place) => {
    expect(() => parseYaml(text, 'apps/a.yaml')).toThrow(/nested more than 200 levels deep.*Split the file/);
    expect(() => parseYaml(text, 'apps/a.yaml')).toThrow(`apps/a.yaml:${place.split(':')[0]}:`);
    expect(() => readConfig(v.unknown(), text, 'ostack.yaml')).toThrow('nested more than 200 levels deep');
  });

  test('a hundred levels are read', () => {
    const text = Array.from({ length: 100 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(messages(text)).toEqual([]);
    expect(messages('['.repeat(100) + ']'.repeat(100))).toEqual([]);
  });
});

describe('YAML that is too much is refused before it takes memory', () => {
  test.each([
    ['50 million characters', ' '.repeat(50_000_000), /has 50000000 characters, and at most 8000000 are read/],
    ['1,800,001 signs', '\n'.repeat(1_800_001), /more than 1800000 keys, values and signs/],
    ['20,001 documents', '--- a\n'.repeat(20_001), /more than 20000 documents/],
    ['20,001 empty documents', '---\n'.repeat(20_001), /more than 20000 documents/],
    ['two million mistakes in a text', `"${'\\q'.repeat(2_000_000)}"`, /more than 1000 mistakes/],
    ['a mistake in each item', '- "\\q"\n'.repeat(2000), /more than 1000 mistakes/],
  ])('%s', (_title, text, message) => {
    expect(messages(text)).toEqual([expect.stringMatching(message)]);
  });
});

describe('The time to read YAML grows with its length and no faster', () => {
  test.each([
    ['keys', Array.from({ length: MANY }, (_, index) => `k${index}: 1`).join('\n')],
    ['aliases of one anchor', `- &a x\n${'- *a\n'.repeat(MANY)}`],
    ['aliases of as many anchors', Array.from({ length: MANY / 2 }, (_, i) => `- &a${i} x\n- *a${i}`).join('\n')],
  ])('%s', (_title, text) => {
    expect(readValues(text, 'a.yaml')).toHaveLength(1);
  });
});

describe('Keys of a mapping are unique', () => {
  test.each([
    ['a: 1\na: 2\n', [5]],
    ['{a: 1, "a": 2}', [7]],
    ['a: 1\nb: {c: 1, c: 2}\na: 3\n', [15, 21]],
    ['1: a\n"1": b\n', []],
    ['a: {b: 1}\nb: {b: 1}\n', []],
    ['- a: 1\n- a: 1\n', []],
    ['? {a: 1}\n: x\n? {a: 1}\n: y\n', []],
  ])('%j: repeated at %j', (text, offsets) => {
    const errors = yamlDocuments(text).documents.flatMap((document) => document.errors);
    expect(errors.map(({ code, pos }) => [code, pos[0]])).toEqual(offsets.map((at) => ['DUPLICATE_KEY', at]));
  });

  test('of many that are not, a thousand are told', () => {
    expect(messages('a: 1\n'.repeat(2000))).toHaveLength(1000);
  });

  test('mistakes are told in the order of the text', () => {
    const codes = yamlDocument('a: 1\na: 2\nb: "\\q"\n').document.errors.map(({ code }) => code);
    expect(codes).toEqual(['DUPLICATE_KEY', 'BAD_DQ_ESCAPE']);
  });
});

describe('A text with one document', () => {
  test.each([
    ['', null, []],
    ['a: 1\n', { a: 1 }, []],
    ['a: 1\n---\nb: 2\n', { a: 1 }, ['MULTIPLE_DOCS']],
  ])('%j', (text, value, codes) => {
    const { document } = yamlDocument(text);
    expect([document.toJS(), document.errors.map(({ code }) => code)]).toEqual([value, codes]);
  });
});

test('no source reads YAML in another way', async () => {
  const files = await sourceFiles(/^(?:local\/|config\/yaml-documents\.ts$)/);
  const others = files.filter(({ text }) =>
    /import (?!type)[^;]*\b(parse\w*|Parser|Composer|Lexer)\b[^;]*from 'yaml'/.test(text),
  );
  expect(others.map(({ file }) => file)).toEqual([]);
});
