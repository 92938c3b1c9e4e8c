import { describe, expect, test } from '@jest/globals';
import type { App } from '../../../src/apps/app.js';
import { withDependencies } from '../../../src/apps/dependencies/dependencies.js';
import { treeOf } from '../support/tree-of.js';

const web: App = { name: 'web', path: 'apps/web', shared: [], test: undefined, images: [] };
const json = (value: unknown) => JSON.stringify(value);
const project = (...implicitDependencies: string[]) => json({ implicitDependencies });
const LIBRARIES = {
  'libs/ui/project.json': json({ name: 'ui', tags: ['scope:shared'] }),
  'libs/data/access/project.json': json({ name: 'data-access', implicitDependencies: ['models'] }),
  'libs/data/models/project.json': json({ name: 'models', implicitDependencies: ['data-access'] }),
  'libs/theme/package.json': json({ name: '@acme/theme', nx: { tags: ['scope:shared'] } }),
  'libs/plain/project.json': '{}',
};

async function dependencies(files: Record<string, string>): Promise<readonly string[]> {
  const [found] = await withDependencies(treeOf({ 'nx.json': '{}', ...LIBRARIES, ...files }), [web]);
  return found?.dependencies ?? [];
}

describe('what an app of Nx depends on', () => {
  test.each<[string, string[], string[]]>([
    ['a project', ['ui'], ['libs/ui']],
    ['a project over others, in a circle', ['data-access'], ['libs/data/access', 'libs/data/models']],
    ['a project by the name of its package', ['@acme/theme'], ['libs/theme']],
    ['a project without a name by its folder', ['plain'], ['libs/plain']],
    ['projects by a pattern', ['{ui,plain}'], ['libs/plain', 'libs/ui']],
    ['projects by a tag', ['tag:scope:*'], ['libs/theme', 'libs/ui']],
    ['all but one', ['tag:scope:*', '!ui'], ['libs/theme']],
    ['itself', ['web'], []],
    ['nobody that is there', ['gone', '../libs/ui'], []],
  ])('is %s', async (_name, wanted, expected) => {
    expect(await dependencies({ 'apps/web/project.json': project(...wanted) })).toEqual(expected);
  });

  test('stands in package.json as well', async () => {
    expect(
      await dependencies({ 'apps/web/package.json': json({ name: 'web', nx: { implicitDependencies: ['ui'] } }) }),
    ).toEqual(['libs/ui']);
  });

  test('is what packages of the workspace and projects need together', async () => {
    expect(
      await dependencies({
        'package.json': json({ workspaces: ['libs/*'] }),
        'apps/web/package.json': json({ name: 'web', dependencies: { '@acme/theme': '*' } }),
        'libs/theme/project.json': project('ui'),
      }),
    ).toEqual(['libs/theme', 'libs/ui']);
  });

  test.each<[string, Record<string, string>]>([
    ['a project.json that is no JSON', { 'apps/web/project.json': '{' }],
    ['dependencies of another shape', { 'apps/web/project.json': '{"implicitDependencies": "ui"}' }],
  ])('is nothing with %s', async (_name, files) => {
    expect(await dependencies(files)).toEqual([]);
  });

  test('is nothing without nx.json', async () => {
    const tree = treeOf({ ...LIBRARIES, 'apps/web/project.json': project('ui') });
    expect((await withDependencies(tree, [web]))[0]?.dependencies).toBeUndefined();
  });
});
