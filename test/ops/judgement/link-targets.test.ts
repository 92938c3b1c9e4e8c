import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openGit } from '../../../src/git/git.js';
import { linkTargets } from '../../../src/ops/judgement/link-targets.js';
import { commitReader } from '../../../src/ops/tree/commit-files.js';
import { openGitRepository } from '../../support/git-repository.js';
import { type Files, linkTo, ownersOf, POLICY } from './support.js';

const BOTH = 'staging production';

describe('What a link leads to, which was there before, is of', () => {
  const before: Files = {
    'ostack.yaml': POLICY,
    'overlays/staging/web/kustomization.yaml': 'resources: []\n',
    'overlays/production/web/kustomization.yaml': 'resources: []\n',
    'overlays/production/web/motd.txt': linkTo('../../../docs/motd.txt'),
    'overlays/production/web/more': linkTo('../../staging/web/shared'),
    'overlays/staging/web/shared': linkTo('../../../docs/shared'),
    'docs/index.md': linkTo('a/index.md'),
    'scripts/all': linkTo('../docs/tools'),
    'overlays/production/web/out': linkTo('../../../../elsewhere'),
  };
  test.each<[string, Files, string]>([
    ['whose link it is', { 'docs/motd.txt': 'Bye.\n' }, 'production'],
    ['all whose links lead there one after the other', { 'docs/shared/a.yaml': 'a: 1\n' }, BOTH],
    ['every environment, by a link of nobody', { 'docs/tools/a.yaml': 'a: 1\n' }, BOTH],
    ['none, by a link that is a document itself', { 'docs/a/index.md': 'New.\n' }, 'none'],
    ['none, where no link leads', { 'docs/b.yaml': 'a: 1\n' }, 'none'],
    ['whose link it is, beside whose it is itself', { 'overlays/staging/web/shared/a': 'x\n' }, BOTH],
  ])('%s', async (_, edits, expected) => {
    expect(Object.values(await ownersOf(before, edits))).toEqual([expected]);
  });
});

test('Where links of a commit lead is read from git; what is no link in the repository leads nowhere', async () => {
  await using repository = await openGitRepository({ 'docs/a.md': 'x\n', 'apps/b.yaml': 'b: 1\n' });
  for (const [path, target] of [
    ['apps/a', '../docs/a.md'],
    ['apps/out', '../../etc'],
    ['apps/root', '/etc'],
  ] as const) {
    await symlink(target, join(repository.root, path));
  }
  const head = await repository.commit({});
  const git = openGit({ cwd: repository.root, serverUrl: 'http://127.0.0.1', repository: 'acme/ops', token: 'x' });
  const files = await commitReader(git).files(head);
  expect(await linkTargets(files)).toEqual([{ link: 'apps/a', target: 'docs/a.md' }]);
});
