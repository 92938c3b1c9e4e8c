import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../../src/apps/app.js';
import { withDependencies } from '../../../src/apps/dependencies/dependencies.js';
import { readGoFile } from '../../../src/apps/dependencies/go-file.js';
import { anyText } from '../../support/any-text.js';
import { treeOf } from '../support/tree-of.js';

const web: App = { name: 'web', path: 'apps/web', shared: [], test: undefined, images: [] };

async function dependencies(files: Record<string, string>): Promise<readonly string[]> {
  const [found] = await withDependencies(treeOf(files), [web]);
  return found?.dependencies ?? [];
}

const MODULES = {
  'libs/ui/go.mod': 'module acme.dev/ui\n\nrequire acme.dev/theme v1.0.0\n',
  'libs/theme/go.mod': 'module "acme.dev/theme" // the colours\nrequire acme.dev/ui v1.0.0\n',
  'libs/other/go.mod': 'module acme.dev/other\n',
};
const REQUIRES =
  'module acme.dev/web\n\ngo 1.24\n\nrequire (\n\tacme.dev/ui v1.0.0\n\tgopkg.in/yaml.v3 v3.0.1 // indirect\n)\n';
const WORK = 'go 1.24\n\nuse (\n\t./apps/web\n\t./libs/ui // the parts\n\t"libs/theme"\n)\nuse ./libs/other\n';

describe('what an app of Go depends on', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'modules of a workspace, in a circle',
      { 'go.work': WORK, 'apps/web/go.mod': REQUIRES },
      ['libs/theme', 'libs/ui'],
    ],
    ['nothing of the registry', { 'apps/web/go.mod': REQUIRES }, []],
    [
      'a folder that stands in for a module, without a workspace',
      { 'apps/web/go.mod': `${REQUIRES}replace acme.dev/ui => ../../libs/other\n` },
      ['libs/other'],
    ],
    [
      'a folder that stands in for one version of a module',
      { 'apps/web/go.mod': `${REQUIRES}replace (\r\n\tacme.dev/ui v1.0.0 => ../../libs/other\r\n)\r\n` },
      ['libs/other'],
    ],
    [
      'what the workspace puts in place of a module, rather than the module',
      {
        'go.work': `${WORK}replace acme.dev/ui => ./libs/other\n`,
        'apps/web/go.mod': `${REQUIRES}replace acme.dev/ui => ../../libs/theme\n`,
      },
      ['libs/other'],
    ],
    [
      'no module in place of another',
      { 'apps/web/go.mod': `${REQUIRES}replace acme.dev/ui => acme.dev/other v1.0.0\n` },
      [],
    ],
    [
      'no folder of a module that it does not require',
      { 'apps/web/go.mod': 'module a\nreplace acme.dev/ui => ../../libs/ui\n' },
      [],
    ],
    ['no folder out of the repository', { 'apps/web/go.mod': `${REQUIRES}replace acme.dev/ui => ../../../ui\n` }, []],
    ['no folder by a comment', { 'apps/web/go.mod': `${REQUIRES}// replace acme.dev/ui => ../../libs/ui\n` }, []],
    [
      'what a module inside of it needs',
      { 'go.work': `${WORK}use ./apps/web/tool\n`, 'apps/web/tool/go.mod': REQUIRES.replace('/web', '/tool') },
      ['libs/theme', 'libs/ui'],
    ],
    [
      'modules of a workspace in a folder around it',
      { 'apps/go.work': 'use ./web\nuse ../libs/ui\n', 'apps/web/go.mod': REQUIRES },
      ['libs/ui'],
    ],
    [
      'a module of the workspace that it imports and does not require',
      {
        'go.work': WORK,
        'apps/web/go.mod': 'module acme.dev/web\n',
        'apps/web/cmd/main.go': 'package main\n\nimport (\n\t"fmt"\n\tparts "acme.dev/ui/parts"\n)\n\nfunc main() {}\n',
      },
      ['libs/theme', 'libs/ui'],
    ],
    [
      'one that its tests import',
      {
        'go.work': WORK,
        'apps/web/go.mod': 'module acme.dev/web\n',
        'apps/web/a_test.go': 'package web\nimport . `acme.dev/other`\n',
      },
      ['libs/other'],
    ],
    [
      'one that a module of the workspace imports, but not for its tests',
      {
        'go.work': WORK,
        'apps/web/go.mod': 'module acme.dev/web\nrequire acme.dev/other v0.0.0\n',
        'libs/other/a.go': 'package other\nimport "acme.dev/theme"\n',
        'libs/other/a_test.go': 'package other\nimport "acme.dev/web"\n',
        'libs/theme/go.mod': 'module acme.dev/theme\n',
      },
      ['libs/other', 'libs/theme'],
    ],
    [
      'none that is only spoken of, has a longer name, or is imported elsewhere',
      {
        'go.work': WORK,
        'apps/web/go.mod': 'module acme.dev/web\n',
        'apps/web/main.go': 'package main\nimport "acme.dev/other-one"\n\nvar name = "acme.dev/ui"\n',
        'apps/web/testdata/a.go': 'package a\nimport "acme.dev/ui"\n',
        'apps/web/inner/go.mod': 'module acme.dev/inner\n',
        'apps/web/inner/a.go': 'package a\nimport "acme.dev/ui"\n',
        'apps/web/notes.txt': 'import "acme.dev/ui"',
      },
      [],
    ],
    [
      'no module that it imports outside of a workspace',
      { 'apps/web/go.mod': 'module acme.dev/web\n', 'apps/web/a.go': 'package a\nimport "acme.dev/ui"\n' },
      [],
    ],
  ])('is %s', async (_name, files, expected) => {
    expect(await dependencies({ ...MODULES, ...files })).toEqual(expected);
  });
});

describe('the grammar of go.mod', () => {
  test.each<[string, [string, ...string[]][]]>([
    ['module a', [['module', 'a']]],
    ['require a v1 // indirect', [['require', 'a', 'v1']]],
    [
      'require (\n\ta v1\n\n\t// none\n\tb v2\n)\nuse c',
      [
        ['require', 'a', 'v1'],
        ['require', 'b', 'v2'],
        ['use', 'c'],
      ],
    ],
    ['require()\nrequire ( ) // x\nuse a', [['use', 'a']]],
    ['replace a v1 => ./b', [['replace', 'a', 'v1', '=>', './b']]],
    ['replace "a b" => `./c "d"`', [['replace', 'a b', '=>', './c "d"']]],
    ['retract [v1.0.0, v1.2.0]', [['retract', '[v1.0.0,', 'v1.2.0]']]],
    ['module\n)\n(', []],
  ])('%j', (text, expected) => {
    expect(readGoFile(text).map(({ directive, words }) => [directive, ...words])).toEqual(expected);
  });

  test('reads any text, and lines that it wrote', () => {
    fc.assert(fc.property(anyText({ maxLength: 200 }), (text) => Array.isArray(readGoFile(text))));
    const word = fc.stringMatching(/^[a-z./@-]{1,10}$/).filter((one) => !one.includes('//'));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word)), (pairs) => {
        const block = `require (\n${pairs.map(([name, version]) => `\t${name} ${version} // x`).join('\n')}\n)\n`;
        expect(readGoFile(block).map(({ words }) => words)).toEqual(pairs);
      }),
    );
  });
});
