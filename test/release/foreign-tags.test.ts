import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foreignTags } from '../../src/release/foreign-tags.js';

const read = (...names: string[]) =>
  foreignTags(
    names.map((name) => ({ name, commit: 'c' })),
    ['shop', 'shop-api'],
  ).map(({ name, format, app, version, dated }) => [name, format, app, version, dated]);

describe('tags of other tools', () => {
  test.each<[string, string, string | undefined, string, boolean]>([
    ['1.4.0', '{version}', undefined, '1.4.0', false],
    ['v1.4.0', 'v{version}', undefined, '1.4.0', false],
    ['v1.4.0-rc.1', 'v{version}', undefined, '1.4.0-rc.1', false],
    ['release-1.4.0', 'release-{version}', undefined, '1.4.0', false],
    ['shop@2.4.0', '{app}@{version}', 'shop', '2.4.0', false],
    ['@acme/shop@2.4.0', '@acme/{app}@{version}', 'shop', '2.4.0', false],
    ['shop/v2.4.0', '{app}/v{version}', 'shop', '2.4.0', false],
    ['shop-api-v2.4.0', '{app}-v{version}', 'shop-api', '2.4.0', false],
    ['v1.4', 'v{version}', undefined, '1.4.0', true],
    ['v2026.04.28', 'v{version}', undefined, '2026.4.28', true],
    ['2026.4.28', '{version}', undefined, '2026.4.28', true],
  ])('%s is %s', (name, format, app, version, dated) => {
    expect(read(name)).toEqual([[name, format, app, version, dated]]);
  });

  test.each(['v1', 'latest', 'web@1.0.0', 'nightly-2026-11-01', 'v1.2.3.4', 'x/v1.0.0', 'shop-old-1.0.0', ''])(
    '%j is none',
    (name) => {
      expect(read(name)).toEqual([]);
    },
  );

  test('come highest first', () => {
    expect(read('v1.9.0', 'v1.10.0', 'v1.10.0-rc.1').map(([name]) => name)).toEqual([
      'v1.10.0',
      'v1.10.0-rc.1',
      'v1.9.0',
    ]);
  });

  test('any name of a tag is read or left alone', () => {
    fc.assert(fc.property(fc.string(), (name) => Array.isArray(read(name))));
  });
});
