import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { Locks } from '../../src/materialize/lock/locks.js';
import { renderEnvironments } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { configMap, Folder, REQUEST } from '../materialize/support.js';

let stage: Stage;
let shared: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  const files = {
    'deploy/kustomization.yaml':
      'resources: [a.yaml, ../common]\nconfigMapGenerator: [{ name: raw, files: [b.bin], options: { disableNameSuffixHash: true } }]\n',
    'deploy/a.yaml': configMap('first'),
    'deploy/b.bin': 'b\n',
    'common/kustomization.yaml': 'resources: [c.yaml]\n',
    'common/c.yaml': configMap('common'),
  };
  shared = await stage.github.createRepository('acme/shared', { files });
});

afterAll(() => stage.close());

/** What a folder comes to: names of objects, or the message. Lock files are kept. */
async function rendered(folder: Folder, update: boolean, source = '.'): Promise<string[] | string> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-remote-'));
  try {
    const tools = new Tools();
    const credentials = { serverUrl: stage.serverUrl, owner: 'acme', token: stage.token };
    const locks = new Locks(folder.checkout, {
      ...{ update, isFollowed: () => false, followedOnly: false },
      scratch,
      credentials,
      tools,
    });
    const environments = await renderEnvironments(folder.checkout, { ...REQUEST, source }, locks.sourcesOf, tools);
    await locks.save(false);
    return [...(environments[0]?.files.keys() ?? []), ...(environments[0]?.notes ?? [])];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const overlay = (reference: string) =>
  Folder.of({ 'kustomization.yaml': `namePrefix: my-\nresources:\n- "${reference}"\n# a comment\n` });
const base = (more = '') => `${stage.serverUrl}/acme/shared//deploy${more}`;

test('what no manifest says is told, with the file that says it, and once', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-remote-'));
  const kustomization = (ref: string) => `resources:\n- "${base(`?ref=${ref}`)}"\n`;
  await using folder = await Folder.of({
    'far/kustomization.yaml': kustomization('main'),
    'near/kustomization.yaml': 'resources: [c.yaml]\n',
    'near/c.yaml': configMap('near'),
  });
  const credentials = { serverUrl: stage.serverUrl, owner: 'acme', token: stage.token };
  const tools = new Tools();
  const how = { update: true, isFollowed: () => false, followedOnly: false, scratch, credentials, tools };
  const locks = new Locks(folder.checkout, how);
  const parts = async (source: string) =>
    (await renderEnvironments(folder.checkout, { ...REQUEST, source }, locks.sourcesOf, tools))[0]?.parts;
  expect(await parts('.')).toEqual([`far/kustomization.yaml: ${base('?ref=main')}`]);
  expect(await parts('near')).toEqual([]);
  await rm(scratch, { recursive: true, force: true });
});

describe('a base of another repository', () => {
  test('stays what it was however it moves, until it is resolved anew', async () => {
    await shared.commit('topic', { 'deploy/a.yaml': configMap('first') }, 'feat: topic');
    await using folder = await overlay(base('?ref=topic'));
    expect(await rendered(folder, false)).toContain('(topic) is in no component.lock.yaml');
    const first = ['configmap-my-common.yaml', 'configmap-my-first.yaml', 'configmap-my-raw.yaml'];
    expect(await rendered(folder, true)).toEqual(first);
    await shared.commit('topic', { 'deploy/a.yaml': configMap('moved') }, 'feat: moved');
    expect(await rendered(folder, false)).toEqual(first);
    expect(await rendered(folder, true)).toContain('configmap-my-moved.yaml');
    expect(await readFile(join(folder.checkout.root, 'component.lock.yaml'), 'utf8')).toMatch(
      /branch: topic\n +commit: /,
    );
    expect(await readFile(join(folder.checkout.root, 'kustomization.yaml'), 'utf8')).toContain('ref=topic');
  });

  test('is pinned beside plain manifests too, among which the lock file and the policy are none', async () => {
    await using folder = await Folder.of({
      ...{ 'ostack.yaml': 'environments: { prod: {} }\n', 'plain/a.yaml': configMap('plain') },
      'far/kustomization.yaml': `resources:\n- "${base('?ref=main')}"\n`,
    });
    const first = await rendered(folder, true);
    expect(first).toContain('configmap-plain.yaml');
    expect(await readFile(join(folder.checkout.root, 'component.lock.yaml'), 'utf8')).toContain('branch: main');
    expect(await rendered(folder, false)).toEqual(first);
  });

  test('is what its tag or commit says', async () => {
    const oid = await shared.commit('main', { 'deploy/a.yaml': configMap('tagged') }, 'feat: tagged');
    await shared.setRef('refs/tags/v1', oid);
    await using tagged = await overlay(base('?ref=v1'));
    await using pinned = await overlay(base(`?ref=${oid}`));
    expect(await rendered(tagged, true)).toContain('configmap-my-tagged.yaml');
    expect(await rendered(pinned, false)).toContain('configmap-my-tagged.yaml');
    await shared.setRef('refs/heads/v1', oid);
    expect(await rendered(tagged, true)).toContain('has a branch and a tag v1');
  });

  test('that takes in another one, and itself in a circle', async () => {
    const inner = {
      'deploy/kustomization.yaml': `resources: ["${base('?ref=main')}", "${stage.serverUrl}/acme/far//x"]\n`,
    };
    await stage.github.createRepository('acme/far', {
      files: { 'x/kustomization.yaml': 'resources: [x.yaml]\n', 'x/x.yaml': configMap('far') },
    });
    await stage.github.createRepository('acme/near', { files: inner });
    await using folder = await overlay(`${stage.serverUrl}/acme/near//deploy`);
    expect(await rendered(folder, true)).toContain('configmap-my-far.yaml');
    await stage.github
      .repository('acme/far')
      .commit('main', { 'x/kustomization.yaml': `resources: ["${stage.serverUrl}/acme/far//x"]\n` }, 'circle');
    expect(await rendered(folder, true)).toMatch(/does not build: .*cycle/);
  });

  test.each([
    [
      'ssh',
      'git@github.com:acme/shared//deploy',
      'kustomization.yaml:3: git@github.com:acme/shared//deploy cannot be pinned',
    ],
    ['a way out', '../outside', 'leads out of the repository'],
  ])('is refused where it is %s', async (_what, reference, message) => {
    await using folder = await overlay(reference);
    expect(await rendered(folder, true)).toContain(message);
  });
});

describe('what kustomize would fetch by itself', () => {
  const far = 'https://files.test/a.yaml';
  const transformer = `apiVersion: builtin\nkind: PatchTransformer\nmetadata: { name: t }\npath: ${far}\n`;
  const generator = `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: t }\nfiles: ["a=${far}"]\n`;
  const replacement = `apiVersion: builtin\nkind: ReplacementTransformer\nmetadata: { name: t }\nreplacements: [{ path: "${far}" }]\n`;
  const inline = (text: string) => `|-\n  ${text.trim().replaceAll('\n', '\n  ')}\n`;

  test.each<[string, Record<string, string>]>([
    ['a file of a transformer', { 'kustomization.yaml': 'transformers: [t.yaml]\n', 't.yaml': transformer }],
    ['a file of a generator', { 'kustomization.yaml': 'generators: [t.yaml]\n', 't.yaml': generator }],
    ['a file of replacements', { 'kustomization.yaml': 'transformers: [t.yaml]\n', 't.yaml': replacement }],
    ['a generator within the kustomization', { 'kustomization.yaml': `generators:\n- ${inline(generator)}` }],
    [
      'a folder of generators',
      {
        'kustomization.yaml': 'generators: [g]\n',
        'g/kustomization.yaml': 'resources: [t.yaml]\n',
        'g/t.yaml': generator,
      },
    ],
    ['a generator as a list', { 'kustomization.yaml': `configMapGenerator: [{ name: a, files: ["a=${far}"] }]\n` }],
    ['variables of a generator', { 'kustomization.yaml': `secretGenerator: [{ name: a, envs: ["${far}"] }]\n` }],
  ])('is refused in %s', async (_where, files) => {
    await using folder = await Folder.of(files);
    expect(await rendered(folder, true)).toMatch(
      /^(g\/)?(kustomization|t)\.yaml:\d+: a generator or a transformer takes in https:\/\/files\.test\/a\.yaml, which cannot be pinned/,
    );
  });

  test('is no text of a transformer that only names an address', async () => {
    await using folder = await Folder.of({
      'kustomization.yaml': 'resources: [a.yaml]\ntransformers: [t.yaml]\n',
      'a.yaml': configMap('a'),
      't.yaml': `apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: { name: t }\nannotations: { a: "${far}" }\nfieldSpecs: [{ path: metadata/annotations, create: true }]\n`,
    });
    expect(await rendered(folder, false)).toEqual(['configmap-a.yaml']);
  });
});

describe('a chart that depends on others', () => {
  const chart = (name: string, dependencies = '') => ({
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n${dependencies}`,
    'templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`,
  });
  const at = (folder: string, files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

  test('of the repository has them, and theirs', async () => {
    await using folder = await Folder.of({
      ...at('web', chart('web', 'dependencies: [{ name: near, version: 0.1.0, repository: "file://../near" }]\n')),
      ...at('near', chart('near', 'dependencies: [{ name: far, version: 0.1.0, repository: "file://../far" }]\n')),
      ...at('far', {
        ...chart('far'),
        'crds/a.yaml': 'apiVersion: v1\nkind: CustomResourceDefinition\nmetadata: { name: a }\n',
      }),
    });
    expect(await rendered(folder, false, 'web')).toEqual([
      'configmap-far.yaml',
      'configmap-near.yaml',
      'configmap-web.yaml',
      'web: the definitions in its folder crds are left out. Say `crds: true` to have them.',
    ]);
  });

  test('has one that begins as another one is called', async () => {
    await using folder = await Folder.of({
      ...at('web', chart('web', 'dependencies: [{ name: near, version: 0.1.0, repository: "file://../near" }]\n')),
      ...at('near', chart('near')),
      'web/charts/near-far-0.1.0.tgz': 'none',
    });
    expect(await rendered(folder, false, 'web')).not.toContain('missing in charts');
  });

  test.each([
    ['a circle', 'file://../web', 'levels of charts deep'],
    ['a way out', 'file://../../x', 'leads out of the repository'],
    ['nothing', 'file://../none', 'There is no none'],
    ['a name of somebody’s helm', '@stable', 'web/Chart.yaml:4: near is not in the folder charts'],
    ['no repository', '', 'near is not in the folder charts, and has no repository'],
  ])('is refused where that is %s', async (_what, repository, message) => {
    const dependency = `dependencies: [{ name: near, version: 0.1.0, repository: "${repository}" }]\n`;
    await using folder = await Folder.of(at('web', chart('web', dependency)));
    expect(await rendered(folder, false, 'web')).toContain(message);
  });
});
