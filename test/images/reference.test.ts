import { describe, expect, test } from '@jest/globals';
import { parseReference, repositoryOf, versionTag } from '../../src/images/reference.js';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('an image name', () => {
  test.each([
    ['node', 'docker.io', 'library/node', undefined, undefined],
    ['node:24-slim', 'docker.io', 'library/node', '24-slim', undefined],
    ['acme/web', 'docker.io', 'acme/web', undefined, undefined],
    ['index.docker.io/acme/web', 'docker.io', 'acme/web', undefined, undefined],
    ['ghcr.io/acme/web:1.4.0', 'ghcr.io', 'acme/web', '1.4.0', undefined],
    [`ghcr.io/acme/web:1.4.0@${DIGEST}`, 'ghcr.io', 'acme/web', '1.4.0', DIGEST],
    [`ghcr.io/acme/web@${DIGEST}`, 'ghcr.io', 'acme/web', undefined, DIGEST],
    ['127.0.0.1:5000/a/b/c:x', '127.0.0.1:5000', 'a/b/c', 'x', undefined],
    ['localhost/web', 'localhost', 'web', undefined, undefined],
    ['registry.digitalocean.com/acme/my_app.web', 'registry.digitalocean.com', 'acme/my_app.web', undefined, undefined],
  ])('%s', (text, registry, path, tag, digest) => {
    expect(parseReference(text)).toEqual({ registry, path, tag, digest });
  });

  test.each([
    ['', 'expected lower-case letters'],
    ['Acme/web', 'expected lower-case letters, digits and separators in "Acme/web"'],
    ['ghcr.io/acme/web:', 'expected a tag'],
    ['ghcr.io/acme/web:a b', 'expected a tag'],
    ['ghcr.io/acme/web@sha256:abc', 'expected "sha256:" and 64 hex digits'],
    ['https://ghcr.io/acme', 'expected'],
    ['ghcr.io/../x', 'expected lower-case'],
  ])('"%s" is none', (text, problem) => {
    expect(() => parseReference(text)).toThrow(problem);
  });

  test('is complete without its tag', () => {
    expect(repositoryOf(parseReference('node:24'))).toBe('docker.io/library/node');
  });
});

test.each([
  ['1.4.0', '1.4.0'],
  ['1.4.0-rc.1', '1.4.0-rc.1'],
  ['1.4.0+build.5', '1.4.0_build.5'],
])('version %s is the tag %s', (version, tag) => {
  expect(versionTag(version)).toBe(tag);
});
