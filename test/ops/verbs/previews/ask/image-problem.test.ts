import { expect, test } from '@jest/globals';
import { type AllowedImages, imageProblem } from '../../../../../src/ops/verbs/previews/ask/image-problem.js';

const image = (repository: string) => ({
  ...{ image: 'web', repository, tag: '1', digest: `sha256:${'a'.repeat(64)}` },
});
const HOST: AllowedImages = { patterns: undefined, running: ['ghcr.io/acme/web', 'redis'], space: 'previews' };

const table: [repository: string, allowed: Partial<AllowedImages>, fits: boolean][] = [
  ['ghcr.io/acme/previews/web', {}, true],
  ['ghcr.io/acme/previews/new-app', {}, true],
  ['ghcr.io/acme/web', {}, false],
  ['ghcr.io/acme/quarantine/web', {}, false],
  ['ghcr.io/mallory/previews/web', {}, false],
  ['ghcr.io.evil.example/acme/previews/web', {}, false],
  ['evil.example/ghcr.io/acme/previews/web', {}, false],
  ['previews/web', {}, false],
  ['ghcr.io/acme/quarantine/web', { space: 'quarantine' }, true],
  ['ghcr.io/acme/previews/web', { space: 'quarantine' }, false],
  ['acme/web-previews', { running: ['acme/web'] }, true],
  ['docker.io/acme/web-previews', { running: ['docker.io/acme/web'] }, true],
  ['docker.io/mallory/web-previews', { running: ['acme/web'] }, false],
  ['127.0.0.1:5000/acme/previews/web', { running: ['127.0.0.1:5000/acme/web'] }, true],
  ['ghcr.io/acme/previews/web', { running: [] }, false],
  ['quay.io/acme/web-pr', { patterns: ['quay.io/acme/*-pr'] }, true],
  ['ghcr.io/acme/previews/web', { patterns: ['quay.io/acme/*-pr'] }, false],
];

test.each(table)('whether previews take %s, with %j', (repository, allowed, fits) => {
  const problem = imageProblem([{ app: 'web', images: [image(repository)] }], { ...HOST, ...allowed }, 'staging');
  expect(problem === undefined).toBe(fits);
});

test('what is refused is named with what is taken, and the lines to paste', () => {
  const apps = [{ app: 'web', images: [image('ghcr.io/acme/previews/web'), image('evil.example/web')] }];
  expect(imageProblem(apps, HOST, 'staging')).toBe(
    'The image evil.example/web is none that previews take: they take ghcr.io/acme/previews/*, docker.io/library/*-previews. ' +
      'To take others, name them in ostack.yaml of the ops repository: "previews: { host: staging, images: [evil.example/web] }".',
  );
});
