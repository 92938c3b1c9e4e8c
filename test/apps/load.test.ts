import { describe, expect, test } from '@jest/globals';
import { loadTree } from '../../src/apps/discover.js';
import { touchedApps } from '../../src/apps/touched.js';
import { treeOf } from './support/tree-of.js';

/** A repository of these empty files, or files with this text, and this configuration. */
async function load(config: string, ...files: (string | [path: string, text: string])[]) {
  const paths = ['apps/api/Dockerfile', 'apps/web/Dockerfile', ...files];
  const texts = paths.map((path) => (typeof path === 'string' ? [path, ''] : path));
  const tree = treeOf({ 'ostack.yaml': config, ...Object.fromEntries(texts) });
  return (await loadTree(tree, 'acme/shop')).apps;
}

const webImage = (image: string) => `apps:\n  web: { images: { web: ${image} } }\n`;

describe('what counts as a change of an app outside of its folder', () => {
  test.each<[string, string, (string | [string, string])[], [string, string[]][]]>([
    [
      'a Dockerfile elsewhere',
      webImage('{ file: ../../docker/web.Dockerfile, context: . }'),
      ['docker/web.Dockerfile'],
      [
        ['docker/web.Dockerfile', ['web']],
        ['docker/api.Dockerfile', []],
      ],
    ],
    [
      'a Dockerfile and a context with the signs of a pattern',
      webImage('{ file: "../../docker/[web].Dockerfile", context: "../../docker/{a}" }'),
      ['docker/[web].Dockerfile', 'docker/{a}/x'],
      [
        ['docker/[web].Dockerfile', ['web']],
        ['docker/w.Dockerfile', []],
        ['docker/{a}/y', ['web']],
        ['docker/a/y', []],
      ],
    ],
    [
      'a context elsewhere',
      webImage('{ context: ../../docker/web }'),
      ['docker/web/a'],
      [
        ['docker/web/deep/file', ['web']],
        ['docker/website', []],
      ],
    ],
    [
      'a context that is the repository, without the other apps',
      webImage('{ context: ../.. }'),
      [],
      [
        ['package.json', ['web']],
        ['packages/ui/a', ['web']],
        ['apps/web/a', ['web']],
        ['apps/api/a', ['api']],
      ],
    ],
    [
      'what is copied from a context that is the repository',
      webImage('{ context: ../.. }'),
      [['apps/web/Dockerfile', 'FROM scratch\nCOPY go.* ./\nCOPY libs/ui libs/ui\nCOPY apps/api/client apps/web ./\n']],
      [
        ['go.sum', ['web']],
        ['libs/ui/a', ['web']],
        ['libs/data/a', []],
        ['README.md', []],
        ['apps/api/client/a', ['api', 'web']],
        ['apps/api/a', ['api']],
      ],
    ],
    [
      'a context in another app',
      webImage('{ context: ../api }'),
      [],
      [
        ['apps/api/a', ['api', 'web']],
        ['package.json', []],
      ],
    ],
    [
      'what a pattern matches, now or then',
      'apps:\n  web: { shared: [packages/*/src, "**/*.proto", "schema.{json,yaml}"] }\n',
      ['packages/ui/src/a', 'protos/deep/a.proto', 'schema.json'],
      [
        ['packages/ui/src/b/c', ['web']],
        ['packages/gone/src/a', ['web']],
        ['packages/ui/test/a', []],
        ['protos/b.proto', ['web']],
        ['apps/api/c.proto', ['api', 'web']],
        ['schema.yaml', ['web']],
        ['schema.toml', []],
      ],
    ],
    [
      'a path with the signs of a pattern that is there',
      'apps:\n  web: { shared: ["pages/[id]"] }\n',
      ['pages/[id]/a'],
      [
        ['pages/[id]/b', ['web']],
        ['pages/i/b', []],
      ],
    ],
  ])('%s', async (_name, config, files, expected) => {
    const apps = await load(config, ...files);
    const touched = expected.map(([path]) => [path, touchedApps(apps, [path]).map(({ name }) => name)]);
    expect(touched).toEqual(expected);
  });
});

describe('a shared path', () => {
  test('that is a pattern is known by what it matches, a folder without what is in it', async () => {
    const config = 'apps:\n  web: { shared: [packages/*, go.mod, packages/ui] }\n';
    const apps = await load(config, 'packages/ui/a', 'packages/data/b/c', 'packages/.config/a', 'go.mod');
    expect(apps[1]).toMatchObject({
      shared: ['packages/.config', 'packages/data', 'packages/ui', 'go.mod'],
      patterns: ['packages/*'],
    });
  });

  test.each([
    ['[packages/ux]', '2:19: apps.web.shared.0: "packages/ux" matches nothing', ' Did you mean "ui"?'],
    ['[go.mod, packages/*/x]', '2:19: apps.web.shared.0: "go.mod" matches nothing', 'release web.'],
    ['\n    - packages/ui\n    - libs/**', '4:7: apps.web.shared.1: "libs/**" matches nothing', 'release web.'],
    ['["!packages/ui"]', '2:19: apps.web.shared.0: "!packages/ui" matches nothing', 'release web.'],
    ['[node_modules/*]', '2:19: apps.web.shared.0: "node_modules/*" matches nothing', 'release web.'],
  ])('that matches nothing is an error at its place: %s', async (shared, place, end) => {
    const indented = shared.startsWith('\n')
      ? `\n    shared:${shared.replaceAll('\n', '\n  ')}\n`
      : ` { shared: ${shared} }\n`;
    const error = await load(`apps:\n  web:${indented}`, 'packages/ui/a', 'node_modules/x/a').catch(String);
    expect(error).toContain(`ostack.yaml:${place.replace('4:7', '5:9')}`);
    expect(error).toContain(end);
  });
});
