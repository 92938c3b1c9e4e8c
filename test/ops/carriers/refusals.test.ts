import { describe, expect, test } from '@jest/globals';
import type { OverlayFile } from '../../../src/ops/carriers/overlay-file.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { APP, NEW, OLD, TAG_ONLY } from './support.js';

const IMAGES = 'images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n';

const set = (files: Record<string, string>, more: Partial<OverlayFile> = {}) => {
  const overlay = Object.entries(files).map(([path, text]) => ({ path, text, ...more }));
  return Object.fromEntries(setVersions(overlay, [TAG_ONLY], 'o').files.map(({ path, text }) => [path, text]));
};

describe('a value that another program writes is refused by name', () => {
  test.each([
    ['an entry', 'images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0 # {"$imagepolicy": "apps:web:tag"}\n', 3],
    ['a reference', 'containers:\n- image: ghcr.io/acme/my-app:1.3.0 # {"$imagepolicy": "apps:web:tag"}\n', 2],
    [
      'Helm values',
      'image:\n  repository: ghcr.io/acme/my-app # {"$imagepolicy": "apps:web:name"}\n  tag: 1.3.0 #{"$imagepolicy":"apps:web:tag"}\n',
      3,
    ],
  ])('by Flux in %s', (_, text, line) => {
    expect(() => set({ 'k.yaml': text })).toThrow(
      `k.yaml:${line} is written by Flux's image automation, by its policy apps:web:tag, and two writers would undo each ` +
        'other. Remove the comment # {"$imagepolicy": "apps:web:tag"} there',
    );
    expect(set({ 'k.yaml': text.replace(/ #.?\{.*/g, '') })['k.yaml']).toContain('1.4.0');
  });

  test('by Flux in a digest beside it', () => {
    const text = `images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${OLD} # {"$imagepolicy": "apps:web:digest"}\n`;
    expect(() => setVersions([{ path: 'k.yaml', text }], [APP], 'o')).toThrow('k.yaml:4 is written by Flux');
    const there = text.replace(OLD, NEW);
    expect(setVersions([{ path: 'k.yaml', text: there }], [APP], 'o').files).toEqual([]);
  });

  test('but another one beside it is set', () => {
    const text = `${IMAGES}- name: ghcr.io/acme/other\n  newTag: 1.3.0 # {"$imagepolicy": "apps:other:tag"}\n`;
    expect(set({ 'k.yaml': text })).toEqual({ 'k.yaml': text.replace('1.3.0', '1.4.0') });
  });

  test.each([
    ['argocd-image-updater.argoproj.io/image-list: web=ghcr.io/acme/my-app:~1.0', true],
    ['argocd-image-updater.argoproj.io/image-list: "db=postgres, ghcr.io/acme/my-app"', true],
    ['argocd-image-updater.argoproj.io/image-list: ghcr.io/acme/my-app-worker', false],
    ['argocd-image-updater.argoproj.io/write-back-method: git', false],
  ])('by Argo CD Image Updater: %s', (annotation, isRefused) => {
    const text = `kind: Application\nmetadata:\n  annotations:\n    ${annotation}\nspec:\n  source:\n    kustomize:\n      images: [ghcr.io/acme/my-app:1.3.0]\n`;
    const message =
      'Argo CD Image Updater sets ghcr.io/acme/my-app: app.yaml:4, and two writers would undo each other.';
    if (isRefused) {
      expect(() => set({ 'app.yaml': text })).toThrow(message);
    } else {
      expect(set({ 'app.yaml': text })).toEqual({ 'app.yaml': text.replace('1.3.0', '1.4.0') });
    }
  });

  test('by an ImageUpdater', () => {
    const updater =
      'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nspec:\n  applicationRefs:\n' +
      '  - images: [{alias: web, imageName: "ghcr.io/acme/my-app:1.x"}]\n';
    expect(() => set({ 'kustomization.yaml': IMAGES, 'updater.yaml': updater })).toThrow(
      'Take the image out of the ImageUpdater there',
    );
  });
});

describe('a version that would change nothing is refused with what to do', () => {
  test.each([
    ['images', 3, 'kustomize:\n  images:\n  - ghcr.io/acme/my-app:1.3.0\n'],
    ['parameters', 4, 'helm:\n  parameters:\n  - name: image.tag\n    value: 1.3.0\n'],
  ])('beside an override of Argo CD with %s', (_, line, text) => {
    expect(() => set({ 'kustomization.yaml': IMAGES, '.argocd-source-web.yaml': text })).toThrow(
      `.argocd-source-web.yaml:${line} overrides the version of ghcr.io/acme/my-app: Argo CD takes it before all that is beside it.`,
    );
  });

  test('but not beside one of something else', () => {
    const files = { 'kustomization.yaml': IMAGES, '.argocd-source-web.yaml': 'kustomize: {namePrefix: a-}\n' };
    expect(set(files)).toEqual({ 'kustomization.yaml': IMAGES.replace('1.3.0', '1.4.0') });
  });

  const replacements =
    `${IMAGES}configMapGenerator:\n- name: versions\n  literals: [web=1.3.0]\nreplacements:\n- source:\n    kind: ConfigMap\n    name: versions\n    fieldPath: data.web\n` +
    '  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [spec.template.spec.containers.0.image]\n    options: {delimiter: ":", index: 1}\n';

  test('where replacements write the image, and what it says to write works', () => {
    expect(() => set({ 'kustomization.yaml': replacements })).toThrow(
      `kustomization.yaml:8: "replacements" write spec.template.spec.containers.0.image after everything else, so that a version ` +
        'in kustomization.yaml may change nothing. Say in ostack.yaml where the one is that counts, with those of these lines ' +
        'that are meant:\n\ncarriers:\n  - file: kustomization.yaml\n    path: configMapGenerator[0].literals[0]\n' +
        '    image: ghcr.io/acme/my-app\n  - file: kustomization.yaml\n    path: images[0].newTag\n    image: ghcr.io/acme/my-app\n',
    );
    const named = [
      { path: ['configMapGenerator', 0, 'literals', 0], image: 'ghcr.io/acme/my-app', where: 'ostack.yaml:2' },
    ];
    expect(set({ 'kustomization.yaml': replacements }, { named })).toEqual({
      'kustomization.yaml': replacements.replaceAll('1.3.0', '1.4.0'),
    });
  });

  test('but not where replacements write something else', () => {
    const text = replacements.replace('containers.0.image', 'containers.0.name');
    expect(set({ 'kustomization.yaml': text })).toEqual({ 'kustomization.yaml': text.replace('1.3.0', '1.4.0') });
  });

  test('where the chart seems to read a version of its own', () => {
    const text = 'version: 1.3.0\nimage:\n  repository: ghcr.io/acme/my-app\n';
    expect(() => set({ 'values.yaml': text })).toThrow(
      'values.yaml:1 has a version, and the image has no tag: the chart may read that one',
    );
    const named = [{ path: ['version'], image: 'ghcr.io/acme/my-app', where: 'ostack.yaml:2' }];
    expect(set({ 'values.yaml': text }, { named })).toEqual({ 'values.yaml': text.replace('1.3.0', '1.4.0') });
    const tagged = `${text}  tag: 1.3.0\n`;
    expect(set({ 'values.yaml': tagged })).toEqual({ 'values.yaml': tagged.replace('tag: 1.3.0', 'tag: 1.4.0') });
  });
});

describe('a version that is a variable of Flux', () => {
  const TAG = ['$', '{TAG}'].join('');
  const manifest = `kind: Deployment\nspec:\n  containers:\n  - image: ghcr.io/acme/my-app:${TAG}\n`;
  const flux = (name = 'TAG') =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec:\n  postBuild:\n    substitute:\n      ${name}: "1.3.0"\n`;

  test('is set where it is filled in', () => {
    expect(set({ 'web.yaml': manifest, 'flux.yaml': flux() })).toEqual({
      'flux.yaml': flux().replace('1.3.0', '1.4.0'),
    });
    expect(set({ 'web.yaml': `labels: {version: "${TAG}"}\n---\n${manifest}`, 'flux.yaml': flux() })).toHaveProperty([
      'flux.yaml',
    ]);
  });

  test.each([
    ['is filled in elsewhere', manifest, flux('OTHER')],
    ['is that of another image too', `${manifest}  - image: ghcr.io/acme/other:${TAG}\n`, flux()],
    ['has a default', manifest.replace(TAG, TAG.replace('}', ':=1.0.0}')), flux()],
    ['is filled in twice', manifest, `${flux()}---\n${flux()}`],
  ])('that %s is refused', (_, text, kustomization) => {
    expect(() => set({ 'web.yaml': text, 'flux.yaml': kustomization })).toThrow(
      'web.yaml:4: the version of ghcr.io/acme/my-app is the variable $',
    );
  });

  test('is refused in an entry of images and in Helm values', () => {
    const entry = `images:\n- {name: ghcr.io/acme/my-app, newTag: "${TAG}"}\n`;
    const values = `image: {repository: ghcr.io/acme/my-app, tag: "${TAG}"}\n`;
    expect(() => set({ 'kustomization.yaml': entry })).toThrow(`is the variable ${TAG}`);
    expect(() => set({ 'values.yaml': values })).toThrow('    path: spec.postBuild.substitute.TAG\n');
  });
});

describe('a template', () => {
  test('among the files stops nothing but itself', () => {
    const template = 'image: {{ .Values.image }}\n{{- if .x }}\nghcr.io/acme/my-app: 1\n{{- end }}\n';
    expect(set({ 'values.yaml': 'image: ghcr.io/acme/my-app:1.3.0\n', 'deployment.yaml': template })).toEqual({
      'values.yaml': 'image: ghcr.io/acme/my-app:1.4.0\n',
    });
  });

  test.each([
    'image: {repository: ghcr.io/acme/my-app, tag: "{{ .tag }}"}\n',
    'image:\n  repository: ghcr.io/acme/my-app\n  tag: {{ .tag }}\n',
    'image: "ghcr.io/acme/my-app:{{ .tag }}"\n',
  ])('of a tag is no carrier: %s', (text) => {
    expect(() => set({ 'values.yaml': text })).toThrow('Nothing in o carries');
  });

  test('of a kustomization is an error still', () => {
    expect(() => set({ 'kustomization.yaml': `${IMAGES}{{ if }}\n` })).toThrow('not valid YAML');
  });
});
