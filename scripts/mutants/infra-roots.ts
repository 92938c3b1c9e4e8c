import type { Mutation } from './mutation.js';

const ROOTS = ['test/infra/roots/roots.test.ts'];
const UNCLEAR = ['test/infra/roots/refuse-unclear-roots.test.ts'];

/** Rules of which roots there are, and which of them a change reaches. */
export const INFRA_ROOTS: readonly Mutation[] = [
  {
    name: 'an environment may be called test',
    file: 'src/infra/roots/find-roots.ts',
    text: 'TESTS.test(part) || ',
    replacement: '',
    tests: ROOTS,
  },
  {
    name: 'an environment of any name stands beside others',
    file: 'src/infra/roots/find-roots.ts',
    text: " || withState.some((other) => isAlike(other.split('/'), at))",
    replacement: '',
    tests: ROOTS,
  },
  {
    name: 'a hidden folder may have a root',
    file: 'src/infra/roots/module-tree.ts',
    text: '\\.git|\\.terraform|\\.terragrunt-(?:cache|stack)|\\.external_modules',
    replacement: '\\.[^/]*',
    tests: ROOTS,
  },
  {
    name: 'a folder whose files others link to is no root',
    file: 'src/infra/roots/find-roots.ts',
    text: 'new Set([...called, ...linked])',
    replacement: 'new Set(called)',
    tests: ROOTS,
  },
  {
    name: 'a link on the way to a module is followed',
    file: 'src/infra/roots/module-tree.ts',
    text: 'return throughLinks(joined, links);',
    replacement: 'return links.get(joined) ?? joined;',
    tests: ROOTS,
  },
  {
    name: 'a link in a linked folder is followed',
    file: 'src/infra/roots/affected-roots.ts',
    text: 'places.add(linked);',
    replacement: 'if (place === path) places.add(linked);',
    tests: ROOTS,
  },
  {
    name: 'a submodule of git is all that is in it',
    file: 'src/infra/roots/affected-roots.ts',
    text: '[...folders].some((folder) => isBelow(folder, path)) ||',
    replacement: '',
    tests: ROOTS,
  },
  {
    name: 'of a path whose beginning is known not every file counts',
    file: 'src/infra/roots/path-reads.ts',
    text: "path: '\\0' };",
    replacement: "path: '/' };",
    tests: ROOTS,
  },
  {
    name: 'what is put behind a path may lead up',
    file: 'src/infra/roots/affected-roots.ts',
    text: '...(isOpen === true ? [...upwards]',
    replacement: '...(isOpen === undefined ? [...upwards]',
    tests: ROOTS,
  },
  {
    name: 'blocks of files that override win',
    file: 'src/infra/roots/module-tree.ts',
    text: 'OVERRIDES.test(path) ? 0 :',
    replacement: 'OVERRIDES.test(path) ? 3 :',
    tests: ROOTS,
  },
  {
    name: 'a root that is named is there',
    file: 'src/infra/roots/refuse-unclear-roots.ts',
    text: 'if (!tree.has(path) && ',
    replacement: "if (name === '' && ",
    tests: UNCLEAR,
  },
  {
    name: 'roots that Terragrunt makes are not passed over',
    file: 'src/infra/roots/refuse-unclear-roots.ts',
    text: 'if (units.length > 0) {',
    replacement: 'if (units.length < 0) {',
    tests: UNCLEAR,
  },
  {
    name: 'nothing is applied whose state would be gone',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'if (lost !== undefined) {',
    replacement: "if (lost === '') {",
    tests: ['test/infra/apply/decide-apply.test.ts'],
  },
  {
    name: 'a state in the checkout is told by where init puts it',
    file: 'src/infra/tool/state-in-checkout.ts',
    text: "type !== 'local' || ",
    replacement: '',
    tests: ['test/infra/tool/state-in-checkout.test.ts'],
  },
];
