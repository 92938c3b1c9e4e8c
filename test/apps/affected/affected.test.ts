import { describe, expect, test } from '@jest/globals';
import { affectedBy } from '../../../src/apps/affected/affected.js';
import type { App } from '../../../src/apps/app.js';

const app = (name: string, shared: string[] = []): App => ({
  name,
  path: `apps/${name}`,
  shared,
  test: undefined,
  images: [],
});
const apps = [app('api', ['packages/ui']), app('web')];

describe('the apps that changed paths affect', () => {
  test.each([
    [['apps/api/a', 'README.md'], ['api'], 'push: 2 paths changed, in 1 of 2 apps'],
    [['packages/ui/a'], ['api'], 'push: 1 path changed, in 1 of 2 apps'],
    [['README.md'], [], 'push: 1 path changed, none of them in an app'],
    [[], [], 'push: 0 paths changed, none of them in an app'],
    [['ostack.yaml'], ['api', 'web'], 'all apps: push changes ostack.yaml, which holds the settings of all'],
    [['apps/web/ostack.yaml'], ['web'], 'push: 1 path changed, in 1 of 2 apps'],
    [
      ['.github/workflows/test.yml'],
      ['api', 'web'],
      'all apps: push changes .github/workflows/test.yml, which is a workflow',
    ],
    [['.github/CODEOWNERS'], [], 'push: 1 path changed, none of them in an app'],
  ])('%j', (paths, names, reason) => {
    const found = affectedBy(apps, paths, 'push');
    expect([found.apps.map(({ name }) => name), found.reason, found.notice]).toEqual([names, reason, false]);
  });
});
