import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../../src/github/client.js';
import { GraphqlErrors } from '../../../src/github/graphql-error.js';
import type { RepositoryReader } from '../../../src/github/repository-reader.js';
import { type Policy, readPolicy } from '../../../src/ops/policy/policy.js';
import { sourcesOf } from '../../../src/ops/repository/source-places.js';

const nowhere = 'http://127.0.0.1:1';
const OPS = {
  github: connect({ token: 'x', apiUrl: nowhere, graphqlUrl: nowhere }),
  repository: { owner: 'acme', name: 'ops' },
};

/**
 * Repositories in which these paths of branches are files: `<branch>:<path>` of the policy's own, `<owner>/<name>@<branch>:<path>` of
 * others. The default branch of each is main.
 *
 * @param asked takes the repository of each question
 */
function sources(policy: Policy, files: readonly string[], asked: string[] = [], unreadable: readonly string[] = []) {
  const readerOf = (repository: string | undefined): RepositoryReader => ({
    async load(field) {
      asked.push(repository ?? 'own');
      if (unreadable.includes(repository ?? 'own')) {
        throw new GraphqlErrors([{ type: 'NOT_FOUND', message: 'Could not resolve', path: ['repository'] }]);
      }
      const bound: string[] = [];
      const text = field.text((_type, value) => {
        bound.push(String(value));
        return '';
      });
      const branch = text.startsWith('defaultBranchRef') ? 'main' : (bound[0] ?? '').replace('refs/heads/', '');
      const place = `${repository === undefined ? '' : `${repository}@`}${branch}:`;
      const file = `${place}${bound.at(-1)}`;
      const isBranch = files.some((each) => each.startsWith(place));
      return v.parse(
        field.schema,
        isBranch ? { target: { own: files.includes(file) ? { type: 'blob' } : null } } : null,
      );
    },
  });
  return sourcesOf(OPS, policy, readerOf);
}

const LIST = '.ostack-materialized';
const HERE = 'here';

test.each<[string, string, string[], Record<string, string>]>([
  ['one of its own', 'prod: { branch: env/prod }', [`env/prod:${LIST}`], { prod: HERE }],
  ['one with people’s files', 'prod: { branch: prod }', ['prod:README.md'], { prod: '#prod' }],
  ['one that is not there', 'prod: { branch: prod }', [], { prod: '#prod' }],
  [
    'one that several share, by their folders',
    'a: { branch: env }, b: { branch: env }, c: { branch: env }',
    [`env:a/${LIST}`, `env:b/${LIST}`],
    { a: HERE, b: HERE, c: '#env' },
  ],
  [
    'one that promotions merge',
    'a: { branch: env/a }, b: { branch: env/b, after: a, promotion: merge }',
    [`env/a:${LIST}`, `env/b:${LIST}`],
    { a: '#env/a', b: '#env/b' },
  ],
  ['one of another repository', 'prod: { branch: x, repository: acme/x }', [`acme/x@x:${LIST}`], { prod: HERE }],
  [
    'one of another repository with people’s files',
    'prod: { branch: x, repository: acme/x }',
    ['acme/x@x:README.md', `x:${LIST}`],
    { prod: 'acme/x#x' },
  ],
  [
    'one of another repository that is not there',
    'prod: { branch: x, repository: acme/x }',
    [`acme/x@main:${LIST}`],
    { prod: 'acme/x#x' },
  ],
  ['the default branch of another repository', 'prod: { repository: acme/x }', [`acme/x@main:${LIST}`], { prod: HERE }],
  [
    'the default branch of another repository that several share',
    'a: { repository: acme/x }, b: { repository: acme/x }',
    [`acme/x@main:a/${LIST}`],
    { a: HERE, b: 'acme/x#' },
  ],
  [
    'one of the repository of each app, into which nothing is rendered',
    'prod: { branch: prod, repository: "acme/{app}" }',
    [`acme/{app}@prod:${LIST}`],
    { prod: 'acme/{app}#prod' },
  ],
])('The source of an environment whose branch is %s', async (_name, environments, files, expected) => {
  const { policy, untold } = await sources(readPolicy(`environments: { ${environments} }\n`), files);
  const places = policy.environments.map(({ name, branch = '', repository = '' }) => [
    name,
    `${repository}#${branch}` === '#' ? HERE : `${repository}#${branch}`,
  ]);
  expect(Object.fromEntries(places)).toEqual(expected);
  expect(untold.size).toBe(0);
});

test('nothing is asked where no environment lives on a branch', async () => {
  const asked: string[] = [];
  const policy = readPolicy('environments: { staging: {}, production: { after: staging } }\n');
  expect((await sources(policy, [], asked)).policy).toBe(policy);
  expect(asked).toEqual([]);
});

const MIXED = readPolicy(
  'environments: { dev: { branch: env/dev }, stage: { branch: s, repository: acme/x }, prod: { branch: p, repository: acme/y } }\n',
);

test('of a repository that cannot be read nobody says that it is not rendered, and the others are told', async () => {
  const { policy, untold } = await sources(MIXED, [`env/dev:${LIST}`, `acme/x@s:${LIST}`], [], ['acme/y']);
  expect(policy.environments.map(({ name, repository }) => [name, repository])).toEqual([
    ['dev', undefined],
    ['stage', undefined],
    ['prod', 'acme/y'],
  ]);
  expect([...untold.keys()]).toEqual(['prod']);
  expect(untold.get('prod')?.message).toMatch(
    /^Could not see whether materialize renders prod in acme\/y: .*prod lives on the branch p of acme\/y by ostack\.yaml.*Give the GitHub App access to that repository and name it with "repositories"/,
  );
});

test('the policy’s own repository has to be read', async () => {
  await expect(sources(MIXED, [], [], ['own'])).rejects.toThrow(GraphqlErrors);
});
