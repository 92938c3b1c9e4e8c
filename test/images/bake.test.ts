import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bakeDefinition, bakeText, readBakeText, targetNames } from '../../src/images/bake.js';
import { contentTag } from '../../src/images/content-key.js';
import type { BuildSettings, PlannedImage } from '../../src/images/plan.js';

const WEB: PlannedImage = {
  app: 'shop',
  image: 'shop-web',
  repository: 'ghcr.io/acme/shop-web',
  version: '1.4.0',
  tags: ['1.4.0', 'content-x'],
  context: 'apps/shop',
  file: 'apps/shop/web/Dockerfile',
  shared: [],
};
const PREVIEW = { ...WEB, repository: 'ghcr.io/acme/previews/shop-web', released: WEB.repository };
const SETTINGS: BuildSettings = {
  root: '/work',
  space: 'release',
  source: 'https://github.com/acme/apps',
  revision: 'a'.repeat(40),
  createdAt: 1_772_366_400,
  platforms: [],
  buildArgs: { MODE: 'x' },
  secrets: [{ id: 'TOKEN', variable: 'OSTACK_SECRET_0' }],
  cache: 'registry',
  provenance: false,
  sbom: false,
  push: true,
};

describe('the definition of a build', () => {
  test('of one image', () => {
    expect(bakeDefinition([WEB], SETTINGS, 'docker')).toMatchSnapshot();
  });

  test('of an index says its annotations on both levels and names the platforms', () => {
    const settings = { ...SETTINGS, platforms: ['linux/amd64', 'linux/arm64'], provenance: true, sbom: true };
    const target = bakeDefinition([WEB], settings, 'docker').target['shop-web'];
    expect(target?.annotations[0]).toBe('index,manifest:org.opencontainers.image.title=shop-web');
    expect(target).toMatchObject({
      platforms: ['linux/amd64', 'linux/arm64'],
      attest: ['type=provenance,mode=min', 'type=sbom'],
    });
  });

  test.each([
    ['gha', 'release', ['gha,scope=shop-web'], 'gha,scope=shop-web'],
    ['gha', 'previews', ['gha,scope=previews-shop-web', 'gha,scope=shop-web'], 'gha,scope=previews-shop-web'],
    ['registry', 'release', undefined, `registry,ref=${WEB.repository}:buildcache`],
    [
      'registry',
      'previews',
      [`registry,ref=${PREVIEW.repository}:buildcache`, `registry,ref=${WEB.repository}:buildcache`],
      `registry,ref=${PREVIEW.repository}:buildcache`,
    ],
    ['none', 'release', undefined, undefined],
    ['none', 'previews', undefined, undefined],
  ] as const)('with the cache %s, of %s', (cache, space, from, to) => {
    const image = space === 'release' ? WEB : PREVIEW;
    const target = bakeDefinition([image], { ...SETTINGS, cache, space }, 'docker').target['shop-web'];
    expect(target?.['cache-from']).toEqual(from?.map((one) => `type=${one}`));
    const kept = target?.['cache-to']?.map((one) => one.replace(/,mode=max,.*$/, ''));
    expect(kept).toEqual(to === undefined ? undefined : [`type=${to}`]);
  });

  test('of a release takes no layers but those that an earlier release recorded, by their digest', () => {
    const layers = `sha256:${'d'.repeat(64)}`;
    const target = bakeDefinition([{ ...WEB, layers }], SETTINGS, 'docker').target['shop-web'];
    expect(target?.['cache-from']).toEqual([`type=registry,ref=${WEB.repository}@${layers}`]);
  });

  test('of a pull request asks no other registry for layers than its own', () => {
    const far = { ...PREVIEW, released: 'registry.acme.com/acme/shop-web' };
    const target = bakeDefinition([far], { ...SETTINGS, space: 'previews' }, 'docker').target['shop-web'];
    expect(target?.['cache-from']).toEqual([`type=registry,ref=${PREVIEW.repository}:buildcache`]);
  });

  test('pushes with docker’s own builder in a way that buildx does not repeat', () => {
    const output = (builder: 'docker' | 'other') =>
      bakeDefinition([WEB], SETTINGS, builder).target['shop-web']?.output[0];
    expect(output('docker')).toMatch(/,push=$/);
    expect(output('other')).toMatch(/,push=true$/);
  });

  test('without a push writes nothing anywhere', () => {
    const target = bakeDefinition([WEB], { ...SETTINGS, push: false }, 'docker').target['shop-web'];
    expect([target?.output, target?.['cache-to']]).toEqual([['type=cacheonly'], undefined]);
  });

  test('names targets apart', () => {
    const named = ['a.b', 'a_b', 'a-b', 'a_b_2'].map((image) => ({ ...WEB, image }));
    expect(targetNames(named)).toEqual(['a_b', 'a_b_2', 'a-b', 'a_b_2_2']);
  });

  test('keeps every text as it is, whatever bake would evaluate in it', () => {
    const text = fc.oneof(fc.string({ unit: fc.constantFrom('$', '%', '{', '}', 'a', '"') }), fc.string());
    fc.assert(
      fc.property(text, (value) => {
        const definition = bakeDefinition([WEB], { ...SETTINGS, buildArgs: { VALUE: value } }, 'docker');
        const written = bakeText(definition);
        expect(readBakeText(written)).toEqual(definition);
        expect(written.replace(/\$\$\{|%%\{/g, 'escaped')).not.toMatch(/(?<![$%])[$%]\{/);
      }),
    );
  });
});

describe('the tag of a content', () => {
  const content = {
    files: { 'apps/shop': 'tree1', 'apps/shop/Dockerfile': 'blob1' },
    revision: undefined,
    context: 'apps/shop',
    file: 'apps/shop/Dockerfile',
    buildArgs: { A: '1', B: '2' },
    platforms: ['linux/amd64', 'linux/arm64'],
    bases: { 'node:24': 'sha256:1' },
    secrets: ['TOKEN'],
    provenance: false,
    sbom: false,
  };

  test('does not depend on the order in which things are named', () => {
    const shuffled = { ...content, buildArgs: { B: '2', A: '1' }, platforms: ['linux/arm64', 'linux/amd64'] };
    expect(contentTag(shuffled)).toBe(contentTag(content));
    expect(contentTag(content)).toMatch(/^content-[0-9a-f]{40}$/);
  });

  test.each([
    ['a tree', { files: { ...content.files, 'apps/shop': 'tree2' } }],
    ['a shared path', { files: { ...content.files, packages: 'tree3' } }],
    ['the commit, where the build sees it', { revision: 'a'.repeat(40) }],
    ['another Dockerfile', { file: 'apps/shop/Dockerfile.web' }],
    ['an argument', { buildArgs: { A: '1', B: '3' } }],
    ['a platform', { platforms: ['linux/amd64'] }],
    ['a base image', { bases: { 'node:24': 'sha256:2' } }],
    ['attestations', { provenance: true }],
    ['a secret', { secrets: [] }],
  ])('changes with %s', (_name, change) => {
    expect(contentTag({ ...content, ...change })).not.toBe(contentTag(content));
  });
});
