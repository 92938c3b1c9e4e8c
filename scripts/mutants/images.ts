import type { Mutation } from './mutation.js';

const ADMITTED = ['test/ops/judgement/admit-images.test.ts'];
const RULES = ['test/ops/policy/image-rules.test.ts'];

/** Which images come in, and what proves where they were built. */
export const IMAGES: readonly Mutation[] = [
  {
    name: 'An image that no rule names stays out where there are rules',
    file: 'src/ops/judgement/admit-images.ts',
    text: 'if (rule === undefined) {',
    replacement: 'if (rule === undefined && repository === "") {',
    tests: ADMITTED,
  },
  {
    name: 'What has to be pinned has a digest',
    file: 'src/ops/judgement/admit-images.ts',
    text: 'rule.pinned && !isDigest(digest)',
    replacement: 'rule.pinned && (digest ?? tag) === undefined',
    tests: ADMITTED,
  },
  {
    name: 'An image of a container counts as all layers make it',
    file: 'src/ops/judgement/taken-images.ts',
    text: 'own.length > 0 && (isOfContainer ||',
    replacement: 'own.length > 0 && (false ||',
    tests: ADMITTED,
  },
  {
    name: 'What a kustomization wrote over was never in the environment',
    file: 'src/ops/judgement/new-images.ts',
    text: 'return found.filter((image) => !keys.has(imageKey(image)));',
    replacement: 'return found.filter((image) => image.digest === undefined && !keys.has(imageKey(image)));',
    tests: ADMITTED,
  },
  {
    name: 'A folder runs other images when an object sets them over it no longer',
    file: 'src/ops/judgement/taken-images.ts',
    text: 'extent.folders.has(folderOf(path))',
    replacement: 'false',
    tests: ADMITTED,
  },
  {
    name: 'Entries over a folder count where all that deploy it have them',
    file: 'src/ops/judgement/images-over-folders.ts',
    text: 'setters.length > 0 && setters.every(',
    replacement: 'setters.length > 0 && setters.some(',
    tests: ADMITTED,
  },
  {
    name: 'What nothing takes in is judged for every environment that it may be of',
    file: 'src/ops/judgement/taken-images.ts',
    text: '...paths, ...(extent?.further ?? [])',
    replacement: '...paths',
    tests: ADMITTED,
  },
  {
    name: 'The rules of an environment go before those of all',
    file: 'src/ops/policy/policy.ts',
    text: '[...(settings?.images ?? []).map(imageRule), ...ofAll]',
    replacement: '[...ofAll, ...(settings?.images ?? []).map(imageRule)]',
    tests: RULES,
  },
  {
    name: 'Where images come from is a rule by itself',
    file: 'src/ops/policy/policy.ts',
    text: '+ approvers.length + images.length > 0',
    replacement: '+ approvers.length > 0',
    tests: RULES,
  },
];
