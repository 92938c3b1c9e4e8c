import { describe, expect, test } from '@jest/globals';
import type { App } from '../../src/apps/app.js';
import type { RepositoryTree, TreeEntry } from '../../src/apps/tree.js';
import { withDependencies } from '../../src/apps/workspaces.js';

function tree(files: Record<string, string>): RepositoryTree {
  return {
    read: async (path) => files[path],
    async list(folder) {
      const prefix = folder === '.' ? '' : `${folder}/`;
      const entries = new Map<string, TreeEntry>();
      for (const file of Object.keys(files).filter((path) => path.startsWith(prefix))) {
        const [name = '', ...rest] = file.slice(prefix.length).split('/');
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      return entries.size === 0 ? undefined : [...entries.values()];
    },
  };
}

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
  (await withDependencies(tree(files), [app('api'), app('web')])).map((one) => one.dependencies ?? []);
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
});
