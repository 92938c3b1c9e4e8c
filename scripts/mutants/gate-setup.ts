import type { Mutation } from './mutation.js';

const FINDINGS = ['test/cli/gate/findings.test.ts'];
const PLAN = ['test/cli/gate/plan-setup.test.ts'];
const PAGE = ['test/cli/gate/loopback.test.ts'];
const SETUP = ['test/cli/gate/setup.test.ts'];

/** The gate, set up and looked at by the command line. */
export const GATE_SETUP: readonly Mutation[] = [
  {
    name: 'A check that any source can make guards nothing',
    file: 'src/cli/gate/ruleset-findings.ts',
    text: 'if (sources.includes(undefined)) {',
    replacement: 'if (false) {',
    tests: FINDINGS,
  },
  {
    name: 'A ruleset guards when the ops App alone makes its check',
    file: 'src/cli/gate/ruleset-findings.ts',
    text: 'source !== undefined && source === state.apps.ops?.id',
    replacement: 'source !== null',
    tests: FINDINGS,
  },
  {
    name: 'Who bypasses a ruleset is told',
    file: 'src/cli/gate/ruleset-findings.ts',
    text: '        ...bypassFindings(sound, state),\n',
    replacement: '',
    tests: FINDINGS,
  },
  {
    name: "The ops App's key outside of the environment is told",
    file: 'src/cli/gate/findings.ts',
    text: 'const found = state.strayKeys.map(',
    replacement: 'const found = state.strayKeys.slice(1).map(',
    tests: FINDINGS,
  },
  {
    name: 'An App may write what it has to, and no more',
    file: 'src/cli/gate/findings.ts',
    text: 'if (more.length > 0) {',
    replacement: 'if (more.length > 9) {',
    tests: FINDINGS,
  },
  {
    name: 'A ruleset on trial guards nothing',
    file: 'src/cli/gate/ruleset.ts',
    text: "ruleset.enforcement === 'active' && includesBranch",
    replacement: 'includesBranch',
    tests: FINDINGS,
  },
  {
    name: 'A branch that a ruleset leaves out is not guarded',
    file: 'src/cli/gate/ruleset.ts',
    text: ' && !exclude.some(matches)',
    replacement: '',
    tests: PLAN,
  },
  {
    name: 'The environment admits no tag of the name of the default branch',
    file: 'src/cli/gate/plan-setup.ts',
    text: "name === branch && type === 'branch'",
    replacement: 'name === branch',
    tests: PLAN,
  },
  {
    name: 'Neither App bypasses the ruleset',
    file: 'src/cli/gate/ruleset.ts',
    text: 'ruleset.bypass?.filter((each) => !isOurs(each))',
    replacement: 'ruleset.bypass',
    tests: PLAN,
  },
  {
    name: 'A key beside the variable of another App is replaced',
    file: 'src/cli/gate/plan-setup.ts',
    text: '(clientId !== undefined && clientId !== app.clientId)',
    replacement: 'false',
    tests: PLAN,
  },
  {
    name: 'The page takes answers to its own questions alone',
    file: 'src/cli/gate/loopback.ts',
    text: "if (!isSame(answer.get('state') ?? '', this.state)) {",
    replacement: 'if (false) {',
    tests: PAGE,
  },
  {
    name: 'The page is there under its own name alone',
    file: 'src/cli/gate/loopback.ts',
    text: 'request.headers.host !== this.#host || ',
    replacement: '',
    tests: PAGE,
  },
  {
    name: 'A key is taken when GitHub knows the App by it',
    file: 'src/cli/gate/app-key.ts',
    text: 'return found === undefined ? `That is',
    replacement: 'return found === null ? `That is',
    tests: SETUP,
  },
  {
    name: 'The same secret is sealed to the key that GitHub gave',
    file: 'src/cli/gate/sealed-box.ts',
    text: 'blake2b(Buffer.concat([ours, theirs])',
    replacement: 'blake2b(Buffer.concat([theirs, ours])',
    tests: ['test/cli/gate/sealed-box.test.ts'],
  },
  {
    name: 'A policy that anybody changes is found',
    file: 'src/cli/gate/policy-findings.ts',
    text: 'approvers.length > 0',
    replacement: 'approvers.length >= 0',
    tests: ['test/cli/gate/findings.test.ts'],
  },
  {
    name: 'A workflow of the gate that is disabled leaves something open',
    file: 'src/cli/gate/findings.ts',
    text: '...disabledWorkflows.map(({ path, state: why }) =>',
    replacement: '...disabledWorkflows.slice(0, 0).map(({ path, state: why }) =>',
    tests: FINDINGS,
  },
  {
    name: 'Setup enables what somebody disabled',
    file: 'src/cli/gate/plan-setup.ts',
    text: '...state.disabledWorkflows.map(',
    replacement: '...state.disabledWorkflows.slice(0, 0).map(',
    tests: ['test/cli/gate/plan-setup.test.ts'],
  },
];
