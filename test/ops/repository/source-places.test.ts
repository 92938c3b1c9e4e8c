import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { RepositoryReader } from '../../../src/github/repository-reader.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { sourcesPolicy } from '../../../src/ops/repository/source-places.js';

/** A reader of a repository in which these paths of branches, `<branch>:<path>`, are files. */
function readerOf(files: readonly string[], asked: string[]): RepositoryReader {
  return {
    async load(field) {
      const bound: string[] = [];
      field.text((_type, value) => {
        bound.push(String(value));
        return '';
      });
      const [ref = '', path = ''] = bound;
      const place = `${ref.replace('refs/heads/', '')}:${path}`;
      asked.push(place);
      const isBranch = files.some((file) => file.startsWith(place.slice(0, place.indexOf(':') + 1)));
      return v.parse(
        field.schema,
        isBranch ? { target: { own: files.includes(place) ? { type: 'blob' } : null } } : null,
      );
    },
  };
}

const LIST = '.ostack-materialized';

test.each<[string, string, string[], Record<string, string | undefined>]>([
  ['one of its own', 'prod: { branch: env/prod }', [`env/prod:${LIST}`], { prod: undefined }],
  ['one with people’s files', 'prod: { branch: prod }', ['prod:README.md'], { prod: 'prod' }],
  ['one that is not there', 'prod: { branch: prod }', [], { prod: 'prod' }],
  [
    'one that several share, by their folders',
    'a: { branch: env }, b: { branch: env }, c: { branch: env }',
    [`env:a/${LIST}`, `env:b/${LIST}`],
    { a: undefined, b: undefined, c: 'env' },
  ],
  [
    'one that promotions merge',
    'a: { branch: env/a }, b: { branch: env/b, after: a, promotion: merge }',
    [`env/a:${LIST}`, `env/b:${LIST}`],
    { a: 'env/a', b: 'env/b' },
  ],
  ['one of another repository', 'prod: { branch: x, repository: acme/x }', [`x:${LIST}`], { prod: 'x' }],
])('The source of an environment whose branch is %s', async (_name, environments, files, expected) => {
  const policy = readPolicy(`environments: { ${environments} }\n`);
  const settled = await sourcesPolicy({ reader: readerOf(files, []) }, policy);
  expect(Object.fromEntries(settled.environments.map(({ name, branch }) => [name, branch]))).toEqual(expected);
});

test('nothing is asked where no environment lives on a branch', async () => {
  const asked: string[] = [];
  const policy = readPolicy('environments: { staging: {}, production: { after: staging } }\n');
  expect(await sourcesPolicy({ reader: readerOf([], asked) }, policy)).toBe(policy);
  expect(asked).toEqual([]);
});
