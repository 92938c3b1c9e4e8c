import { describe, expect, test } from '@jest/globals';
import {
  type BuildRecord,
  type EarlierImage,
  readBuildRecord,
  writeBuildRecord,
} from '../../src/images/build-record.js';
import { buildsIn, carriedOn, knownBuilds } from '../../src/images/known-builds.js';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const build = (name: string, key: string | undefined, letter: string, layers?: string): EarlierImage => ({
  ...{ repository: `ghcr.io/acme/${name}`, digest: digest(letter) },
  ...(key !== undefined && { key }),
  ...(layers !== undefined && { layers: digest(layers) }),
});

describe('what earlier runs built', () => {
  const all = [
    build('web', 'k2', 'b', 'e'),
    build('api', 'k1', 'c'),
    build('web', 'k1', 'a', 'd'),
    build('web', 'k2', 'f'),
  ];

  test.each([
    ['web', 'k1', digest('a')],
    // The newest build of a content is the one.
    ['web', 'k2', digest('b')],
    ['api', 'k1', digest('c')],
    // A content of one image is none of another.
    ['api', 'k2', undefined],
    ['other', 'k1', undefined],
  ])('of %s from %s is %s', (name, key, expected) => {
    expect(knownBuilds(all).digestOf(`ghcr.io/acme/${name}`, key)).toBe(expected);
  });

  test('leaves the layers of the newest build', () => {
    const known = knownBuilds(all);
    expect(known.layersOf('ghcr.io/acme/web')).toBe(digest('e'));
    expect(known.layersOf('ghcr.io/acme/api')).toBeUndefined();
  });

  test('is what a record lists before what it carries on', () => {
    const record: BuildRecord = {
      ...{ version: 1, commit: '0'.repeat(40) },
      images: [{ app: 'shop', tag: '1.0.0', ...build('web', 'k2', 'b') }],
      earlier: [build('web', 'k1', 'a', 'd')],
    };
    expect(buildsIn(readBuildRecord(writeBuildRecord(record)))).toEqual([
      build('web', 'k2', 'b'),
      build('web', 'k1', 'a', 'd'),
    ]);
  });
});

describe('what a record carries on', () => {
  test('is of each content the newest build, without what the run lists itself and without what has no key', () => {
    const known = [
      build('web', 'k2', 'b'),
      build('web', undefined, 'c'),
      build('web', 'k1', 'a'),
      build('web', 'k1', 'd'),
    ];
    expect(carriedOn([build('web', 'k2', 'e'), build('api', 'k1', 'f')], known)).toEqual([build('web', 'k1', 'a')]);
  });

  test('is bounded, for one image and for all', () => {
    const one = Array.from({ length: 9 }, (_, index) => build('web', `k${index}`, 'a'));
    expect(carriedOn([], one)).toEqual(one.slice(0, 5));
    const many = Array.from({ length: 1500 }, (_, index) => build(`app-${index}`, 'k', 'a'));
    expect(carriedOn([], many)).toHaveLength(1000);
  });
});
