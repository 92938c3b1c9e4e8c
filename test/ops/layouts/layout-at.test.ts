import { describe, expect, test } from '@jest/globals';
import { layoutAt } from '../../../src/ops/layouts/layout-at.js';
import { readState } from '../../../src/ops/overlays/app-state.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { placeOf } from '../../../src/ops/policy/places.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const kustomization = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
const values = (tag: string, repository = '    repository: ghcr.io/acme/shop\n') =>
  `config:\n  image:\n${repository}    tag: ${tag}\n`;
const HLD = { 'hld/component.yaml': 'name: shop\ntype: helm\npath: ./chart\n' };
const BRANCHES = 'environments: { dev: { branch: dev }, stage: { branch: stage, after: dev } }\n';
const REPOSITORIES = BRANCHES.replaceAll('branch:', 'repository: "acme/{app}", branch:');

/** What stage has at its place: the apps, or the version of the one that is named. */
async function found(files: Record<string, string>, text: string, app = ''): Promise<string> {
  const policy = readPolicy(text);
  const place = placeOf(
    policy.environments.find(({ name }) => name === 'stage'),
    app,
  );
  const tree = objectTree(files);
  const layout = await layoutAt(tree, policy, place);
  const apps = await environmentApps(tree, layout, 'stage');
  const states = await Promise.all(apps.map((each) => readState(tree, layout, 'stage', each)));
  expect(layout.environments).toEqual(['stage']);
  return states.map(({ deployed }, index) => `${apps[index]} ${deployed?.version}`).join(', ');
}

describe('overlays on the branch of an environment', () => {
  test.each<[what: string, files: Record<string, string>, policy: string, app: string, expected: string]>([
    [
      'are where the policy says, without a name of an environment',
      { 'apps/shop/kustomization.yaml': kustomization('1.2.0') },
      `${BRANCHES}overlays: ["apps/{app}"]\n`,
      '',
      'shop 1.2.0',
    ],
    [
      'are those of the environment, where the branch has folders of the others too',
      {
        'overlays/dev/shop/kustomization.yaml': kustomization('1.3.0'),
        'overlays/stage/shop/kustomization.yaml': kustomization('1.2.0'),
        'bases/shop/kustomization.yaml': 'resources: []\n',
      },
      BRANCHES,
      '',
      'shop 1.2.0',
    ],
    [
      'are files of values that stand alone',
      { 'charts/shop/values.yaml': 'image:\n  repository: ghcr.io/acme/shop\n  tag: 1.2.0\n' },
      `${BRANCHES}overlays: ["charts/{app}/values.yaml"]\n`,
      '',
      'shop 1.2.0',
    ],
    [
      'are what a definition says for all environments',
      { ...HLD, 'hld/config/common.yaml': values('1.2.0') },
      BRANCHES,
      '',
      'shop 1.2.0',
    ],
    [
      'are what it says for this one, which is stronger',
      {
        ...HLD,
        'hld/config/common.yaml': values('1.1.0'),
        'hld/config/stage.yaml': values('1.2.0'),
        'hld/config/dev.yaml': values('1.3.0'),
      },
      BRANCHES,
      '',
      'shop 1.2.0',
    ],
    [
      'are what it says for all, where the file of the environment says no version',
      { ...HLD, 'hld/config/common.yaml': values('1.2.0'), 'hld/config/stage.yaml': 'config:\n  replicas: 2\n' },
      BRANCHES,
      '',
      'shop 1.2.0',
    ],
    [
      'are what it says for all, where the file of the environment has the repository alone',
      {
        ...HLD,
        'hld/config/common.yaml': values('1.2.0', ''),
        'hld/config/stage.json': '{"config":{"image":{"repository":"r/cat"}}}',
      },
      REPOSITORIES,
      'cat',
      'cat 1.2.0',
    ],
    [
      'are those of the app, where the file of the environment has a version of another image',
      {
        ...HLD,
        'hld/config/common.yaml': values('1.2.0', '    repository: some-repo/cat\n'),
        'hld/config/stage.yaml': 'config: { proxy: { image: { repository: envoy, tag: v3 } } }\n',
      },
      REPOSITORIES,
      'cat',
      'cat 1.2.0',
    ],
    [
      'are those of one app in its own repository, whatever its image is called',
      { ...HLD, 'hld/config/common.yaml': values('1.2.0', '    repository: some-repo/cat-app\n') },
      REPOSITORIES,
      'cat',
      'cat 1.2.0',
    ],
    [
      'are those of the definition of one app, with a tag that stands alone',
      { ...HLD, 'hld/config/stage.yaml': values('1.2.0', '') },
      REPOSITORIES,
      'shop',
      'shop 1.2.0',
    ],
  ])('%s', async (_what, files, policy, app, expected) => {
    expect(await found(files, policy, app)).toBe(expected);
  });

  test('are the same where what takes them is told twice, before and after a change', async () => {
    const policy = readPolicy(REPOSITORIES);
    const [common, own] = [values('1.1.0'), values('1.2.0')];
    const tree = objectTree({ ...HLD, 'hld/config/common.yaml': common, 'hld/config/stage.yaml': own });
    const layout = await layoutAt(tree, policy, placeOf(policy.environments[1], 'shop'));
    const twice = { ...layout, deployedBy: [...(layout.deployedBy ?? []), ...(layout.deployedBy ?? [])] };
    expect(twice.deployedBy).toHaveLength(2);
    expect((await readState(tree, twice, 'stage', 'shop')).deployed?.version).toBe('1.2.0');
  });

  test('are those of each environment, where several share a branch, so that none changes with another one', async () => {
    const policy = readPolicy(
      'environments: { dev: { repository: "acme/{app}" }, stage: { repository: "acme/{app}", after: dev } }\n',
    );
    const [dev, stage, common] = ['1.3.0', '1.2.0', '1.1.0'].map((version) => values(version));
    const tree = objectTree({
      ...HLD,
      ...{
        'hld/config/dev.yaml': dev ?? '',
        'hld/config/stage.yaml': stage ?? '',
        'hld/config/common.yaml': common ?? '',
      },
    });
    const layout = await layoutAt(tree, policy, placeOf(policy.environments[0], 'shop'));
    const states = await Promise.all(['dev', 'stage'].map((name) => readState(tree, layout, name, 'shop')));
    expect(states.map(({ deployed }) => deployed?.version)).toEqual(['1.3.0', '1.2.0']);
    expect(states.flatMap(({ parts }) => parts.map(({ overlay }) => overlay?.map(({ path }) => path)))).toEqual([
      ['hld/config/dev.yaml'],
      ['hld/config/stage.yaml'],
    ]);
  });

  test('are asked for where nothing tells them', async () => {
    await expect(found({ 'README.md': 'x\n' }, BRANCHES)).rejects.toThrow('overlays');
  });
});
