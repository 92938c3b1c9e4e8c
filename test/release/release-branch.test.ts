import { describe, expect, test } from '@jest/globals';
import { checkReleaseBranch } from '../../src/release/release-branch.js';

const check = (ref: string, branches?: string[], dryRun = false) =>
  checkReleaseBranch({ ref, branches, dryRun, defaultBranch: async () => 'main' });

describe('releases are made', () => {
  test.each<[string, string[] | undefined]>([
    ['refs/heads/main', undefined],
    ['refs/heads/main', ['main', 'release/*']],
    ['refs/heads/release/1.x', ['main', 'release/*']],
    ['refs/heads/1.x', ['main', '[0-9]*.x']],
    ['refs/heads/a[b', ['a[b']],
  ])('from %s where %j release', async (ref, branches) => {
    await expect(check(ref, branches)).resolves.toBeUndefined();
  });

  test.each<[string, string[] | undefined]>([
    ['refs/heads/feature', undefined],
    ['refs/heads/Main', undefined],
    ['refs/heads/main', ['release/*']],
    ['refs/heads/release/1.x/mine', ['release/*']],
    ['refs/tags/main', undefined],
    ['refs/pull/7/merge', undefined],
    ['refs/heads/gh-readonly-queue/main/pr-7', undefined],
    ['', undefined],
  ])('not from "%s" where %j release', async (ref, branches) => {
    await expect(check(ref, branches)).rejects.toThrow(/Nothing was tagged\./);
  });

  test('from another branch by naming it', async () => {
    await expect(check('refs/heads/hotfix')).rejects.toThrow(
      'This run is for the branch "hotfix", and releases are made from main only. Nothing was tagged. Merge into it, or name the branch under "release-branches" in ostack.yaml or in the input: release-branches: [main, hotfix].',
    );
  });

  test('in a pull request only in a dry run', async () => {
    await expect(check('refs/pull/7/merge', undefined, true)).resolves.toBeUndefined();
    await expect(check('refs/heads/feature', undefined, true)).rejects.toThrow(/Nothing was tagged/);
  });
});
