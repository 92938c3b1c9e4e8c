import { expect, test } from '@jest/globals';
import { gitSource } from '../../src/materialize/sources/render-kustomization.js';

test.each([
  ['https://github.com/acme/cat', 'https://github.com/acme/cat', ''],
  ['https://github.com/acme/cat//deploy/base?ref=v1', 'https://github.com/acme/cat', 'deploy/base'],
  ['github.com/acme/cat/deploy?ref=v1', 'https://github.com/acme/cat', 'deploy'],
  ['https://github.com/acme/cat.git/deploy', 'https://github.com/acme/cat', 'deploy'],
  ['git::https://git.test/acme/cat.git//deploy', 'https://git.test/acme/cat', 'deploy'],
  ['https://gitlab.test/group/sub/cat//deploy/', 'https://gitlab.test/group/sub/cat', 'deploy'],
  ['https://gitlab.test/group/sub/cat.git/deploy', 'https://gitlab.test/group/sub/cat', 'deploy'],
  ['https://dev.azure.test/acme/shop/_git/cat/deploy?ref=v1', 'https://dev.azure.test/acme/shop/_git/cat', 'deploy'],
  ['https://git.test:8443/acme/cat//deploy', 'https://git.test:8443/acme/cat', 'deploy'],
])('where the repository of %s ends', (text, url, folder) => {
  expect(gitSource(text)).toMatchObject({ source: { url }, folder });
});

test.each(['git@github.com:acme/cat//deploy', 'ssh://git@github.com/acme/cat', 'https://me:key@github.com/acme/cat'])(
  '%s is none that is fetched',
  (text) => {
    expect(gitSource(text)).toBeUndefined();
  },
);
