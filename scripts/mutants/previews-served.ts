import type { Mutation } from './mutation.js';

const JUDGED = ['test/ops/verbs/previews/serve/judge-request.test.ts'];
const SET_UP = ['test/cli/gate/previews.test.ts'];

/** Previews that ops alone writes. */
export const PREVIEWS_SERVED: readonly Mutation[] = [
  {
    name: 'A run of another commit asks for no preview',
    file: 'src/ops/verbs/previews/serve/judge-request.ts',
    text: '!pull.fromFork && run.head_sha !== pull.headOid',
    replacement: 'false',
    tests: JUDGED,
  },
  {
    name: 'Of a fork, what its own pull request ran asks for nothing',
    file: 'src/ops/verbs/previews/serve/judge-request.ts',
    text: "pull.fromFork && run.event !== 'workflow_run'",
    replacement: 'false',
    tests: JUDGED,
  },
  {
    name: 'A run asks for its own pull request',
    file: 'src/ops/verbs/previews/serve/judge-request.ts',
    text: 'record.pullRequest !== pull.number',
    replacement: 'false',
    tests: JUDGED,
  },
  {
    name: 'What an earlier attempt left asks for nothing',
    file: 'src/ops/verbs/previews/serve/judge-request.ts',
    text: 'Date.parse(own.created_at) < Date.parse(started)',
    replacement: 'false',
    tests: JUDGED,
  },
  {
    name: 'Of two artifacts of a name, none is believed',
    file: 'src/ops/verbs/previews/serve/judge-request.ts',
    text: 'second !== undefined',
    replacement: 'false',
    tests: JUDGED,
  },
  {
    name: 'Previews take images of the space of pull requests alone',
    file: 'src/ops/verbs/previews/ask/image-problem.ts',
    text: '!names.some((name) => fitsWildcards(name, fullRepository(repository)))',
    replacement: '!repository.includes(names[0] ?? repository)',
    tests: ['test/ops/verbs/previews/ask/image-problem.test.ts'],
  },
  {
    name: 'Whoever the policy does not name asks for nothing',
    file: 'src/ops/policy/preview-sources.ts',
    text: 'each.toLowerCase() === repository.toLowerCase()',
    replacement: 'each !== repository',
    tests: ['test/ops/policy/preview-sources.test.ts'],
  },
  {
    name: 'A sweep takes up nothing that has its answer',
    file: 'src/ops/verbs/previews/serve/lost-requests.ts',
    text: 'record?.head !== head',
    replacement: 'record?.head !== repository',
    tests: ['test/ops/verbs/previews/serve/lost-requests.test.ts'],
  },
  {
    name: 'The ruleset of previews keeps anybody from making the branch',
    file: 'src/cli/gate/previews-ruleset.ts',
    text: "{ type: 'creation' },",
    replacement: '',
    tests: SET_UP,
  },
  {
    name: 'The proposer does not get past the ruleset of previews',
    file: 'src/cli/gate/previews-ruleset.ts',
    text: 'given.some((each) => isApp(each, proposer));',
    replacement: 'given.length < 0;',
    tests: SET_UP,
  },
  {
    name: 'There is no ruleset of previews before the workflow that writes them',
    file: 'src/cli/gate/plan-setup.ts',
    text: '!isServed',
    replacement: 'branch === undefined',
    tests: SET_UP,
  },
  {
    name: 'A run for the commit of a fork asks for nothing',
    file: 'src/ops/verbs/previews/serve/askers.ts',
    text: 'isOfFork || isLongAgo',
    replacement: 'isLongAgo',
    tests: ['test/ops/verbs/previews/serve/lost-requests.test.ts'],
  },
  {
    name: 'What was lost of a fork is taken up for the commit that was asked for',
    file: 'src/ops/verbs/previews/serve/lost-of-forks.ts',
    text: 'waiting.get(pull.number) === pull.head',
    replacement: 'waiting.has(pull.number)',
    tests: ['test/ops/verbs/previews/serve/lost-requests.test.ts'],
  },
  {
    name: 'What a fork asks for is taken up by the run of the default branch alone',
    file: 'src/ops/verbs/previews/serve/lost-requests.ts',
    text: 'asker === undefined || fork === true',
    replacement: 'asker === undefined',
    tests: ['test/ops/verbs/previews/serve/lost-requests.test.ts'],
  },
];
