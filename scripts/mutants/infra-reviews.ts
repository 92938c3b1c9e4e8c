import type { Mutation } from './mutation.js';

const JUDGED = ['test/ops/judgement/infra.test.ts'];
const DECIDED = ['test/infra/apply/decide-apply.test.ts'];
const ELSEWHERE = ['test/infra/plan/plan-in-cloud.test.ts'];
const HELD = ['test/infra/apply/held-root.test.ts'];
const ACCEPTED = ['test/infra/apply/word-problem.test.ts'];

/** Rules of what keeps a root of the infra repository from being applied, of how it is put right, and of runs that are elsewhere. */
export const INFRA_REVIEWS: readonly Mutation[] = [
  {
    name: 'a run elsewhere is known by what people are shown of it',
    file: 'src/infra/plan/plan-in-cloud.ts',
    text: '.update(shown?.text ?? printed(stdout, url))',
    replacement: '.update(printed(stdout, url))',
    tests: ELSEWHERE,
  },
  {
    name: 'what is shown is of the run that was asked for',
    file: 'src/infra/plan/cloud-run.ts',
    text: 'const isWhole = start >= 0 &&',
    replacement: 'const isWhole =',
    tests: ELSEWHERE,
  },
  {
    name: 'the status of a run is the last that is shown',
    file: 'src/infra/plan/cloud-run.ts',
    text: "/^Workspace is (?:un)?locked$/.test(lines.at(-1) ?? '')",
    replacement: 'true',
    tests: ELSEWHERE,
  },
  {
    name: 'nothing of a held root is applied',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'if (held !== undefined) {',
    replacement: 'if (held === "") {',
    tests: DECIDED,
  },
  {
    name: 'a root is held by the hold of its environment',
    file: 'src/infra/apply/held-root.ts',
    text: 'activeHolds(all, each, name, now)',
    replacement: 'activeHolds(all, EVERY, name, now)',
    tests: HELD,
  },
  {
    name: 'holds that nobody can read hold',
    file: 'src/infra/apply/held-root.ts',
    text: 'all = readHolds(holds);\n  } catch (error) {',
    replacement: 'all = readHolds(holds);\n  } catch (error) {\n    if (error !== undefined) return undefined;',
    tests: HELD,
  },
  {
    name: 'one person accepts nothing that takes two',
    file: 'src/infra/apply/word-problem.ts',
    text: 'accepts !== undefined && approvals > 1',
    replacement: 'approvals > 9',
    tests: ACCEPTED,
  },
  {
    name: 'approvers of an environment accept what is of it',
    file: 'src/infra/apply/word-problem.ts',
    text: '.filter((each) => own.includes(each.name))',
    replacement: '.filter((each) => each.name === name)',
    tests: ACCEPTED,
  },
  {
    name: 'what nobody reviewed is accepted by those who approve losses',
    file: 'src/infra/apply/word-problem.ts',
    text: "losses === undefined || losses === 'nobody' ? []",
    replacement: "losses !== undefined || losses === 'nobody' ? []",
    tests: ACCEPTED,
  },
  {
    name: 'a file that asks for a plan of a root is of that root alone',
    file: 'src/ops/judgement/inspect-infra.ts',
    text: 'isDeciding(path) && !(isReplanFile(path) && roots.length > 0)',
    replacement: 'isDeciding(path)',
    tests: JUDGED,
  },
  {
    name: 'a file that asks for a plan of no root is of all who approve',
    file: 'src/ops/judgement/inspect-infra.ts',
    text: '!(isReplanFile(path) && roots.length > 0)',
    replacement: '!isReplanFile(path)',
    tests: JUDGED,
  },
  {
    name: 'a pull request that a person closed stays closed',
    file: 'src/infra/apply/follow-up.ts',
    text: "return same.state === 'OPEN' ? same.number : undefined;",
    replacement: "if (same.state === 'OPEN') return same.number;",
    tests: ['test/infra/apply/follow-up.test.ts'],
  },
  {
    name: 'a review is asked for once a root',
    file: 'src/infra/apply/follow-up.ts',
    text: "const open = pulls.find(({ state }) => state === 'OPEN');\n  const same",
    replacement: "const open = pulls.find(({ state }) => state === 'MERGED');\n  const same",
    tests: ['test/infra/apply/follow-up.test.ts'],
  },
  {
    name: 'a hold of a root that is not there is refused',
    file: 'src/ops/verbs/hold/known-root.ts',
    text: 'root === undefined && !(await isFound(tree, config, app))',
    replacement: "root === undefined && app === ''",
    tests: ['test/ops/verbs/hold/known-root.test.ts'],
  },
  {
    name: 'a hold of a root in an environment that it is not in is refused',
    file: 'src/ops/verbs/hold/known-root.ts',
    text: 'environment === EVERY || own.includes(environment)',
    replacement: 'environment === EVERY || own.length > 0',
    tests: ['test/ops/verbs/hold/known-root.test.ts'],
  },
  {
    name: 'a comment whose answer is lost is looked for again',
    file: 'src/infra/report/marked-comment.ts',
    text: 'await settle(async () => undefined, writeIt);',
    replacement: 'await writeIt();',
    tests: ['test/infra/report/marked-comment.test.ts'],
  },
];
