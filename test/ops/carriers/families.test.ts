import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { variantOf } from '../../../src/ops/carriers/families.js';
import { overlayCarriers } from '../../../src/ops/carriers/find-carriers.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { set, TAG_ONLY } from './support.js';

test.each([
  ['1.0.0', ''],
  ['v1.0.0', ''],
  ['15', ''],
  ['1.0.0-rc.1', ''],
  ['1.0.0-beta', ''],
  ['1.0.0-debug', 'debug'],
  ['1.0.0-rc.1-debug', 'debug'],
  ['16-alpine', 'alpine'],
  ['16.4-alpine3.20', 'alpine'],
  ['3.12-slim-bookworm', 'slim-bookworm'],
  ['1.4.0-3f2a1bc', ''],
  ['main-3f2a1bc', ''],
  ['latest', ''],
  ['2024-01-02', ''],
  ['my-app-v1.4.0', 'my-app-'],
  ['worker-1.4.0', 'worker-'],
])('the tag %s is of the variant "%s"', (tag, variant) => {
  expect(variantOf(tag)).toBe(variant);
});

const containers = (...images: string[]) =>
  `kind: Deployment\nspec:\n  containers:\n${images.map((image) => `  - image: ${image}\n`).join('')}`;
const postgres = (tag: string) => ({ ...TAG_ONLY, repository: 'postgres', image: 'postgres', tag });

describe('two containers of one repository with different tags', () => {
  test.each([
    ['17-alpine', 'postgres:15', 'postgres:17-alpine'],
    ['15.4', 'postgres:15.4', 'postgres:16-alpine'],
  ])('are different families: %s goes to its own', (tag, one, other) => {
    expect(set(containers('postgres:15', 'postgres:16-alpine'), postgres(tag))).toBe(containers(one, other));
  });

  test('and a variant in Helm values stays as it is', () => {
    const file = (tag: string) =>
      `image: {repository: ghcr.io/acme/my-app, tag: ${tag}}\ndebug: {image: {repository: ghcr.io/acme/my-app, tag: 1.3.0-debug}}\n`;
    expect(set(file('1.3.0'), TAG_ONLY)).toBe(file('1.4.0'));
  });

  test.each([
    ['of no variant of the version', 'postgres:15-bookworm', 'postgres:16-alpine'],
    ['of the same variant', 'postgres:15', 'postgres:16'],
  ])('%s are a choice, and its lines work', (_, one, other) => {
    const text = `kind: X\n---\n${containers(one, other)}`;
    const files = [{ path: 'web.yaml', text }];
    const error = `postgres is there with different tags: ${one} (web.yaml:6), ${other} (web.yaml:7).`;
    expect(() => setVersions(files, [postgres('17.0')], 'o')).toThrow(error);
    expect(() => setVersions(files, [postgres('17.0')], 'o')).toThrow(
      'carriers:\n  - file: web.yaml\n    path: spec.containers[0].image\n    image: postgres\n' +
        '  - file: web.yaml\n    path: spec.containers[1].image\n    image: postgres\n',
    );
    const named = [{ path: ['spec', 'containers', 1, 'image'], image: 'postgres', where: 'ostack.yaml:2' }];
    const { files: changed } = setVersions([{ path: 'web.yaml', text, named }], [postgres('17.0')], 'o');
    expect(changed[0]?.text).toBe(text.replace(other, 'postgres:17.0'));
  });

  test('with the same tag go along', () => {
    expect(set(containers('postgres:15', 'postgres:15'), postgres('16'))).toBe(
      containers('postgres:16', 'postgres:16'),
    );
  });

  test('do not matter where a kustomization sets both', () => {
    const text = (...[one, other, entry]: string[]) =>
      `images: [{name: ghcr.io/acme/my-app, newTag: ${entry}}]\n---\n${containers(`ghcr.io/acme/my-app:${one}`, `ghcr.io/acme/my-app:${other}`)}`;
    expect(set(text('1.2.0', '1.1.0', '1.3.0'), TAG_ONLY)).toBe(text('1.4.0', '1.4.0', '1.4.0'));
  });

  test('are both what is deployed, and the plain one is the version', () => {
    const { targets, version } = deployedIn(
      [{ path: 'web.yaml', text: containers('ghcr.io/acme/web:1.3.0-debug', 'ghcr.io/acme/web:1.3.0') }],
      'web',
    );
    expect([version, targets.length]).toEqual(['1.3.0', 2]);
    const next = containers('ghcr.io/acme/web:1.2.0-debug', 'ghcr.io/acme/web:1.2.0');
    expect(setVersions([{ path: 'web.yaml', text: next }], targets, 'o').files[0]?.text).toBe(
      containers('ghcr.io/acme/web:1.3.0-debug', 'ghcr.io/acme/web:1.3.0'),
    );
  });
});

test('entries of a kustomization for two containers are a choice', () => {
  const text =
    'images:\n- {name: web, newName: ghcr.io/acme/my-app, newTag: 1.3.0}\n- {name: canary, newName: ghcr.io/acme/my-app, newTag: 1.3.1}\n';
  expect(() => overlayCarriers([{ path: 'kustomization.yaml', text }], [TAG_ONLY])).toThrow(
    '    path: images[1].newTag\n',
  );
});

describe('two objects that run one image at different versions', () => {
  const release = (name: string, tag: string) =>
    `kind: HelmRelease\nmetadata: { name: ${name} }\nspec:\n  values:\n    image: { repository: ghcr.io/acme/my-app, tag: ${tag} }\n`;
  const application = (name: string, tag: string) =>
    `kind: Application\nmetadata: { name: ${name} }\nspec:\n  source:\n    helm:\n      valuesObject:\n        image: { repository: ghcr.io/acme/my-app, tag: ${tag} }\n`;
  const fileOf = (...texts: string[]) => [
    { path: 'clusters/staging/my-app.yaml', text: texts.join('---\n'), app: 'my-app', environment: 'staging' },
  ];

  test.each([
    ['the other one after it', [release('my-app', '1.0.0'), release('my-app-canary', '1.1.0')]],
    ['the other one before it', [release('my-app-canary', '1.1.0'), release('my-app', '1.0.0')]],
    [
      "called after the app and the environment's name",
      [application('my-app-staging', '1.0.0'), application('x', '1.1.0')],
    ],
  ])('are different families, %s', (_, texts) => {
    const files = fileOf(...texts);
    expect(deployedIn(files, 'my-app').version).toBe('1.0.0');
    const { files: changed } = setVersions(files, [TAG_ONLY], 'o');
    expect(changed[0]?.text).toBe(files[0]?.text.replace('1.0.0', '1.4.0'));
  });

  test('are a choice where neither is called after the app, with both named and lines that work', () => {
    const files = fileOf(release('blue', '1.0.0'), release('green', '1.1.0'));
    expect(() => setVersions(files, [TAG_ONLY], 'o')).toThrow(
      'ghcr.io/acme/my-app:1.0.0 (clusters/staging/my-app.yaml:5), ghcr.io/acme/my-app:1.1.0 (clusters/staging/my-app.yaml:11)',
    );
    expect(() => setVersions(files, [TAG_ONLY], 'o')).toThrow(
      '  - file: clusters/{environment}/my-app.yaml\n    path: spec.values.image.tag\n    object: HelmRelease/green\n    image: ghcr.io/acme/my-app\n',
    );
    const path = ['spec', 'values', 'image', 'tag'];
    const named = [{ path, object: 'HelmRelease/green', image: 'ghcr.io/acme/my-app', where: 'ostack.yaml:2' }];
    const { files: changed } = setVersions(
      [{ ...fileOf()[0], path: 'a.yaml', text: files[0]?.text ?? '', named }],
      [TAG_ONLY],
      'o',
    );
    expect(changed[0]?.text).toBe(files[0]?.text.replace('1.1.0', '1.4.0'));
  });

  test('move together at one version, and so do the places of one object', () => {
    const both = fileOf(release('my-app', '1.0.0'), release('my-app-canary', '1.0.0'));
    expect(setVersions(both, [TAG_ONLY], 'o').files[0]?.text).toBe(both[0]?.text.replaceAll('1.0.0', '1.4.0'));
  });
});
