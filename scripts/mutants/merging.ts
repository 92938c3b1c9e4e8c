import type { Mutation } from './mutation.js';

const DECISION = ['test/ops/policy/merge-decision.test.ts'];
const DECIDE_MERGE = ['test/ops/pull-requests/decide-merge.test.ts'];

/** What merges by itself, and when. */
export const MERGING: readonly Mutation[] = [
  {
    name: 'What changes several environments merges by itself only where each of them says so',
    file: 'src/ops/policy/merge-decision.ts',
    text: 'environments.every(({ cd }) => cd)',
    replacement: 'environments.some(({ cd }) => cd)',
    tests: DECISION,
  },
  {
    name: 'What changes no environment merges by itself for nobody',
    file: 'src/ops/policy/merge-decision.ts',
    text: 'environments.length > 0 && ',
    replacement: '',
    tests: DECISION,
  },
  {
    name: 'Who says no keeps a pull request from merging by itself',
    file: 'src/ops/policy/merge-decision.ts',
    text: ": choice === 'true';",
    replacement: ': true;',
    tests: DECISION,
  },
  {
    name: 'A wish to merge is no exemption from the policy',
    file: 'src/ops/policy/merge-decision.ts',
    text: 'notYet === undefined || (branch.gated && isHeldByGitHub)',
    replacement: 'true',
    tests: DECISION,
  },
  {
    name: 'Only the gate holds auto-merge back until the policy allows',
    file: 'src/ops/policy/merge-decision.ts',
    text: '(branch.gated && isHeldByGitHub)',
    replacement: 'isHeldByGitHub',
    tests: DECISION,
  },
  {
    name: 'What the policy does not allow yet gets the label',
    file: 'src/ops/policy/merge-decision.ts',
    text: 'mayTakeLonger || !merges',
    replacement: 'mayTakeLonger',
    tests: DECISION,
  },
  {
    name: 'A time is told only where nothing is against a merge then',
    file: 'src/ops/pull-requests/decide-merge.ts',
    text: 'at = against.until;',
    replacement: "return { fact: [...facts].join(' '), until: against.until };",
    tests: DECIDE_MERGE,
  },
  {
    name: 'A label that a person took off stays off',
    file: 'src/ops/pull-requests/survey.ts',
    text: "top.branch.open?.mergeLabel === 'taken off'",
    replacement: 'false',
    tests: DECIDE_MERGE,
  },
  {
    name: 'What the policy does not allow now is no longer left to auto-merge',
    file: 'src/ops/pull-requests/survey.ts',
    text: 'merge.notYet !== undefined && !merge.merges && !snapshot.repo.gated',
    replacement: 'false',
    tests: DECIDE_MERGE,
  },
  {
    name: 'The label goes with the wish to merge',
    file: 'src/ops/pull-requests/finish-works.ts',
    text: 'losesLabel: !work.merges && !work.whenAllowed',
    replacement: 'losesLabel: false',
    tests: DECIDE_MERGE,
  },
  {
    name: 'A note says until when something waits, and goes with its reason',
    file: 'src/ops/pull-requests/merge-note.ts',
    text: 'return withoutBlock(VERB, body);',
    replacement: 'return body;',
    tests: DECIDE_MERGE,
  },
  {
    name: 'What is there and cannot be told keeps a change back',
    file: 'src/ops/judgement/own-change.ts',
    text: 'filter(({ environment }) => environment === name).map(unknownVersion)',
    replacement: 'filter(() => false).map(unknownVersion)',
    tests: DECIDE_MERGE,
  },
  {
    name: 'Without a gate force takes an approver where the policy names some',
    file: 'src/ops/judgement/evaluate-change.ts',
    text: '(!isGuarded && rules.approvers.length === 0)',
    replacement: '!isGuarded',
    tests: DECIDE_MERGE,
  },
  {
    name: 'A run merges no file that it did not plan',
    file: 'src/ops/pull-requests/unplanned.ts',
    text: 'if (other.length > 0) {',
    replacement: 'if (other.length > 9) {',
    tests: DECIDE_MERGE,
  },
  {
    name: 'A run merges what it planned, and nothing else in the same file',
    file: 'src/ops/pull-requests/unplanned.ts',
    text: 'texts[index] !== wanted.get(path)',
    replacement: 'texts[index] === undefined',
    tests: DECIDE_MERGE,
  },
  {
    name: 'A branch that was there without a pull request holds what is planned and no more',
    file: 'src/ops/pull-requests/unplanned.ts',
    text: 'return isAll ? undefined :',
    replacement: 'return isAll || files.size > 0 ? undefined :',
    tests: DECIDE_MERGE,
  },
  {
    name: 'Auto-merge without a gate is not turned on near a freeze',
    file: 'src/ops/pull-requests/decide-merge.ts',
    text: 'isLater ? intoFreeze(verdicts) : undefined',
    replacement: 'undefined',
    tests: DECIDE_MERGE,
  },
];
