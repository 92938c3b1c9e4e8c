import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Part, partsOf, type Walk } from '../../../src/materialize/hld/parts.js';
import { writeValue } from '../../../src/materialize/values.js';
import { Folder } from '../support.js';

/** Walks a definition, and gives its parts in a line each. */
async function walked(files: Readonly<Record<string, string>>, more: Partial<Walk> = {}) {
  await using folder = await Folder.of(files);
  const notes: string[] = [];
  const fetched: string[] = [];
  const { parts } = await partsOf(folder.checkout, '', {
    ...{ configurations: ['prod'], ignoresHooks: false, note: (text: string) => notes.push(text) },
    fetch: async ({ url, branch }) => {
      fetched.push(`${url} ${branch}`);
      return { ...folder.checkout, label: url };
    },
    ...more,
  });
  return { parts: parts.map(inWords), notes, fetched };
}

function inWords({ names, name, values, namespace, from }: Part): string {
  const where =
    'path' in from ? from.path : from.kind === 'remote-chart' ? `${from.chart} of ${from.repository}` : from.url;
  const written = writeValue(values).trim().replaceAll('\n', ', ');
  return `${names.join('/')} ${name} ${from.kind} ${where} ${written} ${namespace?.name ?? '-'}`;
}

const HANDBOOK = {
  'component.yaml':
    'name: my-cluster\nsubcomponents:\n  - { name: cat, source: ./apps/cat, path: hld }\n  - { name: notes, type: static, path: manifests }\n',
  'config/common.yaml': 'subcomponents: { cat: { namespace: cats, config: { image: { tag: v2 } } } }\n',
  'apps/cat/hld/component.yaml': 'name: cat-application\ngenerator: helm\npath: ./chart\n',
  'apps/cat/hld/config/common.yaml': 'config: { image: { repository: cat, tag: v1 } }\n',
  'apps/cat/hld/config/prod.yaml': 'config: { replicas: 3, image: { tag: v3 } }\n',
};

describe('walking a definition', () => {
  test('what a parent says beats what a component says itself, of which common is the weakest', async () => {
    const { parts } = await walked(HANDBOOK);
    expect(parts).toEqual([
      'my-cluster/cat cat-application chart apps/cat/hld/chart image:,   tag: v2,   repository: cat, replicas: 3 cats',
      'my-cluster/notes notes static manifests {} -',
    ]);
  });

  test('configurations that are named earlier beat later ones', async () => {
    const files = {
      'component.json': '{ "name": "a", "type": "static", "path": "m" }',
      'config/prod.json': '{ "config": { "x": 1 } }',
      'config/east.yaml': 'config: { x: 2, y: 2 }',
      'config/common.yaml': 'config: { x: 3, y: 3, z: 3 }',
    };
    expect((await walked(files, { configurations: ['prod', 'east'] })).parts).toEqual([
      'a a static m x: 1, y: 2, z: 3 -',
    ]);
    expect((await walked(files, { configurations: ['east', 'prod'] })).parts).toEqual([
      'a a static m x: 2, y: 2, z: 3 -',
    ]);
  });

  test('a part that is declared in place stays in the folder around it, and has no configuration file', async () => {
    const { parts } = await walked({
      'component.yaml':
        'name: a\nsubcomponents:\n  - { name: b, type: helm, path: charts/b, subcomponents: [{ name: c, type: static, path: d }] }\n',
      'config/common.yaml': 'subcomponents: { b: { config: { x: 1 }, subcomponents: { c: { namespace: n } } } }\n',
    });
    expect(parts).toEqual(['a/b b chart charts/b x: 1 -', 'a/b/c c static d {} n']);
  });

  test('remote parts are named, and a repository is asked for by its branch', async () => {
    const { parts, fetched } = await walked({
      'component.yaml':
        'name: a\nsubcomponents:\n' +
        '  - { name: b, type: helm, method: helm, source: "https://charts.test", path: redis, version: "^1" }\n' +
        '  - { name: c, type: static, method: http, source: "https://files.test/c.yaml" }\n' +
        '  - { name: d, type: helm, method: git, source: "https://git.test/d", branch: stage, path: chart }\n' +
        '  - { name: e, method: git, source: "https://git.test/e", path: hld }\n',
      'hld/component.yaml': 'name: e\ntype: static\npath: manifests\n',
    });
    expect(parts).toEqual([
      'a/b b remote-chart redis of https://charts.test {} -',
      'a/c c remote-file https://files.test/c.yaml {} -',
      'a/d d chart chart {} -',
      'a/e e static hld/manifests {} -',
    ]);
    expect(fetched.sort()).toEqual(['https://git.test/d stage', 'https://git.test/e undefined']);
  });

  test('what is disabled is neither read nor fetched', async () => {
    const { parts, notes, fetched } = await walked({
      'component.yaml':
        'name: a\nsubcomponents:\n  - { name: b, method: git, source: "https://git.test/b" }\n  - { name: c, source: nowhere }\n',
      'config/prod.yaml': 'subcomponents: { b: { disabled: true }, c: { disabled: true } }\n',
    });
    expect([parts, fetched]).toEqual([[], []]);
    expect(notes).toEqual(['a/b is disabled.', 'a/c is disabled.']);
  });

  test('a configuration whose name ends as nobody reads it is said, where there is none that is read', async () => {
    const { parts, notes } = await walked({
      'component.yaml': 'name: a\ntype: static\npath: m\n',
      'config/prod.yml': 'config: { x: 1 }\n',
      'config/common.yaml': 'config: { x: 2 }\n',
      'config/common.yml': 'config: { x: 3 }\n',
    });
    expect([parts, notes]).toEqual([
      ['a a static m x: 2 -'],
      ['config/prod.yml is not read: its name has to end in .yaml or .json.'],
    ]);
  });

  test('a part that is configured and not there is said', async () => {
    const { notes } = await walked({
      'component.yaml': 'name: a\nsubcomponents:\n  - { name: redis, type: static, path: m }\n',
      'config/prod.yaml': 'subcomponents: { redsi: { namespace: x } }\n',
    });
    expect(notes).toEqual(['a has no part redsi, which is configured. It has: redis.']);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['no component', {}, /^There is neither component\.yaml nor component\.json in \.\./],
    [
      'a component that is not there',
      { 'component.yaml': 'name: a\nsubcomponents:\n  - { name: b, source: x }' },
      /^component\.yaml:3:\d+: .*neither component\.yaml nor component\.json in x/,
    ],
    [
      'a path out of the repository',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: b, source: ../x }]' },
      /leads out of the repository/,
    ],
    [
      'an absolute path',
      { 'component.yaml': 'name: a\ntype: static\npath: /etc' },
      /^component\.yaml:3:.*"\/etc" begins with "\/"/,
    ],
    [
      'a way out further down',
      { 'component.yaml': 'name: a\ntype: helm\npath: x/../../y' },
      /leads out of the repository/,
    ],
    [
      'a URL without the method git',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: b, source: "https://git.test/b" }]' },
      /Say `method: git`/,
    ],
    [
      'a cycle',
      {
        'component.yaml': 'name: a\nsubcomponents: [{ name: b, source: x }]',
        'x/component.yaml': 'name: b\nsubcomponents: [{ name: c, source: .. }]',
      },
      /contains itself: \. -> x -> \./,
    ],
    [
      'an unknown type',
      { 'component.yaml': 'name: a\ntype: hlm' },
      /^component\.yaml:2:7: type: expected component, static or helm/,
    ],
    [
      'an unknown key',
      { 'component.yaml': 'name: a\nsubcomponent: []' },
      /unknown key "subcomponent"\. Did you mean "subcomponents"\?/,
    ],
    [
      'hooks',
      { 'component.yaml': 'name: a\nhooks: { before-install: [rm -rf /] }' },
      /component\.yaml:2:\d+: hooks: a has the hook before-install/,
    ],
    [
      'a name with a way in it',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: ../b, type: static }]' },
      /expected letters, digits/,
    ],
    [
      'two parts of one name',
      { 'component.yaml': 'name: a\nsubcomponents:\n  - { name: b, type: static }\n  - { name: b, type: helm }' },
      /^component\.yaml:4:\d+: .*there is a part b already/,
    ],
    [
      'a chart over http',
      { 'component.yaml': 'name: a\ntype: helm\nmethod: http\nsource: x\npath: y' },
      /expected local, git or helm, found http/,
    ],
    [
      'a repository without its address',
      { 'component.yaml': 'name: a\nsubcomponents: [{ name: b, method: git }]' },
      /expected the URL of a git repository/,
    ],
  ])('refuses %s with its place', async (_what, files, message) => {
    await expect(walked(files)).rejects.toThrow(message);
  });

  test('hooks are left out and said where that is wanted', async () => {
    const files = { 'component.yaml': 'name: a\ntype: static\npath: m\nhooks: { before-install: [make] }' };
    expect((await walked(files, { ignoresHooks: true })).notes).toEqual(['a: its hooks are not run (before-install).']);
  });

  test('a symbolic link leads nowhere', async () => {
    await using folder = await Folder.of({ 'component.yaml': 'name: a\nsubcomponents: [{ name: b, source: x }]' });
    await symlink('/etc', join(folder.checkout.root, 'x'));
    const walk = {
      configurations: [],
      ignoresHooks: false,
      note: () => undefined,
      fetch: () => Promise.reject(new Error('nothing is fetched')),
    };
    await expect(partsOf(folder.checkout, '', walk)).rejects.toThrow('x is a symbolic link');
  });

  /** A tree of components: the name of each is its place in its parent. */
  interface Tree {
    own: Record<string, number>;
    below: Tree[];
  }
  const own = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 0, max: 9 }));
  const trees = fc.memo((depth): fc.Arbitrary<Tree> => {
    return fc.record({ own, below: depth > 1 ? fc.array(trees(), { maxLength: 3 }) : fc.constant([]) });
  });

  function filesOf({ own, below }: Tree, folder: string): [string, string][] {
    const names = below.map((_, index) => `p${index}`);
    const component = {
      name: 'c',
      type: 'static',
      path: 'm',
      subcomponents: names.map((name) => ({ name, path: name })),
    };
    return [
      [`${folder}component.json`, JSON.stringify(component)],
      [`${folder}config/common.json`, JSON.stringify({ config: own })],
      ...below.flatMap((each, index) => filesOf(each, `${folder}p${index}/`)),
    ];
  }

  test('any tree gives the same parts twice, whatever order its files were written in', async () => {
    await fc.assert(
      fc.asyncProperty(trees(4), async (tree) => {
        const files = filesOf(tree, '');
        const one = await walked(Object.fromEntries(files));
        const other = await walked(Object.fromEntries(files.toReversed()));
        expect(one).toEqual(other);
        expect(one.parts).toHaveLength(files.length / 2);
      }),
      { numRuns: 25 },
    );
  });

  test('a thousand components are walked', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    const declared = names.map((name) => ({ name, path: `parts/${name}` }));
    const files = Object.fromEntries(
      names.map((name) => [`parts/${name}/component.yaml`, `name: ${name}\ntype: static\npath: .\n`]),
    );
    const { parts } = await walked({
      ...files,
      'component.json': JSON.stringify({ name: 'all', subcomponents: declared }),
    });
    expect(parts).toHaveLength(1000);
  });
});
