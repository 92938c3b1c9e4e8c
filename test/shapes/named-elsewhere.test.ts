import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { values } from './files.js';

type Files = Record<string, string>;

/** The apps of each environment, or the first line of the question. */
async function appsIn(files: Files): Promise<Record<string, string[]> | string> {
  const tree = objectTree(files);
  try {
    const layout = await locateOverlays(tree, NO_POLICY);
    const names = await allEnvironments(tree, layout, NO_POLICY);
    const apps = await Promise.all(names.map((name) => environmentApps(tree, layout, name)));
    return Object.fromEntries(names.map((name, index) => [name, apps[index] ?? []]));
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

const app = (name: 'web' | 'api', ...environments: string[]): Files => ({
  [`applications/${name}/Chart.yaml`]: `name: ${name}\n`,
  ...Object.fromEntries(
    environments.map((each) => [`applications/${name}/values-${each}.yaml`, values(name, '1.0.0')]),
  ),
});
const all = (folder: string, ...environments: string[]): Files =>
  Object.fromEntries(environments.map((each) => [`${folder}/values-${each}.yaml`, 'applications: { web: true }\n']));

describe('names that only a folder of environments says', () => {
  test.each<[string, Files, Record<string, string[]>]>([
    [
      'are those of values of applications',
      { ...all('environments', 'summit', 'tucson'), ...app('web', 'summit', 'tucson'), ...app('api', 'summit') },
      { summit: ['api', 'web'], tucson: ['web'] },
    ],
    [
      'are no others: values of a variant are left to people',
      { ...all('environments', 'summit', 'tucson'), ...app('web', 'summit', 'tucson') },
      { summit: ['web'], tucson: ['web'] },
    ],
    [
      'never are those of what all share',
      { ...all('environments', 'summit', 'base', 'common'), ...app('web', 'summit', 'base', 'common') },
      { summit: ['web'] },
    ],
  ])('%s', async (_, files, expected) => {
    expect(await appsIn(files)).toEqual(expected);
  });

  test.each<[string, Files, RegExp]>([
    ['in a folder of another name', { ...all('settings', 'summit'), ...app('web', 'summit') }, /^No overlays found/],
    [
      'beside one that is not among them',
      { ...all('environments', 'summit'), ...app('web', 'summit', 'gpu') },
      /^In applications\/web there are summit, which are taken for environments, and gpu, which may be some too/,
    ],
  ])('are asked for %s', async (_, files, expected) => {
    expect(await appsIn(files)).toMatch(expected);
  });
});

describe('folders beside files of apps in one environment', () => {
  const files: Files = {
    'config/staging/web.yaml': values('web', '1.1.0'),
    'config/production/web.yaml': values('web', '1.0.0'),
  };
  const beside = (more: Files) => appsIn({ ...files, ...more });

  test.each<[string, Files]>([
    ['hold settings', { 'config/production/checks/http.yaml': 'url: https://acme.dev\n' }],
    ['hold no YAML', { 'config/production/scripts/run.py': 'print(1)\n' }],
  ])('are no apps where they %s', async (_, more) => {
    expect(await beside(more)).toEqual({ production: ['web'], staging: ['web'] });
  });

  test.each<[string, Files]>([
    ['a version', { 'config/production/api/values.yaml': values('api', '5.0.0') }],
    ['an object', { 'config/production/api/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\n' }],
    ['a kustomization', { 'config/production/api/kustomization.yaml': 'resources: []\n' }],
    ['folders', { 'config/production/api/eu/values.yaml': 'a: 1\n' }],
  ])('are asked for where one has %s', async (_, more) => {
    expect(await beside(more)).toMatch(/^The environments in config differ/);
  });
});
