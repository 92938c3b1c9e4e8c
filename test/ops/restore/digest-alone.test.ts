import { expect, test } from '@jest/globals';
import { base } from '../../shapes/files.js';
import { applied, promote } from './support.js';

const OLD = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;
const entry = (more: string, app = 'web') => `- name: ghcr.io/acme/${app}\n${more}`;
const files = (source: string, target: string) => ({
  ...base('bases/web', 'web'),
  'overlays/staging/web/kustomization.yaml': `resources: [../../../bases/web]\nimages:\n${source}`,
  'overlays/production/web/kustomization.yaml': `resources: [../../../bases/web]\nimages:\n${target}`,
});

test.each([
  ['a digest', entry(`  digest: ${OLD}\n`), entry(`  digest: ${NEW}\n`)],
  ['the newer digest already', entry(`  digest: ${NEW}\n`), entry(`  digest: ${NEW}\n`)],
])('a tag with a digest is promoted onto %s alone', async (_, before, after) => {
  const repository = files(entry(`  newTag: 1.1.0\n  digest: ${NEW}\n`), before);
  const promotion = await promote(repository, 'staging', 'production', ['web']);
  expect(promotion.failed).toEqual([]);
  expect(applied(repository, promotion)).toEqual(files(entry(`  newTag: 1.1.0\n  digest: ${NEW}\n`), after));
});
