import { expect, test } from '@jest/globals';
import { imagePattern, isPattern } from '../../../src/ops/kustomize/image-pattern.js';

test.each<[name: string, images: string[], others: string[]]>([
  [
    'ghcr.io/acme/web',
    ['ghcr.io/acme/web', 'ghcr.io/acme/web:1.0.0', 'ghcr.io/acme/web@sha256:00'],
    ['ghcr.io/acme/web-api'],
  ],
  ['ghcr.io/acme/.*', ['ghcr.io/acme/web:1.0.0', 'ghcr.io/acme/a/b'], ['ghcr.io/other/web']],
  ['.*/web', ['ghcr.io/acme/web:1', 'a/web'], ['web', 'a/web-b']],
  ['ghcr\\.io/acme/[a-z]+', ['ghcr.io/acme/web:1.0.0'], ['ghcr-io/acme/web', 'ghcr.io/acme/2']],
  ['ghcr.io/(acme|other)/web', ['ghcr.io/other/web:2'], ['ghcr.io/third/web']],
])('an entry for %s is for all images that it matches', (name, images, others) => {
  const pattern = imagePattern(name);
  expect(images.filter((image) => pattern?.test(image) !== true)).toEqual([]);
  expect(others.filter((image) => pattern?.test(image) === true)).toEqual([]);
});

test.each(['(a+)+', 'a**', 'a*b*c*d*e*', '(?i)web', '\\w+', 'a{2}', '(', '[z-a]', '{{ .image }}', 'a b'])(
  'what takes long or may mean something else is not followed: %s',
  (name) => {
    expect(imagePattern(name)).toBeUndefined();
  },
);

test.each([
  ['ghcr.io/acme/web', false],
  ['ghcr.io:5000/acme/web_a-b', false],
  ['ghcr.io/acme/.*', true],
  ['^web$', true],
])('%s is the name of several: %s', (name, expected) => {
  expect(isPattern(name)).toBe(expected);
});
