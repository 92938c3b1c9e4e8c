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
