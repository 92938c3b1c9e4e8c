import { expect, test } from '@jest/globals';
import { inspect } from '../../../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from './support.js';

const ROOT = 'apps/overlays/production/kustomization.yaml';
const VERSION = 'apps/overlays/production/shop/version.yaml';
const patch = (version: string) =>
  `kind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: ghcr.io/acme/shop:${version} }] } } }\n`;
const images = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;

const GROUP = {
  'apps/base/kustomization.yaml': 'resources: [shop, mailer]\n',
  'apps/base/shop/kustomization.yaml': 'resources: []\n',
  'apps/base/mailer/kustomization.yaml': 'resources: []\n',
};

/** `shop 1.4.0 -> 1.5.0`, by one change in the overlay of a group. */
async function moved(before: Record<string, string>, after: Record<string, string>): Promise<string[]> {
  const base = { ...GROUP, ...before };
  const { held } = await inspect(comparisonOf(base, { ...base, ...after }));
  return held.filter(({ moves }) => moves).map(({ environment, app, version }) => `${environment}/${app} ${version}`);
}

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'a reference to its base',
    { [ROOT]: `resources: [../../base/shop, ../../base/mailer]\n${images('1.4.0')}` },
    { [ROOT]: `resources: [../../base/shop, ../../base/mailer]\n${images('1.5.0')}` },
  ],
  [
    'its image, where the base has all apps in one',
    { [ROOT]: `resources: [../../base]\n${images('1.4.0')}` },
    { [ROOT]: `resources: [../../base]\n${images('1.5.0')}` },
  ],
  [
    'a folder of patches, where the base has all apps in one',
    { [ROOT]: 'resources: [../../base]\npatches: [{ path: shop/version.yaml }]\n', [VERSION]: patch('1.4.0') },
    { [VERSION]: patch('1.5.0') },
  ],
  [
    'the address of its base in another repository',
    { [ROOT]: 'resources: [https://github.com/acme/apps//apps/shop/deploy?ref=shop-v1.4.0]\n' },
    { [ROOT]: 'resources: [https://github.com/acme/apps//apps/shop/deploy?ref=shop-v1.5.0]\n' },
  ],
])('a version of an app of a group moves that the kustomization names by %s', async (_, before, after) => {
  expect(await moved(before, after)).toEqual(['production/shop 1.5.0']);
});

test.each<[string, string, string]>([
  ['a group', ROOT, 'resources: [../../base/shop]\n'],
  ['an app', 'overlays/production/shop/kustomization.yaml', 'resources: [../../../bases/shop]\n'],
])(
  'what was broken in the kustomization of %s holds nothing that a change could not put right',
  async (_, path, text) => {
    const after = { [path]: `${text}${images('1.5.0')}` };
    expect(await moved({ [path]: 'resources: [\n' }, after)).toEqual(['production/shop 1.5.0']);
  },
);

const RELEASE = 'overlays/production/shop/release.yaml';
const chart = (version: string, image = '1.4.0') =>
  `kind: HelmRelease\nmetadata: { name: shop }\nspec:\n  chart: { spec: { chart: common, version: ${version} } }\n  values: { image: { repository: ghcr.io/acme/shop, tag: ${image} } }\n`;

test.each([
  ['its chart', chart('2.0.0'), chart('2.1.0'), ['chart common 2.0.0 -> 2.1.0'], ['chart', 'image']],
  ['its image beside a chart, which is no matter then', chart('2.0.0'), chart('2.0.0', '1.5.0'), undefined, ['image']],
  ['a pin that gives way to a range', chart('2.0.0'), chart('2.x'), ['chart common 2.0.0 -> 2.x (no pin)'], ['image']],
  ['a range that gives way to a pin', chart('2.x'), chart('2.1.0'), ['chart common 2.x -> 2.1.0'], ['chart', 'image']],
  ['another range', chart('2.x'), chart('3.x'), ['chart common 2.x -> 3.x (no pin)'], ['image']],
])('an app moves by %s', async (_, before, after, charts, kinds) => {
  const files = { 'overlays/production/shop/kustomization.yaml': 'resources: [release.yaml]\n' };
  const { held } = await inspect(comparisonOf({ ...files, [RELEASE]: before }, { ...files, [RELEASE]: after }));
  const [move] = held;
  expect(move).toMatchObject({ environment: 'production', app: 'shop', moves: true });
  expect(move?.charts).toEqual(charts);
  expect(move?.targets.map(({ kind }) => kind).sort()).toEqual(kinds);
});
