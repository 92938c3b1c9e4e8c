/** Branches of environments: each has a ruleset and a check of its own. */
import { expect, test } from '@jest/globals';
import { findings, levelOf } from '../../../src/cli/gate/findings.js';
import { describeStep, planSetup } from '../../../src/cli/gate/plan-setup.js';
import { describeRemoval, planRemoval } from '../../../src/cli/gate/remove.js';
import { newRuleset } from '../../../src/cli/gate/ruleset.js';
import type { Rule, Ruleset } from '../../../src/cli/gate/state.js';
import { goodState, OPS_APP, ruleset } from './gate-state.js';

const MENDS = { server: 'https://github.com', setup: 'ostack gate setup --ops acme/ops' };
const CHECK = 'oStack / gate into prod';

/** The ruleset that setup makes of the branch prod, as GitHub would show it. */
function ofProd(changes: Partial<Ruleset> = {}): Ruleset {
  const { name, conditions, rules } = newRuleset(OPS_APP, { branch: 'prod', isDefault: false });
  return ruleset({ id: 9, name, ...conditions.ref_name, rules, ...changes });
}

const without = (type: string) => ofProd().rules.filter((rule) => rule.type !== type);
const required = (context: string, source?: number): Rule => ({
  type: 'required_status_checks',
  parameters: {
    required_status_checks: [{ context, ...(source === undefined ? {} : { integration_id: source }) }],
    strict_required_status_checks_policy: false,
  },
});
const asking = (rule: Rule) => [...without('required_status_checks'), rule];

test('a ruleset of a branch keeps everybody from pushing to it, making it anew, and merging without its own check', () => {
  expect(newRuleset(OPS_APP, { branch: 'prod', isDefault: false })).toMatchObject({
    name: 'oStack gate: prod',
    conditions: { ref_name: { include: ['refs/heads/prod'], exclude: [] } },
    rules: [
      { type: 'creation' },
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      { type: 'pull_request' },
      { parameters: { required_status_checks: [{ context: CHECK, integration_id: OPS_APP }] } },
    ],
    bypass_actors: [],
  });
});

test.each<[string, Ruleset[], string]>([
  [
    'without a ruleset',
    [ruleset()],
    `merges what the policy does not permit into prod, because no ruleset requires the check "${CHECK}".`,
  ],
  [
    'with a ruleset that is off',
    [ruleset(), ofProd({ enforcement: 'disabled' })],
    'into prod, because the ruleset "oStack gate: prod" is not active',
  ],
  [
    'with a ruleset of another branch',
    [ruleset(), ofProd({ include: ['refs/heads/x'] })],
    '"oStack gate: prod" does not hold on prod.',
  ],
  [
    'whose check anybody makes',
    [ruleset(), ofProd({ rules: asking(required(CHECK)) })],
    `makes the check "${CHECK}" pass, because the ruleset "oStack gate: prod" takes it from any source.`,
  ],
  [
    'that asks for the check of another branch alone',
    [ruleset(), ofProd({ rules: asking(required('oStack / gate', OPS_APP)) })],
    '"oStack gate: prod" does not require the check',
  ],
  [
    'that takes pushes',
    [ruleset(), ofProd({ rules: without('pull_request') })],
    'pushes a commit to the branch prod once its check has passed',
  ],
  [
    'that may be set back',
    [ruleset(), ofProd({ rules: without('non_fast_forward') })],
    'sets the branch prod back to an older commit',
  ],
  [
    'that may be made anew',
    [ruleset(), ofProd({ rules: without('creation') })],
    'makes the branch prod anew where it is gone',
  ],
  [
    'that waits for the check of the default branch, too',
    [ruleset({ include: ['~ALL'] }), ofProd()],
    'Nothing comes into prod, because the ruleset "oStack gate" requires "oStack / gate" there',
  ],
])('A branch of an environment %s is open', (_, rulesets, text) => {
  const found = findings(goodState({ guarded: ['prod'], rulesets }), MENDS).filter(({ weight }) => weight === 'open');
  expect(found.map((each) => each.text).join(' ')).toContain(text);
  expect(levelOf(found)).toBe('advice');
});

test('nothing is open where each branch has its ruleset, and nothing is to be done', () => {
  const state = goodState({ guarded: ['prod'], rulesets: [ruleset(), ofProd()] });
  expect(findings(state, MENDS).map(({ weight, text }) => `${weight}: ${text}`)).toEqual([
    expect.stringMatching(
      /^note: Between a verdict and its withdrawal .* the branch \(main, prod\) need not be up to date/,
    ),
  ]);
  expect(planSetup(state).steps).toEqual([]);
});

const proposed = { ops: 'a', proposer: 'b' };

test('setup makes the ruleset that a branch lacks, and mends the one that it has', () => {
  const made = planSetup(goodState({ guarded: ['prod'] })).steps;
  const mended = planSetup(
    goodState({ guarded: ['prod'], rulesets: [ruleset(), ofProd({ rules: without('creation') })] }),
  );
  expect([...made, ...mended.steps].map((step) => describeStep(step, proposed))).toEqual([
    `Make the ruleset of prod that requires "${CHECK}" of the ops App, for everybody`,
    'Mend the ruleset "oStack gate: prod": it has the rule "creation"',
  ]);
});

test('remove takes the rulesets of branches too, also of one that is none of an environment any more', () => {
  const state = goodState({
    guarded: ['prod'],
    rulesets: [ruleset(), ofProd(), ofProd({ id: 10, name: 'oStack gate: old' })],
  });
  const lines = planRemoval(state, false, 'https://github.com').steps.map(describeRemoval);
  expect(lines.filter((line) => line.includes('ruleset'))).toEqual([
    'Delete the ruleset "oStack gate"',
    'Delete the ruleset "oStack gate: prod"',
    'Delete the ruleset "oStack gate: old"',
  ]);
});
