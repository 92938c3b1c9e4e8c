import { expect, test } from '@jest/globals';
import { base } from '../../shapes/files.js';
import { applied, promote } from './support.js';

const images = (tag: string) => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n`;

test('a new app that comes with the environment which the target builds on gets its version, and its base once', async () => {
  const files = {
    ...base('apps/base/web', 'web'),
    ...base('apps/base/api', 'api'),
    'apps/staging/kustomization.yaml': `resources: [../base/web, ../base/api]\n${images('1.1.0')}`,
    'apps/prod/kustomization.yaml': `resources: [../base/web, ../base/api]\n${images('1.0.0')}`,
    'apps/prod-eu/kustomization.yaml': 'resources:\n- ../prod\n',
  };
  const promotion = await promote(files, 'prod', 'prod-eu', ['web'], true);
  expect(promotion.failed).toEqual([]);
  expect(applied(files, promotion)['apps/prod-eu/kustomization.yaml']).toBe(
    `resources:\n- ../prod\n${images('1.0.0')}`,
  );
});

test('a folder of a new app is not made where that of the source comes with it', async () => {
  const files = {
    ...base('bases/web', 'web'),
    'overlays/prod/kustomization.yaml': 'resources: [web]\n',
    'overlays/prod/web/kustomization.yaml': `resources: [../../../bases/web]\n${images('1.0.0')}`,
    'overlays/prod-eu/kustomization.yaml': 'resources: [../prod]\n',
  };
  const { failed, change } = await promote(files, 'prod', 'prod-eu', ['web'], true);
  expect(change.files.size).toBe(0);
  expect(failed[0]?.error.message).toContain(
    'overlays/prod-eu/kustomization.yaml takes in overlays/prod, so that web of prod comes with it',
  );
});
