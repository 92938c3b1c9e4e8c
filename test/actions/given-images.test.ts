import { afterEach, describe, expect, test } from '@jest/globals';
import { imagesInput, withApps } from '../../src/actions/given-images.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const KEY = 'INPUT_IMAGES';

function read(images: unknown, app?: string, others: string[] = []) {
  process.env[KEY] = JSON.stringify(images);
  return withApps(imagesInput(), app, others).map((each) => {
    const { app: whose, repository, image, tag, digest } = each;
    return `${whose}: ${repository} (${image}) ${tag ?? '-'} ${digest === undefined ? '-' : 'digest'}`;
  });
}

afterEach(() => {
  delete process.env[KEY];
});

describe('images written by hand', () => {
  test.each<[what: string, images: unknown, app: string | undefined, others: string[], expected: string[]]>([
    [
      'need an app, a repository and a tag',
      [{ app: 'shop', repository: 'ghcr.io/acme/web', tag: '1.0.0' }],
      undefined,
      [],
      ['shop: ghcr.io/acme/web (web) 1.0.0 -'],
    ],
    [
      'or a digest',
      [{ app: 'shop', repository: 'ghcr.io/acme/web', digest: DIGEST }],
      undefined,
      [],
      ['shop: ghcr.io/acme/web (web) - digest'],
    ],
    [
      'may have both in the repository',
      [{ repository: `localhost:5000/web:1.0.0@${DIGEST}` }],
      undefined,
      [],
      ['web: localhost:5000/web (web) 1.0.0 digest'],
    ],
    [
      'are of the one app that an input names',
      [
        { repository: 'acme/web', tag: '1' },
        { repository: 'acme/worker', tag: '1' },
      ],
      'shop',
      [],
      ['shop: acme/web (web) 1 -', 'shop: acme/worker (worker) 1 -'],
    ],
    [
      'are of the one app that the list names',
      [
        { repository: 'acme/web', tag: '1' },
        { app: 'shop', repository: 'acme/worker', tag: '1' },
      ],
      undefined,
      [],
      ['shop: acme/web (web) 1 -', 'shop: acme/worker (worker) 1 -'],
    ],
    [
      'are of the one app that is released',
      [
        { repository: 'acme/web', tag: '1' },
        { repository: 'acme/worker', tag: '1' },
      ],
      undefined,
      ['shop'],
      ['shop: acme/web (web) 1 -', 'shop: acme/worker (worker) 1 -'],
    ],
    [
      'are taken with whatever else is said of them',
      [{ app: 'a', image: 'x', repository: 'acme/web', tag: '1', reused: 'yes', more: {} }],
      undefined,
      [],
      ['a: acme/web (web) 1 -'],
    ],
  ])('%s', (_what, images, app, others, expected) => {
    expect(read(images, app, others)).toEqual(expected);
  });

  test.each<[what: string, images: unknown, message: string]>([
    [
      'no version',
      [{ app: 'a', repository: 'acme/web' }],
      'Input "images" does not fit at "0": expected a "tag" or a "digest" of the image',
    ],
    [
      'no repository',
      [{ app: 'a', tag: '1' }],
      'Input "images" does not fit at "0.repository": Invalid key: Expected "repository" but received undefined',
    ],
    [
      'a repository that is none',
      [{ app: 'a', repository: '--upload', tag: '1' }],
      'Input "images" does not fit at "0.repository": expected an image such as ghcr.io/acme/my-app',
    ],
    [
      'a tag with a line break',
      [{ app: 'a', repository: 'web', tag: '1\nx: y' }],
      'Input "images" does not fit at "0": "1\\nx: y" is no tag of web',
    ],
    [
      'a digest that is none',
      [{ app: 'a', repository: 'web', tag: '1', digest: 'sha256:abc' }],
      'Input "images" does not fit at "0": "sha256:abc" is no digest of web: expected "sha256:" and 64 hex digits',
    ],
    [
      'no list',
      { app: 'a' },
      'Input "images" does not fit at "(top)": Invalid type: Expected Array but received Object',
    ],
  ])('are refused with %s', (_what, images, message) => {
    expect(() => read(images)).toThrow(message);
  });

  test('are refused where several apps can be meant, with the entries to complete', () => {
    const images = [
      { repository: 'acme/web', tag: '1' },
      { repository: 'acme/worker', tag: '1' },
    ];
    expect(() => read(images)).toThrow(
      'Input "images" does not say whose acme/web, acme/worker are. Name the app of each, or the one app of all of them with ' +
        'the input "app":\n\n  { "app": "…", "repository": "acme/web", … }\n  { "app": "…", "repository": "acme/worker", … }\n',
    );
    expect(() => read(images, undefined, ['a', 'b'])).toThrow('does not say whose');
  });
});
