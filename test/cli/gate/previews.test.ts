import { describe, expect, test } from '@jest/globals';
import { findings } from '../../../src/cli/gate/findings.js';
import { describeStep, planSetup } from '../../../src/cli/gate/plan-setup.js';
import { describeRemoval, planRemoval } from '../../../src/cli/gate/remove.js';
import type { GateState } from '../../../src/cli/gate/state.js';
import {
  app,
  bypass,
  goodState,
  NO_PREVIEWS,
  OPS_APP,
  PROPOSER,
  previewsRuleset as previews,
  ruleset,
  SERVED,
} from './gate-state.js';

const MENDS = { server: 'https://github.com', setup: 'ostack gate setup' };
const MAKE = 'Make the ruleset that lets the ops App alone make, move and delete ostack/previews';
const mend = (what: string) => [`Mend the ruleset "oStack previews": ${what}`];
const held = (changes: Parameters<typeof previews>[0] = {}) => ({
  previews: SERVED,
  rulesets: [ruleset(), previews(changes)],
});
const without = (type: string) => ({ rules: previews().rules.filter((rule) => rule.type !== type) });

const steps: [what: string, changes: Partial<GateState>, expected: string[]][] = [
  ['no workflow that would write them', { previews: { ...NO_PREVIEWS, isUsed: true } }, []],
  ['the workflow, and no ruleset', { previews: SERVED }, [MAKE]],
  ['both', held(), []],
  [
    'a workflow that is disabled',
    { ...held(), previews: { ...SERVED, disabled: 'disabled_manually' } },
    ['Enable the workflow .github/workflows/preview-requests.yml'],
  ],
  ['a ruleset on trial', held({ enforcement: 'evaluate' }), mend('it is active, not "evaluate"')],
  ['a ruleset of another branch', held({ include: ['refs/heads/previews'] }), mend('it holds on ostack/previews')],
  ['a branch that anybody makes', held(without('creation')), mend('it has the rule "creation"')],
  ['a branch that anybody moves', held(without('update')), mend('it has the rule "update"')],
  ['a branch that anybody deletes', held(without('deletion')), mend('it has the rule "deletion"')],
  ['a ruleset that binds the ops App', held({ bypass: [] }), mend('the ops App may bypass it')],
  [
    'an ops App that may in pull requests alone',
    held({ bypass: [bypass('Integration', OPS_APP, 'pull_request')] }),
    mend('the ops App may bypass it'),
  ],
  [
    'a proposer that may, too',
    held({ bypass: [bypass('Integration', OPS_APP), bypass('Integration', PROPOSER)] }),
    mend('the proposer may not bypass it'),
  ],
];

const said: [what: string, changes: Partial<GateState>, weight: string, text: RegExp][] = [
  [
    'previews that the proposer writes',
    { previews: { ...NO_PREVIEWS, isUsed: true } },
    'note',
    /proposer's key .* decides what the cluster of previews runs, because no ruleset keeps ostack\/previews/,
  ],
  ['a ruleset that is not active', held({ enforcement: 'disabled' }), 'open', /no ruleset keeps ostack\/previews/],
  ['a branch that anybody makes', held(without('creation')), 'open', /is to be true that it has the rule "creation"/],
  [
    'a role that may bypass it',
    held({ bypass: [bypass('Integration', OPS_APP), bypass('RepositoryRole', 4)] }),
    'open',
    /Whoever is RepositoryRole 4 decides/,
  ],
  [
    'administrators who may bypass it',
    held({ bypass: [bypass('Integration', OPS_APP), bypass('OrganizationAdmin')] }),
    'note',
    /An administrator decides/,
  ],
  [
    'no workflow',
    { ...held(), previews: { ...SERVED, isServed: false } },
    'open',
    /No preview is written, because main has no/,
  ],
  [
    'a workflow that is disabled',
    { ...held(), previews: { ...SERVED, disabled: 'disabled_inactivity' } },
    'open',
    /preview-requests\.yml is disabled \(disabled_inactivity\)/,
  ],
  [
    'nobody who may ask',
    { ...held(), previews: { ...SERVED, sources: [] } },
    'open',
    /names no apps repository that may ask/,
  ],
  [
    'another ruleset that binds the ops App',
    { previews: SERVED, rulesets: [previews(), ruleset({ id: 9, name: 'all', include: ['~ALL'] })] },
    'open',
    /the ruleset "all" holds on ostack\/previews, too, and binds the ops App/,
  ],
];

describe('the branch of previews', () => {
  test.each(steps)('with %s is set up', (_what, changes, expected) => {
    const names = { ops: 'acme-ops-gate', proposer: 'acme-ops-proposer' };
    expect(planSetup(goodState(changes)).steps.map((step) => describeStep(step, names))).toEqual(expected);
  });

  test.each(said)('with %s is looked at', (_what, changes, weight, text) => {
    const found = findings(goodState(changes), MENDS).filter((each) => text.test(each.text));
    expect(found.map((each) => each.weight)).toEqual([weight]);
  });

  test('that is as it should be is not spoken of, and neither is one that nobody uses', () => {
    const about = (changes: Partial<GateState>) =>
      findings(goodState(changes), MENDS).filter(({ text }) => text.includes('review'));
    expect([about(held()), about({})]).toEqual([[], []]);
  });

  test('keeps what people have added to its ruleset', () => {
    const others = [bypass('OrganizationAdmin')];
    const [step] = planSetup(goodState(held({ bypass: others }))).steps;
    expect(step).toMatchObject({
      do: 'mend-previews-ruleset',
      body: {
        bypass_actors: [{ actor_type: 'OrganizationAdmin' }, { actor_id: app('ops').id, bypass_mode: 'always' }],
      },
    });
  });

  test("is anybody's again with the gate away", () => {
    const taken = planRemoval(goodState(held()), false, MENDS.server).steps.map(describeRemoval);
    expect(taken[0]).toBe('Delete the ruleset "oStack previews"');
  });
});
