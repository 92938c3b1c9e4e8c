import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nodeTests } from '../../../src/app-tests/node.js';
import { discoverApps, loadApps } from '../../../src/apps/discover.js';
import { baseImages } from '../../../src/images/dockerfile.js';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { buildInputs } from '../../../src/ops/kustomize/build-inputs.js';
import { addReference } from '../../../src/ops/kustomize/edit-references.js';
import { manifestReferences } from '../../../src/ops/kustomize/manifest-references.js';
import { readPatch } from '../../../src/ops/kustomize/patch.js';
import { references } from '../../../src/ops/kustomize/references.js';
import { readManifests } from '../../../src/ops/overlays/manifests.js';
import { readHolds } from '../../../src/ops/policy/holds.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { readRecord } from '../../../src/ops/preview-records/record.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { editYaml } from '../../../src/ops/yaml/edit.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, STOLEN } from './values.js';

/** Everything that reads YAML which people, or other repositories, have written. */
const READERS: [string, (text: string) => unknown][] = [
  ['the policy', (text) => readPolicy(text)],
  ['the settings of apps', (text) => appsWith(text)],
  ['holds', (text) => readHolds(text)],
  ['the record of a preview', (text) => readRecord(text, 'pr-1')],
  ['references', (text) => manifestReferences(text, 'kustomization.yaml')],
  ['what is built', (text) => buildInputs(text, 'kustomization.yaml')],
  ['versions', (text) => deployedIn([{ path: 'kustomization.yaml', text }], 'shop')],
  ['a HelmRelease', (text) => deployedIn([{ path: 'release.yaml', text: inRelease(text) }], 'shop')],
  ['a patch', (text) => readPatch(text, 'patch.yaml')],
  ['a base', (text) => readManifests(objectTree({ 'bases/shop/kustomization.yaml': text }), 'bases/shop')],
  ['a file of a base', (text) => readManifests(objectTree(baseWith(text)), 'bases/shop')],
  ['the places of an app', (text) => references(text, 'kustomization.yaml')],
  ['a new place', (text) => addReference(text, 'patches', 'x.yaml', 'kustomization.yaml')],
  ['an edit', (text) => editYaml(text, [{ path: ['images', 0, 'newTag'], value: '2.0.0' }], 'kustomization.yaml')],
];

/** Values of a chart. */
function inRelease(text: string): string {
  const head = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: shop }\nspec:\n  values:\n';
  return `${head}${text.replace(/^/gm, '    ')}\n`;
}

function baseWith(text: string): Record<string, string> {
  return { 'bases/shop/kustomization.yaml': 'resources: [web.yaml]\n', 'bases/shop/web.yaml': text };
}

function appsWith(text: string): Promise<unknown> {
  const read = async (path: string) => (path === 'ostack.yaml' ? text : undefined);
  const list = async (folder: string) => (folder === 'apps' ? [{ name: 'shop', kind: 'folder' as const }] : []);
  return discoverApps({ read, list }, 'acme/apps');
}

/** Ten of the one below on every level: ten thousand million in the end. */
const LAUGHS = Array.from({ length: 10 }, (_, at) =>
  at === 0 ? 'l0: &l0 lol' : `l${at}: &l${at} [${`*l${at - 1}, `.repeat(10)}]`,
).join('\n');

/** `npm run torture` takes the size that people fear, `npm test` one that takes no time. */
const [LENGTH, DEPTH] = process.env.OSTACK_TORTURE === 'all' ? [10_000_000, 50_000] : [100_000, 1000];

const TEXTS: [string, string][] = [
  ['aliases of aliases', `${LAUGHS}\nenvironments: *l9\nimages: *l9\n`],
  ['merges of merges', 'a: &a { <<: *a, b: 1 }\nimages: [{ <<: *a }]\n'],
  ['an alias of itself', 'images: &a [*a]\n'],
  ['lists in lists', `images: ${'['.repeat(DEPTH)}`],
  ['maps in maps', `images: ${'{a: '.repeat(DEPTH)}`],
  ['lists in lists of blocks', `${'- '.repeat(DEPTH)}x`],
  ['one long value', `images: ${'x'.repeat(LENGTH)}\n`],
  ['many escapes', `images: "${'\\x41'.repeat(LENGTH / 40)}"\n`],
  [
    'the keys of every object',
    `__proto__: { ${STOLEN}: 1 }\nconstructor: { prototype: { ${STOLEN}: 1 } }\napps: { __proto__: { path: / } }\n`,
  ],
  ['tags', 'images: !!js/function "process.exit(7)"\nenvironments: !!python/object/apply:os.system ["id"]\n'],
  ['other types', 'environments: [1]\napps: 0x10\nimages: { a: b }\npreviews: "x"\n'],
  ['a lone surrogate', 'environments: { "x\ud800": {} }\nimages: ["\ud800"]\n'],
  ['control characters', 'environments: { "a\0b": {} }\n\x1b[31m: 1\n'],
  [
    'texts that are after something',
    `environments: { ${JSON.stringify(EVERYTHING)}: {} }\nregistry: ${JSON.stringify(EVERYTHING)}\n`,
  ],
];

/** What reads a text gives a value or an error in words, takes no more than seconds, and changes nothing of Node's. */
async function expectBounded(reader: string, text: string, read: (text: string) => unknown): Promise<void> {
  const start = process.cpuUsage().user;
  const said = await Promise.resolve(text)
    .then(read)
    .then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : 'no error'),
    );
  const seconds = (process.cpuUsage().user - start) / 1e6;
  expect({ reader, said }).not.toMatchObject({
    said: expect.stringMatching(/no error|call stack|undefined|not a function|heap/),
  });
  expect({ reader, long: said.length > 20_000, slow: seconds > 10 }).toEqual({ reader, long: false, slow: false });
  expect(Object.hasOwn(Object.prototype, STOLEN)).toBe(false);
}

describe('a file of YAML', () => {
  test.each(TEXTS)('of %s is read or refused in words, and soon', async (_what, text) => {
    for (const [reader, read] of READERS) {
      await expectBounded(reader, text, read);
    }
    record({ scenario: 'hostile YAML', tried: READERS.length, survived: READERS.length });
  });
});

/** Files that are no YAML, of the size that people fear. */
const OTHERS: [string, string, (text: string) => unknown][] = [
  ['a Dockerfile of one long line', `FROM ${'x'.repeat(LENGTH)}\n`, (text) => baseImages(text)],
  ['a Dockerfile of many lines', 'FROM a AS b\n'.repeat(LENGTH / 1000), (text) => baseImages(text)],
  ['a Dockerfile that goes on and on', `RUN ${'\\\n'.repeat(LENGTH / 1000)}`, (text) => baseImages(text)],
  [
    'a Dockerfile of its own arguments',
    `ARG A=$B\nARG B=$A\nFROM ${'$A'.repeat(LENGTH / 1000)}\n`,
    (text) => baseImages(text),
  ],
  ['a Dockerfile of anything', `FROM ${EVERYTHING}\0\ud800`, (text) => baseImages(text)],
  ['a package of one long script', JSON.stringify({ scripts: { test: 'x'.repeat(LENGTH) } }), packageWith],
  ['a package of lists in lists', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, packageWith],
  ['a package of maps in maps', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`, packageWith],
  ['a package of the keys of every object', `{"__proto__":{"${STOLEN}":1},"scripts":{"test":"x"}}`, packageWith],
  ['a package of other types', '{"scripts":{"test":[1]}}', packageWith],
  ['a package that is none', `\ud800${EVERYTHING}`, packageWith],
];

function packageWith(text: string): Promise<unknown> {
  const read = async (path: string) => (path === 'package.json' ? text : undefined);
  return nodeTests({ read, list: async () => [{ name: 'package.json', kind: 'file' as const }] }, '.');
}

describe('a file of another format', () => {
  test.each(OTHERS)('%s is read or refused in words, and soon', async (_what, text, read) => {
    await expectBounded('it', text, read);
    record({ scenario: 'hostile files', tried: 1, survived: 1 });
  });
});

describe('a path in the settings of apps', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ostack-hostile-'));
    await mkdir(join(root, 'outside'));
    await writeFile(join(root, 'outside/Dockerfile'), 'FROM scratch\n');
    await writeFile(join(root, 'outside/ostack.yaml'), `workspace: ${STOLEN}\n`);
    await mkdir(join(root, 'repository/apps/shop'), { recursive: true });
    await symlink(join(root, 'outside'), join(root, 'repository/apps/link'));
    await symlink(join(root, 'outside/Dockerfile'), join(root, 'repository/apps/shop/Dockerfile'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const load = (settings: object) =>
    writeFile(join(root, 'repository/ostack.yaml'), JSON.stringify(settings)).then(() =>
      loadApps(join(root, 'repository'), 'acme/apps'),
    );

  test('that is a link out of the repository is not there', async () => {
    const { apps } = await load({});
    expect(apps.map(({ name, images }) => [name, images])).toEqual([['shop', []]]);
    await expect(load({ apps: { x: { path: 'apps/link' } } })).rejects.toThrow('there is no folder "apps/link"');
  });

  test('whose file is a link out of the repository is not read', async () => {
    await rm(join(root, 'repository/ostack.yaml'), { force: true });
    await symlink(join(root, 'outside/ostack.yaml'), join(root, 'repository/ostack.yaml'));
    const { config } = await loadApps(join(root, 'repository'), 'acme/apps');
    await rm(join(root, 'repository/ostack.yaml'));
    expect(JSON.stringify(config)).not.toContain(STOLEN);
  });

  test.each([
    '..',
    '../outside',
    '/etc',
    'apps/../../outside',
    'C:\\',
    'apps/shop/../../..',
    ...LINES.map(({ value }) => value.toWellFormed()),
  ])('%j leads nowhere else', async (path) => {
    await expect(load({ apps: { x: { path } } })).rejects.toThrow(/ostack\.yaml:\d+:\d+/);
    await expect(load({ apps: { shop: { shared: ['..', path] } } })).rejects.toThrow(/ostack\.yaml:\d+:\d+/);
    const images = { web: { context: path, file: path } };
    const found = await load({ apps: { shop: { images } } }).catch((error: unknown) => String(error));
    const inside = typeof found === 'string' ? [] : found.apps.flatMap((app) => app.images);
    expect(inside.flatMap(({ context, file }) => [context, file]).filter((each) => /^(\.\.|\/)/.test(each))).toEqual(
      [],
    );
    expect(typeof found !== 'string' || /ostack\.yaml:\d+:\d+/.test(found)).toBe(true);
  });
});
