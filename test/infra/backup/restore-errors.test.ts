import { describe, expect, test } from '@jest/globals';
import { differences } from '../../../src/infra/backup/counts.js';
import { restoreErrors } from '../../../src/infra/backup/restore-errors.js';

describe('What is said of a restore that failed', () => {
  test('names objects, and no value of a row', () => {
    const server = [
      '42704 ERROR:  type "geometry" does not exist',
      '42704 ERROR:  type "geometry" does not exist',
      '22P02 ERROR:  invalid input syntax for type integer: "jane@acme.dev"',
      '23505 ERROR:  duplicate key value violates unique constraint "x"',
      '00000 LOG:  hello',
    ].join('\n');
    expect(restoreErrors('pg_restore: error: COPY failed: ERROR:  … "jane@acme.dev"', server)).toEqual([
      '42704: type "geometry" does not exist',
      '22P02: an error in the data (its text is left out)',
      '23505: an error in the data (its text is left out)',
    ]);
  });

  test('is what pg_restore says of the file where the server had no error', () => {
    const said = 'pg_restore: error: could not read from input file: end of file\nCONTEXT: jane@acme.dev';
    expect(restoreErrors(said, '')).toEqual(['pg_restore: error: could not read from input file: end of file']);
  });

  test('is short', () => {
    const server = Array.from({ length: 30 }, (_, index) => `42704 ERROR:  type "t${index}" does not exist`).join('\n');
    expect(restoreErrors('', server)).toHaveLength(11);
  });
});

describe('A restored database', () => {
  const dumped = {
    tables: [
      ['public', 'a', 3],
      ['public', 'b', 0],
    ] satisfies [string, string, number][],
    roles: [],
  };
  test.each<[string, [string, string, number][], string[]]>([
    [
      'is the same with the same rows',
      [
        ['public', 'a', 3],
        ['public', 'b', 0],
      ],
      [],
    ],
    [
      'is another with fewer rows',
      [
        ['public', 'a', 2],
        ['public', 'b', 0],
      ],
      ['public.a: 2, expected 3 rows'],
    ],
    ['is another without a table', [['public', 'a', 3]], ['public.b: no table, expected 0 rows']],
    ['is another with one more', [...dumped.tables, ['x', 'a', 3]], ['x.a: expected no table']],
  ])('%s', (_name, tables, expected) => {
    expect(differences(dumped, { tables, roles: [] })).toEqual(expected);
  });
});
