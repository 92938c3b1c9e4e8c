import type { Mutation } from './mutation.js';

const TEMPLATES = ['test/ops/judgement/chart-templates.test.ts', 'test/ops/judgement/chart-templates-harmless.test.ts'];
const REFERENCES = ['test/ops/judgement/versions-by-reference.test.ts'];
const AMBIGUOUS = ['test/ops/judgement/ambiguous-files.test.ts'];

/** Versions that stand nowhere as one, or that are read otherwise than they look. */
export const HIDDEN: readonly Mutation[] = [
  {
    name: 'A helper that an image includes is followed',
    file: 'src/ops/judgement/templates/image-slice.ts',
    text: 'for (const name of sayings.includes) {',
    replacement: 'for (const name of sayings.includes.slice(0, 0)) {',
    tests: TEMPLATES,
  },
  {
    name: 'A variable that an image is made of is followed',
    file: 'src/ops/judgement/templates/image-slice.ts',
    text: 'for (const variable of sayings.variables) {',
    replacement: 'for (const variable of sayings.variables.slice(0, 0)) {',
    tests: TEMPLATES,
  },
  {
    name: 'What a template makes an image of before is left alone',
    file: 'src/ops/judgement/made-images.ts',
    text: '!known.has(keyOf(each))',
    replacement: 'keyOf(each) !== undefined',
    tests: TEMPLATES,
  },
  {
    name: 'A value that templates make images of is a version, whatever its key',
    file: 'src/ops/judgement/made-images.ts',
    text: 'if (!isOld && !carried.has(text)) {',
    replacement: 'if (!isOld && carried.has(text)) {',
    tests: TEMPLATES,
  },
  {
    name: 'Another text behind a parameter from a file is another version',
    file: 'src/ops/judgement/made-elsewhere.ts',
    text: 'content: plain(value), copied: plain(copied) }]',
    replacement: "content: plain(value), copied: '' }]",
    tests: REFERENCES,
  },
  {
    name: 'What lay idle comes in when something takes it in',
    file: 'src/ops/judgement/unowned-versions.ts',
    text: '(old.has(path) && !next.has(path))',
    replacement: '(old.has(path) && next.has(path))',
    tests: REFERENCES,
  },
  {
    name: 'An image in the place of another one comes in',
    file: 'src/ops/judgement/renamed-images.ts',
    text: 'if (!isOld && !own.has(fullRepository(newName))) {',
    replacement: 'if (isOld && !own.has(fullRepository(newName))) {',
    tests: REFERENCES,
  },
  {
    name: 'A sign that ends a line for Go is seen',
    file: 'src/ops/judgement/ambiguous-files.ts',
    text: 'if (ending !== undefined) {',
    replacement: 'if (ending === undefined) {',
    tests: AMBIGUOUS,
  },
  {
    name: 'A field in other letters is the field',
    file: 'src/ops/judgement/ambiguous-files.ts',
    text: 'text.toUpperCase().toLowerCase()',
    replacement: 'text.toLowerCase()',
    tests: AMBIGUOUS,
  },
  {
    name: 'A branch of the repository that nobody judges is no source',
    file: 'src/ops/judgement/unpinned.ts',
    text: 'return isJudged ? [] :',
    replacement: 'return isJudged || !isJudged ? [] :',
    tests: ['test/ops/judgement/moving-versions.test.ts'],
  },
  {
    name: 'A file of objects that deploy something unclear is looked into',
    file: 'src/ops/judgement/unreached.ts',
    text: '(isUnclear || !sides.before.files.has(path))',
    replacement: '!sides.before.files.has(path)',
    tests: ['test/ops/judgement/moving-versions.test.ts'],
  },
  {
    name: 'A version that nobody can tell any more is no pass',
    file: 'src/ops/judgement/held-versions.ts',
    text: 'isTold(before) && !isTold(after)',
    replacement: 'isTold(before) && isTold(after) && !isTold(after)',
    tests: AMBIGUOUS,
  },
];
