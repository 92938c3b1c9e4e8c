import type { Mutation } from './mutation.js';

const FREEZE = ['test/ops/judgement/before-freeze.test.ts'];
const CHECKS = ['test/ops/verbs/merge-due/open-checks.test.ts'];
const PLAN = ['test/ops/verbs/merge-due/plan-merges.test.ts'];
const SEEN = ['test/ops/verbs/merge-due/as-judged.test.ts'];

/** What merges when, and what is let in near a freeze. */
export const DUE: readonly Mutation[] = [
  {
    name: 'A label permits no merge',
    file: 'src/ops/verbs/merge-due/plan-merges.ts',
    text: 'if (verdict?.isAllowed !== true) {',
    replacement: 'if (verdict === undefined) {',
    tests: PLAN,
  },
  {
    name: 'A twin that was not judged counts for its head',
    file: 'src/ops/verbs/merge-due/plan-merges.ts',
    text: 'headVerdicts([own, ...twins])[0]',
    replacement: 'headVerdicts([own])[0]',
    tests: PLAN,
  },
  {
    name: 'GitHub is not asked to merge into a freeze that is near',
    file: 'src/ops/verbs/merge-due/plan-merges.ts',
    text: 'return near?.withdrawal === undefined',
    replacement: 'return near?.withdrawal === near?.withdrawal',
    tests: PLAN,
  },
  {
    name: 'A red check keeps a pull request from being merged, whether it is wanted or not',
    file: 'src/ops/verbs/merge-due/open-checks.ts',
    text: 'if (failed.length > 0) {',
    replacement: 'if (failed.length > 9) {',
    tests: CHECKS,
  },
  {
    name: 'A check that is wanted has to be there',
    file: 'src/ops/verbs/merge-due/open-checks.ts',
    text: 'return missing.length === 0',
    replacement: 'return missing.length >= 0',
    tests: CHECKS,
  },
  {
    name: 'Nothing is merged onto another commit than it was judged at',
    file: 'src/ops/verbs/merge-due/as-judged.ts',
    text: 'newest === oid &&',
    replacement: 'oid.length > 0 &&',
    tests: SEEN,
  },
  {
    name: 'A branch that was pushed to is seen before its pull request shows it',
    file: 'src/ops/verbs/merge-due/as-judged.ts',
    text: 'seen.headRef?.target?.oid === head &&',
    replacement: 'head.length > 0 &&',
    tests: SEEN,
  },
  {
    name: 'What could still be merging when a freeze begins is not let in',
    file: 'src/ops/judgement/before-freeze.ts',
    text: '< MERGE_MS + SPARE_MS',
    replacement: '< 0',
    tests: FREEZE,
  },
  {
    name: 'What is let in near a freeze is judged again in time',
    file: 'src/ops/judgement/before-freeze.ts',
    text: 'hour === undefined && isNew)) {',
    replacement: 'hour === null && isNew)) {',
    tests: FREEZE,
  },
];
