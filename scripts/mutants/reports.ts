import type { Mutation } from './mutation.js';

const TESTS = ['test/ops/verbs/onboard/reports.test.ts'];

/** What an environment needs to report whether it is live. */
export const REPORTS: readonly Mutation[] = [
  {
    name: 'A Provider that posts on the repository is enough',
    file: 'src/ops/verbs/onboard/reports/flux-reports.ts',
    text: 'objects.find((object) => isProviderOf(object, reporting.address))',
    replacement: "objects.find((object) => nameOf(object) === '')",
    tests: TESTS,
  },
  {
    name: 'A Provider that posts elsewhere is none',
    file: 'src/ops/verbs/onboard/reports/flux-reports.ts',
    text: "plainAddress(textAt(spec, 'address')) === plainAddress(address)",
    replacement: "plainAddress(textAt(spec, 'address')).startsWith(plainAddress(address))",
    tests: TESTS,
  },
  {
    name: 'A file of somebody that is called like the one with a Provider stays',
    file: 'src/ops/verbs/onboard/reports/flux-reports.ts',
    text: 'if (names.includes(FILE)) {',
    replacement: "if (names.includes('')) {",
    tests: TESTS,
  },
  {
    name: 'Names that two environments have are told apart by the context',
    file: 'src/ops/verbs/onboard/reports/flux-reports.ts',
    text: 'const isMixedUp = own.some(({ name }) => alike.has(name));',
    replacement: 'const isMixedUp = own.length === 0 && alike.size === 0;',
    tests: TESTS,
  },
  {
    name: 'An Alert has to be of all namespaces',
    file: 'src/ops/verbs/onboard/reports/flux-reports.ts',
    text: 'filter((each) => each !== namespace)',
    replacement: "filter((each) => each === '')",
    tests: TESTS,
  },
  {
    name: 'An Application that somebody has subscribed stays',
    file: 'src/ops/verbs/onboard/reports/argocd-reports.ts',
    text: 'keys.some((key) => SUBSCRIBED.test(key))',
    replacement: 'keys.some((key) => key === SUBSCRIPTION)',
    tests: TESTS,
  },
  {
    name: 'Templates that somebody has stay',
    file: 'src/ops/verbs/onboard/reports/argocd-reports.ts',
    text: 'filter(([key]) => data?.entries.has(key) !== true)',
    replacement: "filter(([key]) => key !== '')",
    tests: TESTS,
  },
  {
    name: 'A policy that names no environments gets none for its reports',
    file: 'src/ops/verbs/onboard/reports/ready-lines.ts',
    text: 'if (text === undefined || declared === undefined) {',
    replacement: 'if (text === undefined) {',
    tests: TESTS,
  },
  {
    name: 'Who counts in a policy is not changed',
    file: 'src/ops/verbs/onboard/reports/ready-lines.ts',
    text: 'if (!declared.ready.creators.includes(login.toLowerCase())) {',
    replacement: 'if (declared.ready.creators.length === 0) {',
    tests: TESTS,
  },
  {
    name: 'What is left to a person is told although nothing is written',
    file: 'src/ops/verbs/onboard/reports/plan-reports.ts',
    text: 'if (open.length > 0) {',
    replacement: 'if (open.length > 9) {',
    tests: TESTS,
  },
  {
    name: 'A key that has a value is not added over it',
    file: 'src/ops/yaml/add.ts',
    text: 'node !== undefined || !isMap<Node, Node | null>(parent)',
    replacement: '!isMap<Node, Node | null>(parent)',
    tests: ['test/ops/yaml/edit.test.ts'],
  },
];
