import type { Mutation } from './mutation.js';

const FAMILIES = ['test/ops/carriers/families.test.ts'];
const REFUSED = ['test/ops/carriers/refusals.test.ts'];
const LONE = ['test/ops/carriers/lone-tag.test.ts'];
const CARRIERS = ['test/ops/overlays/carriers.test.ts'];

/** Where a version is set, and where it is not. */
export const CARRIER_RULES: readonly Mutation[] = [
  {
    name: 'A variant of an image stays when the plain one moves',
    file: 'src/ops/carriers/families.ts',
    text: 'deciding.filter((carrier) => !meant.includes(carrier))',
    replacement: '[]',
    tests: FAMILIES,
  },
  {
    name: 'A value that Flux writes is left to it',
    file: 'src/ops/carriers/set-version.ts',
    text: 'fluxWriter(file, line) ?? []',
    replacement: '[]',
    tests: REFUSED,
  },
  {
    name: 'A version is not set beside an override of Argo CD',
    file: 'src/ops/carriers/overwritten.ts',
    text: 'argocdOverride(files, open) ??',
    replacement: '',
    tests: REFUSED,
  },
  {
    name: 'A tag below the name of something else is not the image’s',
    file: 'src/ops/carriers/lone-tag.ts',
    text: "relations.includes('other')",
    replacement: 'false',
    tests: LONE,
  },
  {
    name: 'A file of one word beside a kustomization is no tag',
    file: 'src/ops/carriers/lone-tag.ts',
    text: 'file.isBare === true && node.isWhole === true',
    replacement: 'node.isWhole === true',
    tests: LONE,
  },
  {
    name: 'A path of the policy that matches nothing is an error',
    file: 'src/ops/carriers/named-value.ts',
    text: 'only === undefined && value.optional',
    replacement: 'only === undefined',
    tests: CARRIERS,
  },
];
