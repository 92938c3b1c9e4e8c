/** Which environments a source has a folder for, and when a source is the folder above those. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { environmentFolders } from '../../src/materialize/sources/environment-folders.js';
import { configMap, Folder } from './support.js';

const definition = (...environments: readonly string[]) =>
  Object.fromEntries(environments.map((name) => [`hld/${name}/component.yaml`, `name: ${name}\n`]));

async function read(files: Record<string, string>, source: string, environments: readonly string[] = []) {
  await using folder = await Folder.of(files);
  return environmentFolders(folder.checkout, source, environments);
}

describe('The folder above definitions of environments', () => {
  const EACH = 'hld/{environment}';
  test.each<[string, Record<string, string>, string[], string]>([
    ['stands for the folder of each', definition('dev', 'prod'), ['dev', 'prod'], EACH],
    ['has others than those that are rendered', definition('dev', 'prod', 'shared'), ['dev', 'prod'], EACH],
    ['has them in JSON', { 'hld/dev/component.json': '{}' }, ['dev'], EACH],
    ['does not, where one of them has none', definition('dev'), ['dev', 'prod'], 'hld'],
    ['does not, where no environment is said', definition('dev'), [], 'hld'],
    [
      'does not, where it has a definition itself',
      { 'hld/component.yaml': 'name: all\n', ...definition('dev') },
      ['dev'],
      'hld',
    ],
    ['does not, where it is a chart', { 'hld/Chart.yaml': 'name: web\n', ...definition('dev') }, ['dev'], 'hld'],
    [
      'does not, where it is a kustomization',
      { 'hld/kustomization.yaml': 'resources: []\n', ...definition('dev') },
      ['dev'],
      'hld',
    ],
    // What is there is rendered for all environments, as it always was.
    ['does not, where manifests are in them', { 'hld/dev/a.yaml': configMap('a') }, ['dev'], 'hld'],
    ['does not, where it is not there', {}, ['dev'], 'hld'],
  ])('%s', async (_, files, environments, source) => {
    expect((await read(files, 'hld', environments)).source).toBe(source);
  });

  test('may be the root', async () => {
    expect((await read({ 'dev/component.yaml': 'name: dev\n' }, '.', ['dev'])).source).toBe('{environment}');
  });
});

describe('Where nothing names environments they are', () => {
  test.each<[string, Record<string, string>, string, string[]]>([
    [
      'the folders that the source has for them, sorted',
      { 'overlays/prod/a.yaml': '', 'overlays/dev/a.yaml': '', 'overlays/README.md': '', 'overlays/.git/x': '' },
      'overlays/{environment}',
      ['dev', 'prod'],
    ],
    [
      'those in which the rest of the path is',
      { 'clusters/prod/hld/a.yaml': '', 'clusters/shared/a.yaml': '' },
      'clusters/{environment}/hld/',
      ['prod'],
    ],
    ['those of the root', { 'prod/a.yaml': '', 'a.yaml': '' }, '{environment}', ['prod']],
    ['none, where a part of a name is one', { 'hld-prod/a.yaml': '' }, 'hld-{environment}', []],
    ['none of a folder that is not there', {}, 'hld/{environment}', []],
    ['none above the repository', {}, '../{environment}', []],
    ['none of a source that does not say where they are', definition('dev'), 'hld', []],
    ['none of a chart that is named by its address', {}, 'oci://ghcr.io/acme/{environment}', []],
  ])('%s', async (_, files, source, names) => {
    expect(await read(files, source)).toEqual({ source, names });
  });
});

test('a link in place of an environment is none', async () => {
  await using folder = await Folder.of({ 'hld/prod/a.yaml': '', 'other/a.yaml': '' });
  await symlink(join(folder.checkout.root, 'other'), join(folder.checkout.root, 'hld', 'dev'));
  expect((await environmentFolders(folder.checkout, 'hld/{environment}', [])).names).toEqual(['prod']);
});
