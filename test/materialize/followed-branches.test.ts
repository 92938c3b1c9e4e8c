import { describe, expect, test } from '@jest/globals';
import { isEnvironmentBranch } from '../../src/materialize/lock/followed-branches.js';
import { type Lock, movedSources } from '../../src/materialize/lock/lock-file.js';
import type { Lodging } from '../../src/ops/policy/places.js';

const SERVER = 'https://github.com';
const CAT = `${SERVER}/acme/cat-application`;

describe('whether a source is a branch that an environment lives on', () => {
  test.each<[what: string, url: string, branch: string | undefined, lives: Omit<Lodging, 'name'>, expected: boolean]>([
    ['that of an app', CAT, 'dev', { branch: 'dev', repository: 'acme/{app}-application' }, true],
    ['the same, with git’s ending', `${CAT}.git`, 'dev', { branch: 'dev', repository: 'Acme/{app}-application' }, true],
    ['another branch', CAT, 'main', { branch: 'dev', repository: 'acme/{app}-application' }, false],
    ['the default branch', CAT, undefined, { branch: 'dev', repository: 'acme/{app}-application' }, false],
    ['the default branch of a repository', CAT, undefined, { repository: 'acme/cat-application' }, true],
    ['a branch of the policy’s own repository', `${SERVER}/acme/cluster`, 'dev', { branch: 'dev' }, true],
    ['one of the same name elsewhere', `${SERVER}/acme/shared`, 'dev', { branch: 'dev' }, false],
    [
      'another owner',
      `${SERVER}/evil/cat-application`,
      'dev',
      { branch: 'dev', repository: 'acme/{app}-application' },
      false,
    ],
    [
      'another server',
      'https://evil.dev/acme/cat-application',
      'dev',
      { branch: 'dev', repository: 'acme/{app}-application' },
      false,
    ],
    [
      'an app without a name',
      `${SERVER}/acme/-application`,
      'dev',
      { branch: 'dev', repository: 'acme/{app}-application' },
      false,
    ],
    ['an environment that lives with the policy', `${SERVER}/acme/cluster`, undefined, {}, false],
    [
      'no https',
      'git@github.com:acme/cat-application',
      'dev',
      { branch: 'dev', repository: 'acme/{app}-application' },
      false,
    ],
  ])('%s', (_what, url, branch, lives, expected) => {
    const source = { url, branch, commit: undefined };
    expect(isEnvironmentBranch(source, [{ name: 'dev', ...lives }], 'acme/cluster', SERVER)).toBe(expected);
  });

  test('a commit is no branch', () => {
    const source = { url: CAT, branch: undefined, commit: 'a'.repeat(40) };
    expect(isEnvironmentBranch(source, [{ name: 'dev', repository: 'acme/cat-application' }], 'a/b', SERVER)).toBe(
      false,
    );
  });
});

describe('what moves between two lock files', () => {
  const git = (branch: string, letter: string) => ({ source: CAT, branch, commit: letter.repeat(40) });
  const chart = { repository: 'oci://r/c', chart: 'web', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` };
  const lock = (more: Partial<Lock>): Lock => ({ git: [], charts: [], files: [], ...more });

  test.each<[what: string, before: Partial<Lock>, after: Partial<Lock>, branches: string[] | undefined]>([
    ['nothing', { git: [git('dev', 'a')] }, { git: [git('dev', 'a')] }, []],
    [
      'one of two',
      { git: [git('dev', 'a'), git('stage', 'a')] },
      { git: [git('dev', 'b'), git('stage', 'a')] },
      ['dev'],
    ],
    ['a new one', {}, { git: [git('dev', 'a')] }, ['dev']],
    ['one that goes', { git: [git('dev', 'a')], charts: [chart] }, {}, []],
    ['a chart', { charts: [chart] }, { charts: [{ ...chart, version: '1.0.1' }] }, undefined],
    ['a file', {}, { files: [{ url: 'https://x.dev/a.yaml', digest: chart.digest }] }, undefined],
  ])('%s', (_what, before, after, branches) => {
    expect(movedSources(lock(before), lock(after))?.map(({ branch }) => branch)).toEqual(branches);
  });
});
