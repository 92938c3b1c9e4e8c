import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foreignReleases, foreignTags, highestForeign } from '../../src/release/foreign-tags.js';
import { anyText } from '../support/any-text.js';

const SEVERAL = [
  { name: 'shop', path: 'apps/shop' },
  { name: 'shop-api', path: 'apps/api' },
];
const ONE = [{ name: 'shop', path: '.' }];

const read = (names: readonly string[], apps: typeof ONE) =>
  foreignTags(
    names.map((name) => ({ name, commit: 'c' })),
    apps,
  );

describe('tags of other tools', () => {
  test.each<[tag: string, format: string | undefined, version: string]>([
    ['1.4.0', '{version}', '1.4.0'],
    ['v1.4.0', 'v{version}', '1.4.0'],
    ['V1.4.0', 'V{version}', '1.4.0'],
    ['v.1.4.0', 'v.{version}', '1.4.0'],
    ['v1.4.0-rc.1', 'v{version}', '1.4.0-rc.1'],
    ['v1.4.0+build.7', 'v{version}', '1.4.0'],
    ['release-1.4.0', 'release-{version}', '1.4.0'],
    ['releases/v2.4.0', 'releases/v{version}', '2.4.0'],
    ['release/2.4.0', 'release/{version}', '2.4.0'],
    ['Release-2.4.0', 'Release-{version}', '2.4.0'],
    ['RELEASE_2.4.0', 'RELEASE_{version}', '2.4.0'],
    ['release2.4.0', 'release{version}', '2.4.0'],
    ['release@2.4.0', 'release@{version}', '2.4.0'],
    ['rel/1.2.3', 'rel/{version}', '1.2.3'],
    ['rel-v1.2.3', 'rel-v{version}', '1.2.3'],
    ['ver1.2.3', 'ver{version}', '1.2.3'],
    ['version_1.2.3', 'version_{version}', '1.2.3'],
    ['tags/v1.2.3', 'tags/v{version}', '1.2.3'],
    ['v2.4.0.RELEASE', 'v{version}.RELEASE', '2.4.0'],
    ['2.4.0.Final', '{version}.Final', '2.4.0'],
    ['2.4.0.GA', '{version}.GA', '2.4.0'],
    ['2.4.0-final', '{version}-final', '2.4.0'],
    ['shop-1.4.0', '{app}-{version}', '1.4.0'],
    ['Shop-1.4.0', 'Shop-{version}', '1.4.0'],
    ['SHOP_V1.4.0', 'SHOP_V{version}', '1.4.0'],
    ['acme-shop-1.4.0', 'acme-shop-{version}', '1.4.0'],
    ['shop-parent-1.4.0', 'shop-parent-{version}', '1.4.0'],
    ['@acme/shop-server@1.4.0', '@acme/shop-server@{version}', '1.4.0'],
    ['2.4.0.CR1', undefined, '2.4.0-CR1'],
    ['2.4.0.M1', undefined, '2.4.0-M1'],
    ['2.4.0.SP1', undefined, '2.4.0'],
    ['1.2.3rc1', undefined, '1.2.3-rc1'],
    ['1.2.3.dev4', undefined, '1.2.3-dev4'],
    ['1.2.3.post1', undefined, '1.2.3'],
    ['v1.4', undefined, '1.4.0'],
    ['v1.2.3.4', undefined, '1.2.3'],
    ['REL_14_2', undefined, '14.2.0'],
    ['release-1-2-3', undefined, '1.2.3'],
  ])('of one app: %s', (name, format, version) => {
    expect(read([name], ONE)).toMatchObject([{ name, format, version, dated: false }]);
  });

  test.each<[tag: string, format: string | undefined, app: string | undefined, version: string]>([
    ['shop@2.4.0', '{app}@{version}', 'shop', '2.4.0'],
    ['@acme/shop@2.4.0', '@acme/{app}@{version}', 'shop', '2.4.0'],
    ['shop/v2.4.0', '{app}/v{version}', 'shop', '2.4.0'],
    ['apps/shop/v2.4.0', 'apps/{app}/v{version}', 'shop', '2.4.0'],
    ['release-shop-2.4.0', 'release-{app}-{version}', 'shop', '2.4.0'],
    ['releases/shop/2.4.0', 'releases/{app}/{version}', 'shop', '2.4.0'],
    ['shop-api-v2.4.0', '{app}-v{version}', 'shop-api', '2.4.0'],
    ['shop-v2.4.0.RELEASE', '{app}-v{version}.RELEASE', 'shop', '2.4.0'],
    ['shop2.4.0', undefined, 'shop', '2.4.0'],
    ['apps/api/v2.4.0', undefined, 'shop-api', '2.4.0'],
    ['apps/api-2.4.0', undefined, 'shop-api', '2.4.0'],
    ['v2.4.0', undefined, undefined, '2.4.0'],
  ])('of several apps: %s', (name, format, app, version) => {
    expect(read([name], SEVERAL)).toMatchObject([{ name, format, app, version, dated: false, counts: true }]);
  });

  test.each<[tag: string, app: string | undefined, version: string]>([
    ['v2026.04.28', undefined, '2026.4.28'],
    ['2026.4.28', undefined, '2026.4.28'],
    ['2026-04-28', undefined, '2026.4.28'],
    ['2026_04_28', undefined, '2026.4.28'],
    ['20260428', undefined, '20260428.0.0'],
    ['release-20260428', undefined, '20260428.0.0'],
    ['release-20260428.2', undefined, '20260428.2.0'],
    ['2026.04.28.1', undefined, '2026.4.28'],
    ['26.04', undefined, '26.4.0'],
    ['shop-2026.04.28', 'shop', '2026.4.28'],
    ['shop-v2026.4.28', 'shop', '2026.4.28'],
    ['shop/2026-04-28', 'shop', '2026.4.28'],
    ['apps/api/20260428', 'shop-api', '20260428.0.0'],
  ])('that count days: %s', (name, app, version) => {
    expect(read([name], SEVERAL)).toMatchObject([
      { name, format: undefined, app, version, dated: true, counts: false },
    ]);
  });

  test.each([
    'v1',
    'latest',
    'web@1.0.0',
    'nightly-2026-11-01',
    'x/v1.0.0',
    'legacy/shop/v1.0.0',
    'shop-old-1.0.0',
    'reviewed-1.0.0',
    'v1.0.0.before-the-move',
    'v1.2.3.4.5',
    '12345678',
    '',
  ])('%j is none', (name) => {
    expect(read([name], SEVERAL)).toEqual([]);
  });

  test.each(['workshop-1.4.0', 'shopping-1.4.0', 'nightly-1.4.0'])('%j is none of the only app either', (name) => {
    expect(read([name], ONE)).toEqual([]);
  });

  test('come highest first', () => {
    expect(read(['v1.9.0', 'v1.10.0', 'v1.10.0-rc.1'], ONE).map(({ name }) => name)).toEqual([
      'v1.10.0',
      'v1.10.0-rc.1',
      'v1.9.0',
    ]);
  });

  test('any name of a tag is read or left alone', () => {
    fc.assert(fc.property(anyText(), (name) => Array.isArray(read([name], SEVERAL))));
  });

  test.each(['1.', 'v', '-', 'release', 'shop', '9', '1-', '.'])('no name takes long: %s', (run) => {
    expect(read([run.repeat(60_000), `v1.0.0${run.repeat(60_000)}!`], SEVERAL)).toEqual([]);
  });
});

describe('an app that has only such tags', () => {
  const asks = (names: readonly string[], first: string, asked = false, apps = ONE) =>
    foreignReleases({ name: 'shop' }, highestForeign(read(names, apps)), { first, asked, example: 'shop-v1.2.3' });

  test.each<[string, string[], string, string]>([
    ['goes on in their format', ['release/2.4.0'], '"tag-format: \'release/{version}\'"', '"first-version: 2.5.0"'],
    ['in that of those that are done', ['2.4.0.Final', '2.5.0.CR1'], '"tag-format: \'{version}.Final\'"', ''],
    ['or above them', ['2.4.0.Final', '2.5.0.CR1'], '', '"first-version: 2.5.0"'],
    ['above those that no format reads', ['REL_14_2'], 'cannot count on', '"first-version: 14.3.0"'],
    ['anywhere after days', ['v2026.04.28'], 'cannot count on', '"first-version: 1.0.0"'],
  ])('%s', (_name, tags, ...ways) => {
    const why = asks(tags, '0.1.0');
    for (const way of ways) {
      expect(why).toContain(way);
    }
  });

  test.each<[string, string[], string, boolean, boolean]>([
    ['below them', ['v1.4.0'], '0.1.0', false, true],
    ['below them on purpose', ['v1.4.0'], '1.0.0', true, true],
    ['below two numbers on purpose', ['v1.4'], '1.0.0', true, true],
    ['at them', ['v1.4.0'], '1.4.0', true, true],
    ['above them', ['v1.4.0'], '1.5.0', true, false],
    ['after days by chance', ['2026.04.28'], '0.1.0', false, true],
    ['after days on purpose', ['2026.04.28'], '1.0.0', true, false],
    ['without any', [], '0.1.0', false, false],
  ])('may start %s: %j with %s (asked: %s) is refused: %s', (_name, tags, first, asked, refused) => {
    expect(asks(tags, first, asked) !== undefined).toBe(refused);
  });
});
