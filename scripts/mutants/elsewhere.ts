import type { Mutation } from './mutation.js';

const TESTS = ['test/ops/judged-pulls/other-grounds.test.ts'];
const GROUND = 'src/ops/judged-pulls/ground.ts';
const OTHER = 'src/ops/judged-pulls/other-grounds.ts';

/** What the gate and the audit judge of other repositories. */
export const ELSEWHERE: readonly Mutation[] = [
  {
    name: 'A check run is written where the pull request is',
    file: GROUND,
    text: '{ ...connected, repository: at.repository }',
    replacement: '{ ...connected }',
    tests: TESTS,
  },
  {
    name: 'The default branch of another repository has a check of its own',
    file: GROUND,
    text: 'gateCheckOf(judged === undefined ? undefined : branch)',
    replacement: 'gateCheckOf(judged?.place.branch)',
    tests: TESTS,
  },
  {
    name: 'No source of another repository is judged with the branches of the policy’s own',
    file: GROUND,
    text: 'isHome ? homeOf(ground).branch : ground.branch',
    replacement: 'homeOf(ground).branch',
    tests: TESTS,
  },
  {
    name: 'A repository that cannot be read keeps none from being judged',
    file: OTHER,
    text: 'return { grounds: [], notes: [unreachedNote(rules.policy, repository, error)] };',
    replacement: 'throw error;',
    tests: TESTS,
  },
  {
    name: 'A repository under a name of old takes nothing',
    file: OTHER,
    text: 'name.toLowerCase() !== repository.toLowerCase()',
    replacement: 'false',
    tests: TESTS,
  },
  {
    name: 'A branch that the policy names in two ways takes nothing',
    file: OTHER,
    text: 'found.has(key) ? { ...ground, refused } : ground',
    replacement: 'ground',
    tests: TESTS,
  },
  {
    name: 'A branch of another repository that is gone is said',
    file: OTHER,
    text: '.filter(({ oid }) => oid === undefined)',
    replacement: '.filter(({ oid }) => oid === null)',
    tests: TESTS,
  },
  {
    name: 'The same commit of two repositories is two',
    file: 'src/ops/judged-pulls/grounds.ts',
    text: '[otherRepository(ground), ground.branch, ground.oid]',
    replacement: '[ground.branch, ground.oid]',
    tests: TESTS,
  },
  {
    name: 'Commits are fetched from the repository of the branch',
    file: 'src/ops/judged-pulls/judge-at.ts',
    text: '{ ...remote, repository: nameOf(at) }',
    replacement: '{ ...remote, ...(at === undefined ? {} : {}) }',
    tests: TESTS,
  },
  {
    name: 'The repository of the policy ends the run where it fails',
    file: 'src/ops/judged-pulls/lost-repositories.ts',
    text: 'if (name === undefined) {',
    replacement: 'if (name === null) {',
    tests: TESTS,
  },
  {
    name: 'Another repository that failed is left out from then on',
    file: 'src/ops/judged-pulls/lost-repositories.ts',
    text: 'if (isLost(lost, ground)) {',
    replacement: 'if (lost.has(ground.branch)) {',
    tests: TESTS,
  },
  {
    name: 'What is gone past is told by the default branch of the same repository',
    file: 'src/ops/judgement/judged-place.ts',
    text: '[{ ...place, branch }, ...(branch === base',
    replacement: '[{ ...place, branch }, ...(branch === place.branch',
    tests: TESTS,
  },
  {
    name: 'A branch of the same name in another repository is of other environments',
    file: 'src/ops/judgement/judged-place.ts',
    text: 'const ways: Place[] = [{ ...place, branch },',
    replacement: "const ways: Place[] = [{ ...place, branch }, { repository: 'acme/far', branch },",
    tests: TESTS,
  },
  {
    name: 'What the gate keeps of a commit counts in its repository alone',
    file: 'src/ops/evidence/kept-checks.ts',
    text: 'const reading = known.get(key)',
    replacement: 'const reading = [...known.values()][0]',
    tests: TESTS,
  },
  {
    name: 'What another app ran is not asked in the repository of this one',
    file: 'src/ops/judgement/history-away.ts',
    text: "app === '' || !isOfEachApp(said.repository)",
    replacement: 'isOfEachApp(said.repository)',
    tests: TESTS,
  },
  {
    name: 'Where each app has a repository and none is named, that is said',
    file: 'src/ops/policy/places.ts',
    text: 'placesOf(each, policy).length === 0',
    replacement: 'placesOf(each, policy).length < 0',
    tests: TESTS,
  },
  {
    name: 'A ruleset of another repository is looked at where it is',
    file: 'src/cli/gate/elsewhere.ts',
    text: 'state: { ...state, repository: found.repository, rulesets: found.rulesets },',
    replacement: 'state,',
    tests: ['test/cli/gate/elsewhere.test.ts'],
  },
  {
    name: 'What nobody is shown of another repository is open',
    file: 'src/cli/gate/elsewhere.ts',
    text: 'hasRules ? open : note',
    replacement: 'note',
    tests: ['test/cli/gate/elsewhere.test.ts'],
  },
  {
    name: 'the name of a branch of another repository says nothing of one here',
    file: 'src/ops/judgement/inspect-change.ts',
    text: 'const own = isHere ? lodging.branch : undefined;',
    replacement: 'const own = lodging.branch;',
    tests: ['test/ops/judgement/moving-versions.test.ts'],
  },
];
