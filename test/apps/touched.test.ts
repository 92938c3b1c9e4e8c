import { describe, expect, test } from '@jest/globals';
import type { App } from '../../src/apps/app.js';
import { touchedApps } from '../../src/apps/touched.js';

const app = (name: string, path: string, shared: string[] = []): App => ({
  name,
  path,
  shared,
  test: undefined,
  images: [],
});

const apps = [app('api', 'apps/api', ['packages/ui', 'go.mod']), app('web', 'apps/web', ['packages/ui'])];

describe('the apps that changed paths touch', () => {
  test.each([
    [['apps/web/a/b.ts'], ['web']],
    [['apps/webshop/a.ts'], []],
    [['apps/web'], ['web']],
    [['packages/ui/index.ts'], ['api', 'web']],
    [['go.mod'], ['api']],
    [['go.mod.bak', 'README.md'], []],
    [
      ['apps/web/x', 'apps/api/y'],
      ['api', 'web'],
    ],
    [[], []],
  ])('%j touch %j', (paths, names) => {
    expect(touchedApps(apps, paths).map(({ name }) => name)).toEqual(names);
  });

  test('an app that is the repository is touched by every path', () => {
    expect(touchedApps([app('shop', '.')], ['any/where']).map(({ name }) => name)).toEqual(['shop']);
  });

  test('an app inside another is touched together with it', () => {
    const nested = [app('outer', 'a'), app('inner', 'a/b')];
    expect(touchedApps(nested, ['a/b/c']).map(({ name }) => name)).toEqual(['outer', 'inner']);
    expect(touchedApps(nested, ['a/c']).map(({ name }) => name)).toEqual(['outer']);
  });
});
