import { expect, test } from '@jest/globals';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const TARGET = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '1.4.0' };
const LAYOUT = { templates: ['overlays/{environment}/{app}'] };

const bump = async (files: Record<string, string>) => {
  const overlay = await readOverlay(objectTree(files), LAYOUT, 'staging', 'web');
  return Object.fromEntries(
    setVersions(overlay?.files ?? [], [TARGET], 'o').files.map(({ path, text }) => [path, text]),
  );
};

test.each(['web.env', '.env', 'config/web.properties'])(
  'variables that kustomize reads from %s carry images',
  async (name) => {
    const text = (tag: string) =>
      `# images\r\nWORKER=ghcr.io/acme/web:${tag}\r\nQUOTED="ghcr.io/acme/web:${tag}"\r\n  WEB_IMAGE=ghcr.io/acme/web:${tag}\r\nOTHER=ghcr.io/acme/other:1.3.0\r\nURL=http://web:80`;
    const files = {
      'overlays/staging/web/kustomization.yaml': `configMapGenerator:\n- name: images\n  envs: [${name}]\n`,
      [`overlays/staging/web/${name}`]: text('1.3.0'),
    };
    expect(await bump(files)).toEqual({ [`overlays/staging/web/${name}`]: text('1.4.0') });
  },
);

test('variables of a Secret are never read', async () => {
  const files = {
    'overlays/staging/web/kustomization.yaml':
      'images: [{name: ghcr.io/acme/web, newTag: 1.3.0}]\nsecretGenerator:\n- name: secret\n  envs: [web.env]\n',
    'overlays/staging/web/web.env': 'IMAGE=ghcr.io/acme/web:1.3.0\n',
  };
  expect(Object.keys(await bump(files))).toEqual(['overlays/staging/web/kustomization.yaml']);
});

test('an override of Argo CD beside a kustomization is seen', async () => {
  const files = {
    'overlays/staging/web/kustomization.yaml': 'images: [{name: ghcr.io/acme/web, newTag: 1.3.0}]\n',
    'overlays/staging/web/.argocd-source-web-staging.yaml': 'kustomize: {images: ["ghcr.io/acme/web:1.3.0"]}\n',
  };
  await expect(bump(files)).rejects.toThrow(
    '.argocd-source-web-staging.yaml:1 overrides the version of ghcr.io/acme/web',
  );
});

test('a transformer of images is one of its places', async () => {
  const transformer = (tag: string) =>
    `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: web}\nimageTag: {name: ghcr.io/acme/web, newTag: ${tag}}\n`;
  const files = {
    'overlays/staging/web/kustomization.yaml': 'transformers: [images.yaml]\n',
    'overlays/staging/web/images.yaml': transformer('1.3.0'),
  };
  expect(await bump(files)).toEqual({ 'overlays/staging/web/images.yaml': transformer('1.4.0') });
});

test('replacements of a file of their own are seen', async () => {
  const files = {
    'overlays/staging/web/kustomization.yaml':
      'images: [{name: ghcr.io/acme/web, newTag: 1.3.0}]\nreplacements: [{path: replace.yaml}]\nresources: [versions.yaml]\n',
    'overlays/staging/web/versions.yaml':
      'kind: ConfigMap\nmetadata: {name: versions}\ndata: {web: "ghcr.io/acme/web:1.3.0"}\n',
    'overlays/staging/web/replace.yaml':
      '- source: {kind: ConfigMap, name: versions, fieldPath: data.web}\n  targets: [{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=web].image"]}]\n',
  };
  await expect(bump(files)).rejects.toThrow('  - file: overlays/{environment}/web/versions.yaml\n    path: data.web\n');
});
