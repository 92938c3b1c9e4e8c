import { describe, expect, test } from '@jest/globals';
import { formatReference, parseReference, sameRepository } from '../../../src/ops/carriers/image-reference.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('an image reference', () => {
  test.each([
    ['nginx', { name: 'nginx' }],
    ['nginx:1.27', { name: 'nginx', tag: '1.27' }],
    ['ghcr.io/acme/my-app:1.2.3', { name: 'ghcr.io/acme/my-app', tag: '1.2.3' }],
    ['127.0.0.1:5000/acme/my-app', { name: '127.0.0.1:5000/acme/my-app' }],
    ['localhost:5000/my-app:1', { name: 'localhost:5000/my-app', tag: '1' }],
    ['[::1]:5000/my-app:1', { name: '[::1]:5000/my-app', tag: '1' }],
    [`my_app__x@${DIGEST}`, { name: 'my_app__x', digest: DIGEST }],
    [
      `registry.digitalocean.com/a/b:v1@${DIGEST}`,
      { name: 'registry.digitalocean.com/a/b', tag: 'v1', digest: DIGEST },
    ],
  ])('%s is read in its parts and written back', (text, parts) => {
    expect(parseReference(text)).toEqual(parts);
    expect(formatReference(parts)).toBe(text);
  });

  test.each([
    '',
    'Nginx',
    'a//b',
    'a:',
    'a@sha256:12',
    '-a',
    'a b',
    `\${REGISTRY}/my-app:1`,
    'https://ghcr.io/a/b',
    'a:b:c',
    './deploy',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  test.each([
    ['nginx', 'docker.io/library/nginx', true],
    ['acme/app', 'index.docker.io/acme/app', true],
    ['GHCR.io/acme/app', 'ghcr.io/acme/app', true],
    ['acme/app', 'ghcr.io/acme/app', false],
    ['ghcr.io/acme/my-app', 'ghcr.io/acme/my-app-web', false],
    ['localhost/app', 'app', false],
    ['ghcr.io:443/acme/app', 'ghcr.io/acme/app', false],
  ])('%s and %s name one repository: %s', (one, other, same) => {
    expect(sameRepository(one, other)).toBe(same);
    expect(sameRepository(other, one)).toBe(same);
  });
});
