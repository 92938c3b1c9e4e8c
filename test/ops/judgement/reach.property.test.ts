import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closureOf } from '../../../src/ops/render/closure.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { type Files, ownersOf, POLICY } from './support.js';

const FOLDERS = ['bases/a', 'bases/b', 'bases/c', 'overlays/staging/web', 'overlays/production/web'];

/** Kustomizations that include any of the other folders, cycles and all, and a manifest each. */
const repository = fc
  .array(fc.subarray(FOLDERS), { minLength: FOLDERS.length, maxLength: FOLDERS.length })
  .map((includes): Files => {
    const files: Files = { 'ostack.yaml': POLICY };
    for (const [index, folder] of FOLDERS.entries()) {
      const up = folder
        .split('/')
        .map(() => '..')
        .join('/');
      const resources = (includes[index] ?? []).map((other) => `${up}/${other}`);
      files[`${folder}/kustomization.yaml`] =
        `resources: [manifest.yaml${resources.map((each) => `, ${each}`).join('')}]\n`;
      files[`${folder}/manifest.yaml`] = 'kind: Namespace\n';
    }
    return files;
  });

test('what kustomize would build an environment from is the environment’s, before and after a change', async () => {
  await fc.assert(
    fc.asyncProperty(repository, repository, async (before, after) => {
      const edited = Object.fromEntries(
        Object.entries(after).map(([path, text]) => [path, path === 'ostack.yaml' ? text : `${text}# edited\n`]),
      );
      const owners = await ownersOf(before, edited);
      for (const environment of ['staging', 'production']) {
        for (const side of [before, edited]) {
          const { files } = await closureOf(objectTree(side), `overlays/${environment}/web`);
          const missed = [...files.keys()].filter((path) => !owners[path]?.split(' ').includes(environment));
          expect(missed).toEqual([]);
        }
      }
    }),
    { numRuns: 60 },
  );
});
