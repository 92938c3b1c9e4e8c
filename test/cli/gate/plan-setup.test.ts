import { describe, expect, test } from '@jest/globals';
import type { Role } from '../../../src/cli/gate/app-roles.js';
import { describeStep, planSetup } from '../../../src/cli/gate/plan-setup.js';
import type { GateState } from '../../../src/cli/gate/state.js';
import {
  app,
  bypass,
  checksOf,
  environment,
  goodState,
  holder,
  OPS_APP,
  PROPOSER,
  ruleset,
  without,
} from './gate-state.js';

const NAMES = { ops: 'acme-ops-gate', proposer: 'acme-ops-proposer' };
const steps = (state: GateState, newKeys: Role[] = []) =>
  planSetup(state, newKeys).steps.map((step) => describeStep(step, NAMES));

const noKey = { hasKey: false, clientId: undefined, slug: undefined };
const EVIDENCE = {
  isAsked: true,
  sources: [
    { repository: 'acme/apps', branches: [], isPublic: false },
    { repository: 'acme/site', branches: [], isPublic: true },
    { repository: 'acme/ops', branches: [], isPublic: false },
  ],
};
const mend = (change: string) => [`Mend the ruleset "oStack gate": ${change}`];
const MEND_SOURCE = mend('it requires "oStack / gate" from the ops App and from nothing else');

const table: [what: string, changes: Partial<GateState>, steps: string[]][] = [
  ['all that is there', {}, []],
  [
    'no proposer, in an infra repository',
    {
      isInfra: true,
      apps: { ...goodState().apps, proposer: undefined },
      holders: { ...goodState().holders, proposer: [] },
    },
    [],
  ],
  [
    'a repository without auto-merge',
    { repository: { ...goodState().repository, autoMerge: false } },
    ['Allow auto-merge in the repository'],
  ],
  [
    'evidence from a repository, where nobody but the App can tell whether it is installed there',
    { evidence: EVIDENCE },
    [],
  ],
  [
    'evidence from repositories, with an App that is made',
    {
      evidence: EVIDENCE,
      apps: { ...goodState().apps, ops: undefined },
      holders: { ...goodState().holders, ops: [holder('ops', noKey)] },
      checkMade: false,
      rulesets: [],
    },
    [
      'Make the ops App "acme-ops-gate" (one click); its key goes to the environment ostack-gate of acme/ops',
      'Install the ops App on the repository (one click)',
      'Make the first check "oStack / gate", so that GitHub knows its source',
      'See that the ops App is installed on acme/apps, whose runs it reads (one click where it is not)',
      'Make the ruleset that requires "oStack / gate" of the ops App, for everybody',
    ],
  ],
  [
    'workflows that somebody, or GitHub, disabled',
    {
      disabledWorkflows: [
        { path: '.github/workflows/ops-check.yml', state: 'disabled_inactivity' },
        { path: '.github/workflows/ops-gate.yml', state: 'disabled_manually' },
      ],
    },
    ['Enable the workflow .github/workflows/ops-check.yml', 'Enable the workflow .github/workflows/ops-gate.yml'],
  ],
  [
    'a ruleset that allows rebase merges',
    { rulesets: [ruleset({ rules: [...without('pull_request'), { type: 'pull_request' }] })] },
    mend('it allows no rebase merges'),
  ],
  [
    'an environment that admits every ref',
    { environment: environment({ admits: 'all', rules: [] }) },
    [
      'Let the environment "ostack-gate" admit the branches that it names and nothing else',
      'Let the environment "ostack-gate" admit the branch main',
    ],
  ],
  [
    'an environment of protected branches',
    { environment: environment({ admits: 'protected', rules: [] }) },
    [
      'Let the environment "ostack-gate" admit the branches that it names and nothing else',
      'Let the environment "ostack-gate" admit the branch main',
    ],
  ],
  [
    'an environment that admits the queue, too',
    {
      environment: environment({
        rules: [
          { id: 1, name: 'main', type: 'branch' },
          { id: 2, name: 'gh-readonly-queue/*', type: 'branch' },
        ],
      }),
    },
    ['Take the branch rule "gh-readonly-queue/*" off the environment "ostack-gate"'],
  ],
  [
    'an environment that admits a tag of the name',
    { environment: environment({ rules: [{ id: 1, name: 'main', type: 'tag' }] }) },
    [
      'Take the tag rule "main" off the environment "ostack-gate"',
      'Let the environment "ostack-gate" admit the branch main',
    ],
  ],
  [
    'an apps repository without the key',
    { holders: { ops: [holder('ops')], proposer: [holder('proposer'), holder('proposer', noKey, 'apps')] } },
    [
      'Take a new key of the proposer "acme-ops-proposer" for acme/apps',
      'Say which App the proposer is (acme-ops-proposer) in acme/apps',
    ],
  ],
  [
    'a key of another App',
    { holders: { ops: [holder('ops', { clientId: 'Iv1.other' })], proposer: [holder('proposer')] } },
    [
      'Take a new key of the ops App "acme-ops-gate" for the environment ostack-gate of acme/ops',
      'Say which App the ops App is (acme-ops-gate) in the environment ostack-gate of acme/ops',
    ],
  ],
  [
    'a key whose App no variable names yet',
    { holders: { ops: [holder('ops', { clientId: undefined, slug: undefined })], proposer: [holder('proposer')] } },
    ['Say which App the ops App is (acme-ops-gate) in the environment ostack-gate of acme/ops'],
  ],
  [
    'an App that is not installed',
    { apps: { ops: app('ops'), proposer: app('proposer', { installed: 'nowhere' }) } },
    ['Install the proposer on the repository (one click)'],
  ],
  [
    'an App of which nobody tells where it is, while its check is there',
    { apps: { ops: app('ops', { installed: 'unknown' }), proposer: app('proposer', { installed: 'unknown' }) } },
    [],
  ],
  [
    'a ruleset that is not active',
    { rulesets: [ruleset({ enforcement: 'evaluate' })] },
    mend('it is active, not "evaluate"'),
  ],
  [
    'a ruleset of another branch',
    { rulesets: [ruleset({ include: ['refs/heads/next'] })] },
    mend('it holds on the default branch'),
  ],
  [
    'a ruleset that leaves the branch out',
    { rulesets: [ruleset({ include: ['~ALL'], exclude: ['refs/heads/m*'] })] },
    mend('it holds on the default branch'),
  ],
  ['a check of any source', { rulesets: [ruleset({ rules: checksOf(undefined) })] }, MEND_SOURCE],
  ['a check of workflows', { rulesets: [ruleset({ rules: checksOf(15368) })] }, MEND_SOURCE],
  ['a check of two sources', { rulesets: [ruleset({ rules: checksOf(OPS_APP, undefined) })] }, MEND_SOURCE],
  ['a ruleset without the check', { rulesets: [ruleset({ rules: without('required_status_checks') })] }, MEND_SOURCE],
  [
    'a ruleset without pull requests',
    { rulesets: [ruleset({ rules: without('pull_request') })] },
    mend('it has the rule "pull_request"'),
  ],
  [
    'a ruleset without history',
    { rulesets: [ruleset({ rules: without('non_fast_forward') })] },
    mend('it has the rule "non_fast_forward"'),
  ],
  [
    'a ruleset that the proposer bypasses',
    { rulesets: [ruleset({ bypass: [bypass('Integration', PROPOSER)] })] },
    mend('neither App may bypass it'),
  ],
  [
    'a ruleset that the ops App bypasses',
    { rulesets: [ruleset({ bypass: [bypass('Integration', OPS_APP)] })] },
    mend('neither App may bypass it'),
  ],
  [
    'people who bypass a ruleset, which is theirs to say',
    { rulesets: [ruleset({ bypass: [bypass('RepositoryRole', 5)] })] },
    [],
  ],
  ['a ruleset of another name that asks for the same', { rulesets: [ruleset({ name: 'main' })] }, []],
  [
    'a ruleset of the organisation alone',
    { rulesets: [ruleset({ own: false })], checkMade: true },
    ['Make the ruleset that requires "oStack / gate" of the ops App, for everybody'],
  ],
  [
    'an App that has not made a check',
    { rulesets: [], checkMade: false, apps: { ops: app('ops', { installed: 'all' }), proposer: app('proposer') } },
    [
      'Make the first check "oStack / gate", so that GitHub knows its source',
      'Make the ruleset that requires "oStack / gate" of the ops App, for everybody',
    ],
  ],
];

describe('The plan of gate setup', () => {
  test.each(table)('for %s', (_what, changes, expected) => {
    expect(steps(goodState(changes))).toEqual(expected);
  });

  test('takes a new key where one leaked, for all that have it', () => {
    expect(steps(goodState(), ['proposer'])).toEqual([
      'Take a new key of the proposer "acme-ops-proposer" for acme/ops, acme/apps',
    ]);
  });

  test('asks whose a key is that nothing tells', () => {
    const state = goodState({ apps: { ops: app('ops'), proposer: undefined } });
    expect(planSetup(state).questions).toEqual([expect.stringContaining('Say --proposer <name>')]);
  });

  test('asks nothing where there is no key yet', () => {
    const holders = { ops: [holder('ops', noKey)], proposer: [holder('proposer', noKey)] };
    const state = goodState({ apps: { ops: undefined, proposer: undefined }, holders });
    expect(planSetup(state).questions).toEqual([]);
  });

  test('keeps rules, checks and people of others in a ruleset', () => {
    const lint = { context: 'lint', integration_id: 9 };
    const checks = {
      type: 'required_status_checks',
      parameters: { strict_required_status_checks_policy: true, required_status_checks: [lint] },
    };
    const own = ruleset({
      rules: [{ type: 'required_linear_history' }, checks],
      bypass: [bypass('Team', 4, 'pull_request'), bypass('Integration', PROPOSER)],
    });
    const [step] = planSetup(goodState({ rulesets: [own] })).steps;
    expect(step).toMatchObject({
      do: 'mend-ruleset',
      body: {
        rules: [
          { type: 'required_linear_history' },
          { type: 'deletion' },
          { type: 'non_fast_forward' },
          { type: 'pull_request' },
          {
            parameters: {
              strict_required_status_checks_policy: true,
              required_status_checks: [lint, { context: 'oStack / gate', integration_id: OPS_APP }],
            },
          },
        ],
        bypass_actors: [{ actor_type: 'Team', actor_id: 4, bypass_mode: 'pull_request' }],
      },
    });
  });
});
