import { describe, expect, test } from '@jest/globals';
import { readAppsConfig } from '../../src/apps/config.js';
import { namesOf } from '../../src/images/image-names.js';
import { namesIn, spaceOf } from '../../src/images/spaces.js';

describe('images of pull requests and forks have names of their own', () => {
  test.each([
    ['ghcr.io/acme', 'previews', 'ghcr.io/acme/previews/{image}'],
    ['ghcr.io/acme', 'quarantine', 'ghcr.io/acme/quarantine/{image}'],
    ['ghcr.io/acme', 'release', 'ghcr.io/acme/{image}'],
    ['1.dkr.ecr.eu-west-1.amazonaws.com', 'previews', '1.dkr.ecr.eu-west-1.amazonaws.com/previews/{image}'],
    ['europe-docker.pkg.dev/acme/images', 'previews', 'europe-docker.pkg.dev/acme/images/previews/{image}'],
    // Docker Hub has names of two parts only.
    ['docker.io/acme', 'previews', 'docker.io/acme/{image}-previews'],
    ['docker.io/acme', 'quarantine', 'docker.io/acme/{image}-quarantine'],
    ['docker.io/acme', 'release', 'docker.io/acme/{image}'],
    ['docker.io.example/acme', 'previews', 'docker.io.example/acme/previews/{image}'],
  ] as const)('in %s as %s: %s', (registry, space, names) => {
    expect(namesIn(space, registry)).toBe(names);
  });
});

describe('whose images a run builds', () => {
  test.each([
    ['pull_request', false, 'previews'],
    ['pull_request_target', false, 'previews'],
    ['pull_request_review', false, 'previews'],
    ['merge_group', false, 'previews'],
    ['issue_comment', false, 'previews'],
    ['push', false, 'release'],
    ['workflow_dispatch', false, 'release'],
    ['schedule', false, 'release'],
    // What a pull request would release, in a dry run.
    ['pull_request', true, 'release'],
  ] as const)('by the event %s, releases given: %s', (event, releases, space) => {
    expect(spaceOf({ event, releases })).toBe(space);
  });
});

describe('the names of images', () => {
  const none = { registry: undefined, previewImages: undefined };
  const named = (text: string, given = {}, space: 'release' | 'previews' = 'previews') =>
    namesOf(readAppsConfig(text), 'Acme/apps', { ...none, ...given }, space);
  const released = 'ghcr.io/acme/{image}';

  test.each([
    ['nothing says them', '{}', {}, 'ghcr.io/acme/previews/{image}', released],
    ['the settings do', 'preview-images: ghcr.io/acme/pr/{image}', {}, 'ghcr.io/acme/pr/{image}', released],
    [
      'the input does',
      'preview-images: ghcr.io/acme/pr/{image}',
      { previewImages: 'ghcr.io/x/{image}' },
      'ghcr.io/x/{image}',
      released,
    ],
    [
      'the registry is elsewhere',
      'registry: docker.io/shop',
      {},
      'docker.io/shop/{image}-previews',
      'docker.io/shop/{image}',
    ],
  ])('where %s', (_, text, given, own, asRelease) => {
    expect(named(text, given)).toEqual({ own, released: asRelease });
  });

  test('of releases are never those of pull requests', () => {
    expect(named('preview-images: ghcr.io/acme/pr/{image}', {}, 'release')).toEqual({ own: released, released });
  });

  test.each([
    [
      'preview-images: ghcr.io/acme/{image}',
      {},
      'ostack.yaml: "preview-images" is "ghcr.io/acme/{image}", which is where releases go',
    ],
    [
      'preview-images: ghcr.io/acme/pr',
      {},
      'ostack.yaml: "preview-images" is "ghcr.io/acme/pr", expected "{image}" once',
    ],
    [
      '{}',
      { previewImages: '{image}/{image}' },
      'Input "preview-images" is "{image}/{image}", expected "{image}" once',
    ],
  ])('%s with %j is refused', (text, given, message) => {
    expect(() => named(text, given)).toThrow(message);
  });

  test('in the settings say a registry and a name', () => {
    expect(() => readAppsConfig('preview-images: https://ghcr.io/{image}')).toThrow('expected a registry and a name');
  });
});
