import { describe, expect, test } from '@jest/globals';
import { setVersions } from '../../../../src/ops/carriers/set-version.js';
import { APP, NEW, OLD, set, TAG_ONLY, WORKER } from '../support.js';

describe('Helm values', () => {
  test.each([
    [
      'repository and tag',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.3.0\n',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0\n',
    ],
    [
      'registry apart, with a digest',
      `web:\n  image:\n    registry: ghcr.io\n    repository: acme/my-app\n    tag: "1.3.0"\n    digest: ""\n`,
      `web:\n  image:\n    registry: ghcr.io\n    repository: acme/my-app\n    tag: "1.4.0"\n    digest: "${NEW}"\n`,
    ],
    [
      'the digest behind the tag',
      `image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.3.0@${OLD}\n`,
      `image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0@${NEW}\n`,
    ],
    [
      'the repository only',
      'image: {repository: ghcr.io/acme/my-app}\n',
      'image: {repository: ghcr.io/acme/my-app, tag: 1.4.0}\n',
    ],
    ['the name as image', 'image: ghcr.io/acme/my-app\ntag: 1.3.0\n', 'image: ghcr.io/acme/my-app\ntag: 1.4.0\n'],
    [
      'the name as image and a tag for it',
      'image: ghcr.io/acme/my-app\nimageTag: 1.3.0\n',
      'image: ghcr.io/acme/my-app\nimageTag: 1.4.0\n',
    ],
    ['a name', 'image: {name: ghcr.io/acme/my-app, tag: v1.3.0}\n', 'image: {name: ghcr.io/acme/my-app, tag: 1.4.0}\n'],
    [
      'a tag that YAML reads as a number',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.10\n',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0\n',
    ],
  ])('with %s are set', (_, before, after) => {
    expect(set(before)).toBe(after);
  });

  test('without a digest for the target have their digest emptied', () => {
    const text = `image: {repository: ghcr.io/acme/my-app, tag: 1.3.0, digest: "${OLD}"}\n`;
    expect(set(text, TAG_ONLY)).toBe('image: {repository: ghcr.io/acme/my-app, tag: 1.4.0, digest: ""}\n');
  });

  test('of a HelmRelease and in a ConfigMap are set', () => {
    const text = `kind: HelmRelease
spec:
  chart: {spec: {chart: app, version: 1.3.0}}
  values:
    image:
      repository: ghcr.io/acme/my-app
      tag: 1.3.0
---
kind: ConfigMap
data:
  values.yaml: |
    image:
      repository: ghcr.io/acme/my-app

      tag: 1.3.0
  run.sh: |
    echo "image: ghcr.io/acme/my-app:1.3.0"
`;
    expect(set(text)).toBe(text.replaceAll(' tag: 1.3.0', ' tag: 1.4.0'));
  });

  test('several images of an app are each found by their own repository', () => {
    const text = `web: {image: {repository: ghcr.io/acme/my-app, tag: 1.3.0}}
worker: {image: {repository: ghcr.io/acme/my-app-worker, tag: 1.3.0}}
db: {image: {repository: postgres, tag: 1.3.0}}
`;
    const { files, changes, missing } = setVersions(
      [{ path: 'v.yaml', text }],
      [APP, { ...WORKER, tag: '2.0.0' }],
      'o',
    );
    expect(files[0]?.text).toBe(text.replace('1.3.0', '1.4.0').replace('worker, tag: 1.3.0', 'worker, tag: 2.0.0'));
    expect(changes).toEqual([
      { file: 'v.yaml', line: 1, path: 'web.image.tag', before: '1.3.0', after: '1.4.0' },
      { file: 'v.yaml', line: 2, path: 'worker.image.tag', before: '1.3.0', after: '2.0.0' },
    ]);
    expect(missing).toEqual([]);
  });

  test('that merge their repository from an anchor are found', () => {
    const text = `defaults: &image {repository: ghcr.io/acme/my-app, tag: 1.2.0}
web: {image: {<<: *image, tag: 1.3.0}}
job: {image: {<<: *image}}
`;
    expect(set(text)).toBe(text.replace('1.2.0', '1.4.0').replace('1.3.0', '1.4.0'));
  });

  test('that share a tag by an anchor are changed at the anchor', () => {
    const text = `web: {image: {repository: ghcr.io/acme/my-app, tag: &v 1.3.0}}
job: {image: {repository: ghcr.io/acme/my-app, tag: *v}}
`;
    expect(set(text)).toBe(text.replace('1.3.0', '1.4.0'));
  });
});
