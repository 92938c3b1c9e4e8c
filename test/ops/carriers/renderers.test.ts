import { describe, expect, test } from '@jest/globals';
import type { OverlayFile } from '../../../src/ops/carriers/overlay-file.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\nspec:\n${spec.replace(/^(?=.)/gm, '  ')}`;

describe('values that a post-renderer overrides', () => {
  const OTHER = `sha256:${'b'.repeat(64)}`;
  const target = { ...WEB, digest: `sha256:${'a'.repeat(64)}` };
  const file = (image: string, entry: string): OverlayFile => ({
    path: 'web.yaml',
    text: release(
      `values:\n  image: { repository: ghcr.io/acme/web, ${image} }\npostRenderers:\n- kustomize:\n    images:\n    - { name: ghcr.io/acme/web, ${entry} }\n`,
    ),
  });

  test.each<[what: string, image: string, entry: string, after: [image: string, entry: string]]>([
    ['no version', 'tag: null', `digest: "${OTHER}"`, ['tag: null', `digest: "${target.digest}"`]],
    ['an empty one', 'tag: ""', 'newTag: 1.0.0', ['tag: ""', `newTag: 2.0.0, digest: ${target.digest}`]],
    ['a version', 'tag: 1.0.0', `digest: "${OTHER}"`, ['tag: 2.0.0', `digest: "${target.digest}"`]],
    [
      'a version while it has the new one already',
      'tag: 1.0.0',
      `newTag: 2.0.0, digest: "${target.digest}"`,
      ['tag: 1.0.0', `newTag: 2.0.0, digest: "${target.digest}"`],
    ],
    [
      'a digest that both share',
      `tag: 1.0.0, digest: &pin "${OTHER}"`,
      'newTag: 1.0.0, digest: *pin ',
      [`tag: 2.0.0, digest: &pin "${target.digest}"`, 'newTag: 2.0.0, digest: *pin '],
    ],
    [
      'a tag that both share',
      `tag: &v 1.0.0, digest: "${OTHER}"`,
      `newTag: *v , digest: "${OTHER}"`,
      [`tag: &v 2.0.0, digest: "${target.digest}"`, `newTag: *v , digest: "${target.digest}"`],
    ],
  ])('with %s', (_, image, entry, [imageAfter, entryAfter]) => {
    const before = file(image, entry);
    const [after = before] = setVersions([before], [target], 'here').files;
    expect(after.text).toBe(file(imageAfter, entryAfter).text);
  });
});
