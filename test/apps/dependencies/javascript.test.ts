import { describe, expect, test } from '@jest/globals';
import type { App } from '../../../src/apps/app.js';
import { withDependencies } from '../../../src/apps/dependencies/dependencies.js';
import { treeOf } from '../support/tree-of.js';

const app = (name: string): App => ({ name, path: `apps/${name}`, shared: [], test: undefined, images: [] });
const json = (value: unknown) => JSON.stringify(value);
const needs = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'workspace:*']));

const PACKAGES = {
  'apps/web/package.json': json({ name: 'web', dependencies: needs('@acme/ui', 'react') }),
  'apps/api/package.json': json({ name: 'api', devDependencies: needs('@acme/test') }),
  'packages/ui/package.json': json({
    name: '@acme/ui',
    dependencies: needs('@acme/theme'),
    devDependencies: needs('@acme/test'),
  }),
  'packages/theme/package.json': json({ name: '@acme/theme', peerDependencies: needs('@acme/ui') }),
  'packages/test/package.json': json({ name: '@acme/test' }),
};
const dependencies = async (files: Record<string, string>) =>
  (await withDependencies(treeOf(files), [app('api'), app('web')])).map((one) => one.dependencies ?? []);
const ALL = [['packages/test'], ['packages/theme', 'packages/ui']];

describe('what apps depend on', () => {
  test.each<[string, Record<string, string>]>([
    ['npm', { 'package.json': json({ workspaces: ['apps/*', './packages/*'] }) }],
    ['yarn', { 'package.json': json({ workspaces: { packages: ['packages/**'] } }) }],
    ['pnpm', { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - "!packages/old"\n' }],
  ])('is what workspaces of %s say, over packages and in circles', async (_name, files) => {
    expect(await dependencies({ ...PACKAGES, ...files })).toEqual(ALL);
  });

  test.each<[string, Record<string, string>]>([
    ['without workspaces', { 'package.json': '{}' }],
    ['without any package', {}],
    ['with a package.json that is no JSON', { 'package.json': '{' }],
    ['with a workspace file that is no YAML', { 'pnpm-workspace.yaml': 'packages: [' }],
    ['with other patterns', { 'package.json': json({ workspaces: ['libs/*', '../packages/*', '!packages/*'] }) }],
  ])('is nothing in a repository %s', async (_name, files) => {
    expect(await dependencies({ ...PACKAGES, ...files })).toEqual([[], []]);
  });

  test('is nothing for an app whose own package cannot be read', async () => {
    const files = { ...PACKAGES, 'package.json': json({ workspaces: ['packages/*'] }), 'apps/web/package.json': '{' };
    expect(await dependencies(files)).toEqual([['packages/test'], []]);
  });

  test.each<[string, unknown, string[]]>([
    ['a file', 'file:../../packages/ui', ['packages/ui']],
    ['a link', 'link:../../packages/ui', ['packages/ui']],
    ['a portal', 'portal:../../packages/ui/', ['packages/ui']],
    ['a path of the workspace', 'workspace:../../packages/ui', ['packages/ui']],
    ['a workspace package of another name', 'workspace:@acme/ui@*', ['packages/ui']],
    ['a package of the registry under its name', 'npm:ui@1', []],
    ['a path out of the repository', 'file:../../../ui', []],
    ['something that is no text', 7, []],
  ])('follows %s', async (_name, wanted, expected) => {
    const files = {
      'package.json': json({ workspaces: ['packages/*'] }),
      'apps/web/package.json': json({ dependencies: { other: wanted } }),
      'packages/ui/package.json': json({ name: '@acme/ui' }),
    };
    expect((await dependencies(files))[1]).toEqual(expected);
  });

  test('is also what packages inside of an app need, in a workspace of a folder', async () => {
    const files = {
      'apps/web/package.json': json({ workspaces: ['parts/*', '../../packages/*'] }),
      'apps/web/parts/a/package.json': json({ name: 'a', dependencies: needs('b', 'ui') }),
      'apps/web/parts/b/package.json': json({ name: 'b' }),
      'packages/ui/package.json': json({ name: 'ui' }),
    };
    expect((await dependencies(files))[1]).toEqual(['packages/ui']);
  });
});
