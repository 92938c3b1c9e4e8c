import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { imageRegistry, inside, opsRepository, readAppsConfig } from '../../src/apps/config.js';
import { discoverApps, loadApps } from '../../src/apps/discover.js';
import type { RepositoryTree, TreeEntry } from '../../src/apps/tree.js';

/** A repository made of paths; only the content of `ostack.yaml` matters. */
function repository(paths: readonly string[], config?: string): RepositoryTree {
  const files = [...paths, ...(config === undefined ? [] : ['ostack.yaml'])];
  return {
    async read(path) {
      return path === 'ostack.yaml' ? config : undefined;
    },
    async list(folder) {
      const prefix = folder === '.' ? '' : `${folder}/`;
      const entries = new Map<string, TreeEntry>();
      for (const file of files.filter((path) => path.startsWith(prefix))) {
        const [name = '', ...rest] = file.slice(prefix.length).split('/');
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      return entries.size === 0 ? undefined : [...entries.values()];
    },
  };
}

const find = (paths: readonly string[], config?: string) => discoverApps(repository(paths, config), 'acme/shop');

describe('apps by convention', () => {
  test('each folder of apps/ is an app, sorted by name', async () => {
    const found = await find(['apps/web/a', 'apps/api/b', 'apps/.cache/x', 'apps/node_modules/y/z', 'apps/README.md']);
    expect(found).toMatchObject({ single: false, apps: [{ name: 'api', path: 'apps/api' }, { name: 'web' }] });
  });

  test('a repository without apps/ is one app with the name of the repository', async () => {
    expect(await find(['src/a', 'Dockerfile'])).toEqual({
      config: { apps: {}, 'token-services': [] },
      single: true,
      apps: [
        {
          name: 'shop',
          path: '.',
          shared: [],
          test: undefined,
          images: [{ name: 'shop', context: '.', file: 'Dockerfile' }],
        },
      ],
    });
  });

  test('a monorepo of one app is still a monorepo', async () => {
    expect(await find(['apps/web/a'])).toMatchObject({ single: false });
  });

  test('every kind of Dockerfile is an image', async () => {
    const { apps } = await find([
      'apps/web/Dockerfile',
      'apps/web/Dockerfile.dockerignore',
      'apps/web/Dockerfile.worker',
      'apps/web/Dockerfile.worker.dockerignore',
      'apps/web/backend/Dockerfile',
      'apps/web/worker/Dockerfile',
      'apps/web/docs/readme.md',
    ]);
    expect(apps[0]?.images).toEqual([
      { name: 'web', context: 'apps/web', file: 'apps/web/Dockerfile' },
      { name: 'web-backend', context: 'apps/web/backend', file: 'apps/web/backend/Dockerfile' },
      { name: 'web-worker', context: 'apps/web', file: 'apps/web/Dockerfile.worker' },
    ]);
  });

  test('image names are lower case', async () => {
    expect((await find(['apps/Web/Dockerfile.API'])).apps[0]?.images[0]?.name).toBe('web-api');
  });

  test('an empty apps/ says what to add', async () => {
    await expect(find(['apps/README.md'])).rejects.toThrow(
      'There is no app: the folder "apps" has no folder in it. Add apps/<app>, or name the apps under "apps" in ostack.yaml.',
    );
  });

  test('a folder that cannot name an app says how to name it', async () => {
    await expect(find(['apps/my app/a'])).rejects.toThrow(
      'The folder "apps/my app" cannot name an app: expected letters, digits, and ".", "_" or "-" between them. Rename it, or name its app under "apps" in ostack.yaml with "path: apps/my app".',
    );
    const named = await find(['apps/my app/a'], 'apps: { my-app: { path: apps/my app } }');
    expect(named.apps).toMatchObject([{ name: 'my-app', path: 'apps/my app' }]);
  });
});

describe('apps by configuration', () => {
  test('settings come over what is found, and new apps join', async () => {
    const { apps } = await find(
      ['apps/web/a', 'apps/api/b', 'services/mail/c', 'packages/ui/d'],
      `apps:
  web: { shared: [./packages/ui/], test: npm test }
  mail: { path: services/mail }
  gateway: { path: apps/api }
`,
    );
    expect(apps).toMatchObject([
      { name: 'gateway', path: 'apps/api' },
      { name: 'mail', path: 'services/mail' },
      { name: 'web', path: 'apps/web', shared: ['packages/ui'], test: 'npm test' },
    ]);
  });

  test('one configured app in a repository without apps/ is that repository', async () => {
    expect(await find(['src/a'], 'apps: { store: { test: make test } }')).toMatchObject({
      single: true,
      apps: [{ name: 'store', path: '.', test: 'make test' }],
    });
  });

  test('configured images take the place of those found', async () => {
    const { apps } = await find(
      ['apps/my-app/web/Dockerfile', 'apps/my-app/Dockerfile.worker', 'apps/my-app/Dockerfile.dev'],
      `apps:
  my-app:
    images: { web: { context: ., file: web/Dockerfile }, worker: , my-app: { context: ../.., file: Dockerfile.dev } }
`,
    );
    expect(apps[0]?.images).toEqual([
      { name: 'my-app', context: '.', file: 'apps/my-app/Dockerfile.dev' },
      { name: 'my-app-web', context: 'apps/my-app', file: 'apps/my-app/web/Dockerfile' },
      { name: 'my-app-worker', context: 'apps/my-app', file: 'apps/my-app/Dockerfile.worker' },
    ]);
  });

  test.each([
    [
      'a folder that is not there',
      'apps:\n  web: { path: aps/web }\n',
      'ostack.yaml:2:16: apps.web.path: there is no folder "aps/web" in the repository.',
    ],
    [
      'an app without its folder',
      'apps:\n  mail: {}\n',
      'ostack.yaml:2:9: apps.mail: there is no folder "apps/mail" in the repository. Say where the app is with "path".',
    ],
    [
      'a path out of the repository',
      'apps:\n  web: { path: ../web }\n',
      'ostack.yaml:2:16: apps.web.path: expected a path inside the repository, relative to its root, found "../web".',
    ],
    [
      'an absolute path',
      'apps:\n  web: { shared: [/etc] }\n',
      'ostack.yaml:2:19: apps.web.shared.0: expected a path inside the repository, relative to its root, found "/etc".',
    ],
    [
      'a context out of the repository',
      'apps:\n  web: { images: { a: { context: ../../.., file: x } } }\n',
      'ostack.yaml:2:34: apps.web.images.a.context: expected a path inside the repository, found "../../.." from "apps/web".',
    ],
    [
      'an image without a Dockerfile',
      'apps:\n  web: { images: { a: {} } }\n',
      'ostack.yaml:2:23: apps.web.images.a: there is no Dockerfile for this image (looked for apps/web/Dockerfile.a and apps/web/a/Dockerfile). Name it with "file".',
    ],
    [
      'a name that is no name',
      'apps:\n  -web: {}\n',
      'ostack.yaml:2:3: apps: expected letters, digits, and ".", "_" or "-" between them, found "-web".',
    ],
  ])('%s is named with its place', async (_name, config, message) => {
    await expect(find(['apps/web/a'], config)).rejects.toThrow(message);
  });
});

test('the work tree is read, and a link out of it is not followed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ostack-apps-'));
  const outside = await mkdtemp(join(tmpdir(), 'ostack-outside-'));
  try {
    for (const path of ['apps/web/Dockerfile', 'apps/api/main.go']) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), '');
    }
    await symlink(outside, join(root, 'apps', 'evil'));
    expect((await loadApps(root, 'acme/shop')).apps.map(({ name }) => name)).toEqual(['api', 'web']);
    await writeFile(join(root, 'ostack.yaml'), 'apps: { evil: {} }\n');
    await expect(loadApps(root, 'acme/shop')).rejects.toThrow('there is no folder "apps/evil"');
  } finally {
    await rm(root, { recursive: true, force: true });
    await rm(outside, { recursive: true, force: true });
  }
});

test.each([
  ['{}', 'acme/ops', 'ghcr.io/acme'],
  ['workspace: growth', 'acme/growth-ops', 'ghcr.io/acme'],
  [
    '{ workspace: growth, ops: other/place, registry: registry.acme.dev:5000/team }',
    'other/place',
    'registry.acme.dev:5000/team',
  ],
])('%s names the ops repository and the registry', (text, ops, registry) => {
  const config = readAppsConfig(text);
  expect(opsRepository(config, 'acme/apps')).toBe(ops);
  expect(imageRegistry(config, 'Acme/apps')).toBe(registry);
});

test.each([
  ['registry: https://ghcr.io/acme', 'expected a registry host and path'],
  ['ops: ops', 'expected a repository as owner/name'],
  ['workspace: Growth', 'expected lower-case letters'],
])('%s is refused', (text, message) => {
  expect(() => readAppsConfig(text)).toThrow(message);
});

test.each([
  ['a/./b//c/', '.', 'a/b/c'],
  ['.', '.', '.'],
  ['../x', 'apps/web', 'apps/x'],
  ['../..', 'apps/web', '.'],
  ['a/../../b', '.', undefined],
  ['.git/hooks', '.', undefined],
  ['C:/x', '.', undefined],
  ['a\\b', '.', undefined],
  ['a\nb', '.', undefined],
  [' ', '.', undefined],
])('the path %j from %s is %j', (path, from, expected) => {
  expect(inside(path, from)).toBe(expected);
});
