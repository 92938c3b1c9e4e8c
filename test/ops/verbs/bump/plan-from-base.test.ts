import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../../../src/ops/policy/policy.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from './bump-of.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const KUSTOMIZATION = 'overlays/staging/web/kustomization.yaml';
const FLUX = 'overlays/staging/web/flux.yaml';
const TAG = ['$', '{TAG}'].join('');

const base = (...images: string[]) => ({
  'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/web/web.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n${images.map((image) => `      - image: ${image}\n`).join('')}`,
});
const flux = (tag: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: {postBuild: {substitute: {TAG: ${tag}}}}\n`;

async function bump(files: Record<string, string>) {
  const tree = objectTree({ 'bases/x/kustomization.yaml': '', ...files });
  const each = bumpOf('staging', WEB);
  const { plan, problem } = await planOverlay(tree, await locateOverlays(tree, NO_POLICY), each, [WEB]);
  return plan === undefined ? problem?.message : Object.fromEntries(plan.change.files);
}

describe('where only the base names the image', () => {
  test('the environment gets an entry', async () => {
    expect(
      await bump({ ...base('ghcr.io/acme/web:1.0.0'), [KUSTOMIZATION]: 'resources: [../../../bases/web]\n' }),
    ).toEqual({
      [KUSTOMIZATION]: 'resources: [../../../bases/web]\nimages:\n  - name: ghcr.io/acme/web\n    newTag: 2.0.0\n',
    });
  });

  test('an entry that would change another container too is refused', async () => {
    const files = {
      ...base('ghcr.io/acme/web:1.0.0', 'ghcr.io/acme/web:1.0.0-debug'),
      [KUSTOMIZATION]: 'resources: [../../../bases/web]\n',
    };
    expect(await bump(files)).toContain('with different tags: ghcr.io/acme/web:1.0.0, ghcr.io/acme/web:1.0.0-debug.');
  });

  test('an entry that replacements would overwrite is refused', async () => {
    const text =
      'resources: [../../../bases/web]\nreplacements:\n- source: {kind: ConfigMap, name: v, fieldPath: data.web}\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]\n';
    expect(await bump({ ...base('ghcr.io/acme/web:1.0.0'), [KUSTOMIZATION]: text })).toContain('"replacements" write');
  });

  test('an entry beside an override of Argo CD is refused', async () => {
    const files = {
      ...base('ghcr.io/acme/web:1.0.0'),
      [KUSTOMIZATION]: 'resources: [../../../bases/web]\n',
      'overlays/staging/web/.argocd-source-web.yaml': 'kustomize: {namePrefix: a-}\n',
    };
    expect(await bump(files)).toHaveProperty([KUSTOMIZATION]);
  });

  test('a variable of Flux is set where the environment fills it in', async () => {
    const files = {
      ...base(`ghcr.io/acme/web:${TAG}`),
      [KUSTOMIZATION]: 'resources: [../../../bases/web, flux.yaml]\n',
      [FLUX]: flux('1.0.0'),
    };
    expect(await bump(files)).toEqual({ [FLUX]: flux('2.0.0') });
    expect(await bump({ ...files, ...base(`ghcr.io/acme/web:${TAG}`, `ghcr.io/acme/api:${TAG}`) })).toContain(
      'is the variable',
    );
    expect(await bump({ ...files, [KUSTOMIZATION]: 'resources: [../../../bases/web]\n' })).toContain(
      `the base of ${KUSTOMIZATION}:1: the version of ghcr.io/acme/web is the variable ${TAG}`,
    );
  });
});
