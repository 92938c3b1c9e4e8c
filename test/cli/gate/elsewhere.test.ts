/** Other repositories that environments live in: what guards them there. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findings, levelOf } from '../../../src/cli/gate/findings.js';
import { says } from '../../../src/cli/gate/gate-caller.js';
import { describeStep, planSetup } from '../../../src/cli/gate/plan-setup.js';
import { describeRemoval, planRemoval, removeGate } from '../../../src/cli/gate/remove.js';
import { newRuleset } from '../../../src/cli/gate/ruleset.js';
import type { ElsewhereState, GateState, OtherState, Ruleset } from '../../../src/cli/gate/state.js';
import type { Stage } from '../../../src/local/stage.js';
import { asAda, mendsOf, runSetup, startGateStage, stateOf, WANTED } from './gate-stage.js';
import { app, goodState, OPS_APP, ruleset } from './gate-state.js';
import { installOn } from './person.js';

const MENDS = { server: 'https://github.com', setup: 'ostack gate setup --ops acme/ops' };
const PROD = { branch: 'prod', isDefault: false };

/** The ruleset that setup makes of the branch prod of the other repository. */
function ofProd(changes: Partial<Ruleset> = {}): Ruleset {
  const { name, conditions, rules } = newRuleset(OPS_APP, PROD);
  return ruleset({ id: 9, name, ...conditions.ref_name, rules, ...changes });
}

const FAR: OtherState = {
  ...{ name: 'acme/far', environments: ['prod'], hasRules: true },
  found: { repository: { ...goodState().repository, name: 'far' }, branches: ['prod'], rulesets: [ofProd()] },
};

function withFar(changes: Partial<OtherState> = {}, isAsked: ElsewhereState['isAsked'] = true): GateState {
  return goodState({ elsewhere: { isAsked, repositories: [{ ...FAR, ...changes }] } });
}

const far = (rulesets: Ruleset[] | undefined) => ({ found: { ...foundOf(FAR), rulesets } });
function foundOf({ found }: OtherState) {
  if (found === undefined) {
    throw new Error('It is shown.');
  }
  return found;
}

const openIn = (state: GateState) => findings(state, MENDS).filter(({ weight }) => weight === 'open');

test.each<[string, GateState, string[]]>([
  ['nothing, with the ruleset that setup makes', withFar(), []],
  [
    'merges, without a ruleset',
    withFar(far([])),
    [
      'In acme/far: Anyone with write access merges what the policy does not permit into prod, because no ruleset requires the check "oStack / gate into prod".',
    ],
  ],
  // The ruleset of the ops repository guards nothing elsewhere.
  [
    'merges, with a ruleset of another branch',
    withFar(far([ruleset()])),
    ['In acme/far: Anyone with write access merges'],
  ],
  [
    'pushes, with a ruleset that takes them',
    withFar(far([ofProd({ rules: ofProd().rules.filter(({ type }) => type !== 'pull_request') })])),
    ['In acme/far: Anyone with write access pushes a commit to the branch prod'],
  ],
  ['merges, where the plan has no rulesets', withFar(far(undefined)), ['In acme/far: Anyone with write access merges']],
  [
    'all, as far as this token is shown',
    goodState({ elsewhere: { isAsked: true, repositories: [unshown(true)] } }),
    ['Whoever may push to acme/far changes prod past the policy, as far as this token is shown: no administrator'],
  ],
  [
    'nothing of an environment without rules',
    goodState({ elsewhere: { isAsked: true, repositories: [unshown(false)] } }),
    [],
  ],
  [
    'nothing judged, where the workflow does not say so',
    withFar({}, false),
    ['Nothing judges in acme/far, because ops-gate.yml does not say "elsewhere: true".'],
  ],
])('In another repository is open: %s', (_, state, expected) => {
  const found = openIn(state);
  expect(found.map(({ text }) => text)).toEqual(expected.map((text) => expect.stringContaining(text)));
  expect(levelOf(found)).toBe(expected.length === 0 ? 'guarded' : 'advice');
});

function unshown(hasRules: boolean): OtherState {
  return { name: 'acme/far', environments: ['prod'], hasRules, problem: 'no administrator' };
}

test.each<[string, string, boolean | undefined]>([
  ['says it', 'elsewhere: true', true],
  ['does not', 'elsewhere: false', false],
  ['says nothing', 'evidence: true', false],
  ['says what nobody can tell', 'elsewhere: sometimes', undefined],
])('A workflow that judges elsewhere %s', (_, line, expected) => {
  const uses = 'ostack/actions/.github/workflows/ops-gate.yml@v1';
  expect(says(`jobs: { gate: { uses: "${uses}", with: { ${line} } } }\n`, 'elsewhere')).toBe(expected);
});

const proposed = { ops: 'a', proposer: 'b' };

test('setup makes and mends the rulesets there, and remove takes them, each in its repository', () => {
  const weak = ofProd({ rules: ofProd().rules.filter(({ type }) => type !== 'creation') });
  const steps = [far([]), far([weak])].flatMap((changes) => planSetup(withFar(changes)).steps);
  expect(steps.map((step) => describeStep(step, proposed))).toEqual([
    'Make the ruleset of prod in acme/far that requires "oStack / gate into prod" of the ops App, for everybody',
    'Mend the ruleset "oStack gate: prod" in acme/far: it has the rule "creation"',
  ]);
  expect(planSetup(withFar()).steps).toEqual([]);
  const lines = planRemoval(
    withFar(far([ofProd(), ofProd({ id: 10, name: 'oStack gate: of theirs' })])),
    false,
    '',
  ).steps;
  expect(lines.map(describeRemoval)).toEqual([
    'Delete the ruleset "oStack gate"',
    'Delete the ruleset "oStack gate: prod" in acme/far',
    'Delete the environment "ostack-gate" with its key and variables',
  ]);
  expect(app('ops').id).toBe(OPS_APP);
});

const POLICY = `environments:
  staging: {}
  prod: { repository: acme/far, branch: prod, after: staging, approvers: [grace] }
  edge: { repository: acme/far, after: prod }
  lone: { repository: acme/lone, after: staging }
`;
const CALLER =
  'on: workflow_dispatch\njobs: { gate: { uses: "ostack/actions/.github/workflows/ops-gate.yml@v1", with: { elsewhere: true } } }\n';

/** Two Apps are made, each with keys of its own. */
const PATIENCE_MS = 90_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startGateStage();
  const files = { 'ostack.yaml': POLICY, '.github/workflows/ops-gate.yml': CALLER };
  await stage.github.repository('acme/ops').commit('main', files, 'policy');
  for (const name of ['acme/far', 'acme/lone']) {
    const made = await stage.github.createRepository(name, { files: { 'README.md': 'x\n' } });
    await made.commit('prod', { 'README.md': 'y\n' }, 'prod');
  }
  stage.github.repository('acme/far').role('ada', 'admin');
});
afterAll(() => stage.close());

test(
  'on the stage, setup guards what the person administers, tells of the rest, and remove takes it back',
  async () => {
    // GitHub takes no ruleset with the check of an App that is not there, and what setup says to that works.
    await expect(runSetup(stage)).rejects.toThrow(/Install the ops App on acme\/far, .*and run it again/s);
    const link = `${stage.serverUrl}/apps/acme-ops-gate/installations/new`;
    await installOn(stage, link, 'acme/ops', 'acme/far');
    const { result } = await runSetup(stage);
    expect(result.steps.filter((line) => line.includes('acme/far'))).toEqual([
      'Make the ruleset of prod in acme/far that requires "oStack / gate into prod" of the ops App, for everybody',
      'Make the ruleset of main in acme/far that requires "oStack / gate into main" of the ops App, for everybody',
    ]);
    expect(result.findings.filter(({ weight }) => weight === 'open').map(({ text }) => text)).toEqual([
      expect.stringContaining(
        'Whoever may push to acme/lone changes lone past the policy, as far as this token is shown',
      ),
    ]);
    expect((await runSetup(stage)).result.steps).toEqual([]);
    const names = async () => {
      const [other] = (await stateOf(stage)).elsewhere?.repositories ?? [];
      return other?.found?.rulesets?.map(({ name }) => name);
    };
    expect(await names()).toEqual(['oStack gate: prod', 'oStack gate: main']);
    await removeGate({
      ...{ github: asAda(stage), wanted: WANTED, all: false, server: mendsOf(stage).server, dryRun: false, say() {} },
    });
    expect(await names()).toEqual([]);
  },
  PATIENCE_MS,
);
