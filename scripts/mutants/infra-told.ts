import type { Mutation } from './mutation.js';

const TOLD = ['test/infra/report/comment.test.ts'];
const MOVED = ['test/infra/plan/moved-state.test.ts'];
const APPLIED = ['test/infra/apply/apply-markdown.test.ts'];

/** Rules of what is told of the infra repository: it fits, and nothing in it has an effect; and of whose word counts for an apply. */
export const INFRA_TOLD: readonly Mutation[] = [
  {
    name: 'what roots wait for is cut in the comment of plans',
    file: 'src/infra/report/comment.ts',
    text: 'cutMarkdown(waits(reports), MOST_WAITS, rest)',
    replacement: 'waits(reports)',
    tests: TOLD,
  },
  {
    name: 'a state that is kept somewhere else is told',
    file: 'src/infra/plan/moved-state.ts',
    text: 'entries.get(name) !== value',
    replacement: 'entries.get(name) === null',
    tests: MOVED,
  },
  {
    name: 'how a state is reached does not move it',
    file: 'src/infra/plan/moved-state.ts',
    text: 'Object.fromEntries(PLACES.map((name) => [name, state?.settings[name]]))',
    replacement: 'state?.settings',
    tests: MOVED,
  },
  {
    name: 'numbers of roots are cut in the comment of plans',
    file: 'src/infra/report/comment.ts',
    text: 'cutMarkdown(numbers(reports), MOST_NUMBERS, rest)',
    replacement: 'numbers(reports)',
    tests: TOLD,
  },
  {
    name: 'hashes of plans are cut in the comment of plans',
    file: 'src/infra/report/comment.ts',
    text: 'cutMarkdown(hashes(reports), MOST_HASHES, rest)',
    replacement: 'hashes(reports)',
    tests: TOLD,
  },
  {
    name: 'what was not reviewed is cut, and what to do is not',
    file: 'src/infra/apply/apply-markdown.ts',
    text: 'beyond.slice(0, MOST_LINES)',
    replacement: 'beyond.slice(0)',
    tests: APPLIED,
  },
  {
    name: 'words of the tool are cut in an issue',
    file: 'src/infra/apply/apply-markdown.ts',
    text: 'problem.length > MOST_WORDS ?',
    replacement: 'problem.length < 0 ?',
    tests: APPLIED,
  },
  {
    name: 'nothing in the name of a root ends a comment',
    file: 'src/infra/report/root-issue.ts',
    text: 'encodeURI(issue.root)',
    replacement: 'issue.root',
    tests: ['test/infra/report/root-issue.test.ts'],
  },
  {
    name: 'a root has a name that checks and branches can have',
    file: 'src/infra/roots/refuse-unclear-roots.ts',
    text: 'if (odd !== undefined) {',
    replacement: "if (odd?.name === '') {",
    tests: ['test/infra/roots/refuse-unclear-roots.test.ts'],
  },
  {
    name: 'who pushed to a branch approves nothing of it',
    file: 'src/infra/apply/plan-approvals.ts',
    text: "isAmong(login, pushers.logins) ? 'they pushed to its branch' : undefined",
    replacement: 'undefined',
    tests: ['test/infra/apply/plan-approvals.test.ts'],
  },
  {
    name: 'where nobody can tell who pushed no approval counts',
    file: 'src/infra/apply/plan-approvals.ts',
    text: "if ('problem' in pushers) {",
    replacement: "if ('problem' in pushers && pushers.problem === '') {",
    tests: ['test/infra/apply/plan-approvals.test.ts'],
  },
  {
    name: 'by hand a commit does not take its own approvers away',
    file: 'src/infra/apply/policy-before.ts',
    text: 'change === undefined ? await parentsOf(git, commit) : []',
    replacement: '[]',
    tests: ['test/infra/apply/policy-before.test.ts'],
  },
];
