import type { Mutation } from './mutation.js';

/** Ways past the gate that somebody found. */
export const PAST_THE_GATE: readonly Mutation[] = [
  {
    name: 'A run of a file that a branch has tells nothing of what the gate has seen to',
    file: 'src/ops/verbs/gate/last-run.ts',
    text: '&& OF_DEFAULT_BRANCH.has(event)',
    replacement: "&& event !== 'workflow_dispatch'",
    tests: ['test/ops/verbs/gate/last-run.test.ts'],
  },
  {
    name: 'An approval is about what a pull request does to its base of now',
    file: 'src/ops/judgement/approvals.ts',
    text: 'submittedAt === undefined || submittedAt <= baseChangedAt',
    replacement: 'false',
    tests: ['test/ops/judgement/approvals.test.ts'],
  },
  {
    name: 'An image that comes along with an app was in the environment before, too',
    file: 'src/ops/policy/rules.ts',
    text: '&& hasAll(entry.targets, strangers)',
    replacement: '',
    tests: ['test/ops/judgement/images-beside.test.ts'],
  },
  {
    name: 'An image of its own moves with an app and nowhere else',
    file: 'src/ops/judgement/held-versions.ts',
    text: 'tagOf(target) !== version ||',
    replacement: '',
    tests: ['test/ops/judgement/images-beside.test.ts'],
  },
  {
    name: 'Nothing goes back with an app that was not there then',
    file: 'src/ops/judgement/rollback.ts',
    text: 'hasAll(entry.targets, fresh),',
    replacement: 'true,',
    tests: ['test/ops/judgement/images-beside.test.ts'],
  },
];
