import { describe, expect, test } from '@jest/globals';
import type { App } from '../../src/apps/app.js';
import { gatherFacts } from '../../src/release/facts.js';
import { type Plan, planRelease, type ReleaseRules } from '../../src/release/plan.js';
import { TagFormat } from '../../src/release/tags.js';
import { openFolder, type TempRepository, tempRepository } from './support/temp-repository.js';

const app = (name: string, path: string): App => ({ name, path, shared: [], test: undefined, images: [] });
const WEB_AND_API = [app('api', 'apps/api'), app('web', 'apps/web')];

function told(plan: Plan): string {
  switch (plan.kind) {
    case 'release':
      return `${plan.tag}: ${plan.changes.map(({ said }) => said.header).join(', ')}`;
    case 'released':
      return `already ${plan.tag.name}`;
    case 'late':
      return `late: ${plan.newest.name}`;
    case 'blocked':
      return `blocked: ${plan.why}`;
    case 'unchanged':
      return `unchanged since ${plan.last?.name}`;
  }
}

/** What a repository, which is its own server, would release. */
async function plans(repository: TempRepository, apps: readonly App[], change: Partial<ReleaseRules> = {}) {
  const rules: ReleaseRules = {
    format: new TagFormat(undefined, apps.length === 1),
    firstVersion: '0.1.0',
    prerelease: undefined,
    defaultLevel: 'patch',
    ignoredTypes: ['docs', 'test', 'ci', 'style'],
    ...change,
  };
  const facts = await gatherFacts(openFolder(repository.folder, repository.folder), {
    head: await repository.git('rev-parse', 'HEAD'),
    apps,
    selected: new Set(apps.map(({ name }) => name)),
    format: rules.format,
    prerelease: rules.prerelease,
  });
  return facts.map((one) => told(planRelease(one, rules)));
}

describe('what a merge changes itself', () => {
  /** A merge of a branch that touched the api, with a change of the web made in the merge. */
  async function merged(message: string, evil: Record<string, string>) {
    const repository = await tempRepository();
    await repository.commit('feat: both', { 'apps/api/a': '1', 'apps/web/a': '1' });
    await repository.git('tag', 'api-v1.0.0');
    await repository.git('tag', 'web-v1.0.0');
    await repository.git('checkout', '--quiet', '-b', 'branch');
    await repository.commit('fix: api', { 'apps/api/a': '2' });
    await repository.git('checkout', '--quiet', 'main');
    await repository.commit('docs: readme', { README: '' });
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'branch');
    await repository.commit(message, evil);
    return repository;
  }

  test.each<[string, string, Record<string, string>, string[]]>([
    ['nothing', "Merge branch 'branch'", {}, ['api-v1.0.1: fix: api', 'unchanged since web-v1.0.0']],
    [
      'a file of another app',
      "Merge branch 'branch'",
      { 'apps/web/a': '2' },
      ['api-v1.0.1: fix: api', "web-v1.0.1: Merge branch 'branch'"],
    ],
    [
      'a new file, with a conventional title',
      'feat: all of it',
      { 'apps/web/b': '' },
      ['api-v1.0.1: fix: api', 'web-v1.1.0: feat: all of it'],
    ],
    [
      'a file that the branch changed too',
      "Merge branch 'branch'",
      { 'apps/api/a': '3' },
      ['api-v1.0.1: fix: api', 'unchanged since web-v1.0.0'],
    ],
    [
      'a file, in a pull request',
      'Merge pull request #7 from acme/branch\n\nfix: things',
      { 'apps/web/a': '2' },
      ['api-v1.0.1: fix: things, fix: api', 'web-v1.0.1: fix: things'],
    ],
  ])('is told as its own: %s', async (_name, message, evil, expected) => {
    await using repository = await merged(message, evil);
    expect(await plans(repository, WEB_AND_API)).toEqual(expected);
  });
});

describe('empty commits', () => {
  test.each([
    ['feat: what it brings', 'v1.1.0: chore: a, feat: what it brings'],
    ['fix!: what it breaks', 'v2.0.0: chore: a, fix!: what it breaks'],
    ['chore: start the build', 'v1.0.1: chore: a'],
    ['Start the build', 'v1.0.1: chore: a'],
    ['docs: none', 'v1.0.1: chore: a'],
  ])('say what a release of the only app is: %s', async (message, expected) => {
    await using repository = await tempRepository();
    await repository.commit('feat: first', { a: '1' });
    await repository.git('tag', 'v1.0.0');
    await repository.commit(message);
    expect(await plans(repository, [app('shop', '.')])).toEqual(['unchanged since v1.0.0']);
    await repository.commit('chore: a', { a: '2' });
    expect(await plans(repository, [app('shop', '.')])).toEqual([expected]);
  });

  test('are for none of several apps', async () => {
    await using repository = await tempRepository();
    await repository.commit('feat: both', { 'apps/api/a': '1', 'apps/web/a': '1' });
    await repository.git('tag', 'api-v1.0.0');
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: nothing');
    await repository.commit('fix: web', { 'apps/web/a': '2' });
    expect(await plans(repository, WEB_AND_API)).toEqual(['unchanged since api-v1.0.0', 'web-v1.0.1: fix: web']);
  });
});

describe('what belongs to an app outside of its folder', () => {
  const web = app('web', 'apps/web');
  const around = { outside: ['.'], apart: ['apps/api'] };

  test.each<[string, Partial<App>, Record<string, string>, string]>([
    ['a dependency', { dependencies: ['libs/ui'] }, { 'libs/ui/a': '2' }, 'web-v1.0.1: feat: a'],
    ['an innermost dependency', { dependencies: ['.', 'libs/ui'] }, { 'libs/ui/a': '2' }, 'web-v1.0.1: feat: a'],
    ['a context', { outside: ['docker'] }, { 'docker/a': '2' }, 'web-v1.1.0: feat: a'],
    ['a context around it', around, { README: '2' }, 'web-v1.1.0: feat: a'],
    ['another app in a context around it', around, { 'apps/api/a': '2' }, 'unchanged since web-v1.0.0'],
    ['a match of a pattern', { patterns: ['**/*.proto'] }, { 'x/a.proto': '2' }, 'web-v1.1.0: feat: a'],
    ['no match of a pattern', { patterns: ['**/*.proto'] }, { 'x/a': '2' }, 'unchanged since web-v1.0.0'],
  ])('releases it when it changes: %s', async (_name, places, files, expected) => {
    await using repository = await tempRepository();
    await repository.commit('feat: all', { 'apps/api/a': '1', 'apps/web/a': '1', 'libs/ui/a': '1', 'docker/a': '1' });
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: a', files);
    const all = [{ ...web, ...places }, app('api', 'apps/api')];
    expect((await plans(repository, all))[0]).toBe(expected);
  });

  test.each<[string, Partial<App>, string]>([
    ['a context', { outside: ['docker'] }, 'docker/a'],
    ['a context around it', around, 'README'],
    ['a match of a pattern', { patterns: ['**/*.proto'] }, 'a.proto'],
  ])('does not release it when it is as it was: %s', async (_name, places, file) => {
    await using repository = await tempRepository();
    await repository.commit('feat: all', { 'apps/api/a': '1', 'apps/web/a': '1', [file]: '1' });
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: a', { [file]: '2' });
    await repository.commit('fix: undo it by hand', { [file]: '1' });
    await repository.commit('fix: api', { 'apps/api/a': '2' });
    const all = [{ ...web, ...places }, app('api', 'apps/api')];
    expect((await plans(repository, all))[0]).toBe('unchanged since web-v1.0.0');
  });
});
