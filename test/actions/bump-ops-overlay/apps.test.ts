import { describe, expect, test } from '@jest/globals';
import { appTargets } from '../../../src/actions/bump-ops-overlay/apps.js';
import type { Image } from '../../../src/images/image.js';
import { DIGEST, SOURCE } from './support.js';

const context = { repository: 'acme/apps', sha: SOURCE };
const none = { images: [], releases: [], single: undefined };
const image = (app: string, name: string, tag: string): Image => ({
  app,
  image: name,
  repository: `ghcr.io/acme/${name}`,
  tag,
  digest: DIGEST,
  reused: false,
  platforms: [],
});

describe('what is deployed', () => {
  test('is each app with its images together', () => {
    const images = [image('shop', 'shop', '1.0.0'), image('mail', 'mail', '2.0.0'), image('shop', 'shop-web', '1.0.0')];
    expect(
      appTargets({ ...none, images }, context).map(({ app, version, images: own }) => [
        app,
        version,
        own.map((each) => each.image),
      ]),
    ).toEqual([
      ['shop', '1.0.0', ['shop', 'shop-web']],
      ['mail', '2.0.0', ['mail']],
    ]);
  });

  test.each([
    ['1.4.0', '1.4.0'],
    ['v1.4.0', '1.4.0'],
    ['main-3f2a1b', 'main-3f2a1b'],
    ['my-app-v1.4.0', 'my-app-v1.4.0'],
    ['2026-11-21', '2026-11-21'],
  ])('reads the tag %s as %s', (tag, version) => {
    const single = { repository: 'ghcr.io/acme/web', tag, digest: undefined, app: undefined };
    expect(appTargets({ ...none, single }, context)[0]).toMatchObject({ app: 'web', version });
  });

  test('is what a digest alone pins, whose first digits are its version for people', () => {
    const version = DIGEST.slice(0, 19);
    const single = { repository: 'ghcr.io/acme/web', tag: undefined, digest: DIGEST, app: undefined };
    const given = { app: 'shop', image: 'web', repository: 'ghcr.io/acme/web', tag: undefined, digest: DIGEST };
    const expected = { version, images: [{ repository: 'ghcr.io/acme/web', tag: undefined, digest: DIGEST }] };
    expect(appTargets({ ...none, single }, context)[0]).toMatchObject({ app: 'web', ...expected });
    expect(appTargets({ ...none, images: [given] }, context)[0]).toMatchObject({ app: 'shop', ...expected });
  });

  test('is refused where the images of one app disagree', () => {
    const images = [image('shop', 'shop', '1.0.0'), image('shop', 'shop-web', '1.1.0')];
    expect(() => appTargets({ ...none, images }, context)).toThrow(
      'The images of shop have different tags (1.0.0, 1.1.0), expected one version.',
    );
  });
});
