import { describe, expect, test } from '@jest/globals';
import { findings, levelOf } from '../../../src/cli/gate/findings.js';
import { changedByAnybody, unjudgedOf } from '../../../src/cli/gate/policy-findings.js';
import type { GateState } from '../../../src/cli/gate/state.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
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

const MENDS = { server: 'https://github.com', setup: 'ostack gate setup --ops acme/ops' };

/** Of what is open, or worth knowing: how it begins, because of what. */
const open: [what: string, changes: Partial<GateState>, who: string, because: string][] = [
  [
    'a policy without approvers',
    { changedByAnybody: ['staging', 'production'] },
    'Anyone with write access changes ostack.yaml',
    'the policy names no approvers',
  ],
  [
    'an environment with rules in repositories that nobody names',
    { unjudged: unjudgedOf(readPolicy('environments: { dev: {}, prod: { repository: "acme/{app}", after: dev } }\n')) },
    'Whoever may push to the repository of an app changes prod past the policy',
    'ostack.yaml names no apps',
  ],
  [
    'previews that nothing confines',
    { openPreviews: { host: 'staging', differing: [] } },
    'The cluster of staging is open to whoever opens a pull request',
    'nothing confines previews to their namespaces',
  ],
  [
    'previews that are confined by other rules',
    { openPreviews: { host: 'staging', differing: ['ostack-previews-services', 'ostack-previews-routes'] } },
    'The cluster of staging confines previews by other rules than those of ostack.yaml',
    'ostack-previews-services, ostack-previews-routes are missing there, or not the same',
  ],
  ['a plan without rulesets', { rulesets: undefined }, 'Anyone with write access merges', 'has no rulesets'],
  ['no ruleset', { rulesets: [] }, 'Anyone with write access merges', 'no ruleset requires the check'],
  [
    'a ruleset on trial',
    { rulesets: [ruleset({ enforcement: 'evaluate' })] },
    'Anyone with write access merges',
    'is not active',
  ],
  [
    'a ruleset of another branch',
    { rulesets: [ruleset({ include: ['refs/heads/x'] })] },
    'Anyone with write access merges',
    'does not hold on main',
  ],
  [
    'a ruleset without the check',
    { rulesets: [ruleset({ rules: without('required_status_checks') })] },
    'Anyone with write access merges',
    'does not require',
  ],
  [
    'a gate that somebody disabled',
    { disabledWorkflows: [{ path: '.github/workflows/ops-gate.yml', state: 'disabled_manually' }] },
    'Nothing judges, and what was allowed before stays so',
    'ops-gate.yml is disabled (disabled_manually): anyone with write access can do so',
  ],
  [
    'a gate that slept for two months',
    { disabledWorkflows: [{ path: '.github/workflows/ops-check.yml', state: 'disabled_inactivity' }] },
    'Nothing judges',
    'GitHub does so after 60 days',
  ],
  [
    'any source',
    { rulesets: [ruleset({ rules: checksOf(undefined) })] },
    'Anyone with write access makes the check',
    'from any source',
  ],
  [
    'workflows as the source',
    { rulesets: [ruleset({ rules: checksOf(15368) })] },
    'Anyone with write access makes the check',
    'from GitHub Actions',
  ],
  [
    'another App as the source',
    { rulesets: [ruleset({ rules: checksOf(9) })] },
    'Whoever holds the key of the App 9',
    'and not from acme-ops-gate',
  ],
  [
    'pushes past pull requests',
    { rulesets: [ruleset({ rules: without('pull_request') })] },
    'Anyone with write access pushes',
    'no ruleset has the rule "pull_request"',
  ],
  [
    'an older commit',
    { rulesets: [ruleset({ rules: without('non_fast_forward') })] },
    'Anyone with write access sets the default branch back',
    'non_fast_forward',
  ],
  [
    'a branch that can go',
    { rulesets: [ruleset({ rules: without('deletion') })] },
    'Anyone with write access deletes',
    'deletion',
  ],
  [
    'the proposer on the list',
    { rulesets: [ruleset({ bypass: [bypass('Integration', PROPOSER)] })] },
    "Whoever holds the proposer's key",
    'lets the proposer bypass it',
  ],
  [
    'the ops App on the list',
    { rulesets: [ruleset({ bypass: [bypass('Integration', OPS_APP)] })] },
    'Whoever holds the key of that App',
    'lets the ops App bypass it',
  ],
  [
    'a team on the list',
    { rulesets: [ruleset({ bypass: [bypass('Team', 4, 'pull_request')] })] },
    'Whoever that is',
    'lets the team 4 bypass it in pull requests',
  ],
  [
    'a deploy key on the list',
    { rulesets: [ruleset({ bypass: [bypass('DeployKey')] })] },
    'Whoever holds a deploy key',
    'lets deploy keys bypass it',
  ],
  [
    'a key of the repository',
    { strayKeys: [{ at: 'repository' }] },
    "Anyone with write access reads the ops App's key with a workflow of any branch",
    'a secret of the repository',
  ],
  [
    'a key of the organisation',
    { strayKeys: [{ at: 'organisation' }] },
    "Anyone with write access reads the ops App's key",
    'a secret of the organisation',
  ],
  ['no environment', { environment: undefined }, 'Nothing judges', 'no environment'],
  [
    'an open environment',
    { environment: environment({ admits: 'all', rules: [] }) },
    "Anyone with write access reads the ops App's key",
    'admits every branch and tag',
  ],
  [
    'protected branches only',
    { environment: environment({ admits: 'protected', rules: [] }) },
    "Anyone with write access reads the ops App's key",
    '"protected branches only"',
  ],
  [
    'a second branch',
    {
      environment: environment({
        rules: [
          { id: 1, name: 'main', type: 'branch' },
          { id: 2, name: 'dev', type: 'branch' },
        ],
      }),
    },
    'Anyone with write access reads the ops App\'s key with a workflow of a branch "dev"',
    'admits it',
  ],
  [
    'a tag',
    {
      environment: environment({
        rules: [
          { id: 1, name: 'main', type: 'branch' },
          { id: 2, name: 'v*', type: 'tag' },
        ],
      }),
    },
    'Anyone with write access reads the ops App\'s key with a workflow of a tag "v*"',
    'admits it',
  ],
  [
    'an environment without the default branch',
    { environment: environment({ rules: [] }) },
    'Nothing judges',
    'does not admit main',
  ],
  [
    'an environment that waits',
    { environment: environment({ waits: { minutes: 5, reviewers: [], preventSelfReview: false } }) },
    'Nothing judges in time',
    'lets each job wait',
  ],
  [
    'an environment that asks',
    {
      environment: environment({
        waits: { minutes: 0, reviewers: [{ type: 'User', id: 1 }], preventSelfReview: false },
      }),
    },
    'Nothing judges in time',
    'asks somebody',
  ],
  [
    'no key of the ops App',
    { holders: { ops: [holder('ops', { hasKey: false })], proposer: [holder('proposer')] } },
    'Nothing judges from the environment',
    'does not have the key',
  ],
  [
    'an apps repository without the key',
    { holders: { ops: [holder('ops')], proposer: [holder('proposer', { hasKey: false }, 'apps')] } },
    'Nothing is proposed from acme/apps',
    'does not have the key',
  ],
  [
    'a proposer that makes checks',
    {
      apps: {
        ops: app('ops'),
        proposer: app('proposer', { permissions: { ...app('proposer').permissions, checks: 'write' } }),
      },
    },
    "Whoever gets hold of the proposer's key",
    'has checks: write',
  ],
  [
    'a proposer that administers',
    {
      apps: {
        ops: app('ops'),
        proposer: app('proposer', { permissions: { ...app('proposer').permissions, administration: 'write' } }),
      },
    },
    "Whoever gets hold of the proposer's key",
    'has administration: write',
  ],
  [
    'an ops App that cannot make checks',
    { apps: { ops: app('ops', { permissions: { metadata: 'read' } }), proposer: app('proposer') } },
    'The ops App cannot do its work',
    'lacks actions: read, checks: write',
  ],
  [
    'an ops App that is nowhere',
    { apps: { ops: app('ops', { installed: 'nowhere' }), proposer: app('proposer') } },
    'Nothing judges',
    'is not installed',
  ],
  [
    'an App that is everywhere',
    { apps: { ops: app('ops'), proposer: app('proposer', { installed: 'all' }) } },
    "Whoever gets hold of the proposer's key",
    'installed on all of them',
  ],
  [
    'rebase merges',
    { rulesets: [ruleset({ rules: [...without('pull_request'), { type: 'pull_request' }] })] },
    'Anyone with write access undoes what the default branch has got',
    'because rebase merges are allowed',
  ],
  [
    'a queue that rebases',
    {
      rulesets: [
        ruleset({ rules: [...ruleset().rules, { type: 'merge_queue', parameters: { merge_method: 'REBASE' } }] }),
      ],
    },
    'Anyone with write access undoes what the default branch has got',
    'because the merge queue of "oStack gate" rebases',
  ],
  [
    'nothing but rebase merges',
    { repository: { ...goodState().repository, mergeMethods: ['rebase'] } },
    'Nothing can be merged',
    'the repository allows rebase merges alone',
  ],
  [
    'a workflow that is missing',
    { missingWorkflows: ['.github/workflows/ops-gate.yml'] },
    'Nothing judges',
    'main has no .github/workflows/ops-gate.yml',
  ],
];

const notes: [what: string, changes: Partial<GateState>, text: string][] = [
  [
    'administrators on the list',
    { rulesets: [ruleset({ bypass: [bypass('RepositoryRole', 5)] })] },
    'An administrator merges',
  ],
  [
    'owners on the list',
    { rulesets: [ruleset({ bypass: [bypass('OrganizationAdmin')] })] },
    'lets owners of the organisation bypass it',
  ],
  [
    'a list that is not shown',
    { rulesets: [ruleset({ own: false, bypass: undefined })] },
    'is not shown to this token',
  ],
  ['no auto-merge', { repository: { ...goodState().repository, autoMerge: false } }, 'does not allow auto-merge'],
  [
    'workflows that approve',
    { workflowToken: { writes: false, approves: true } },
    'approves pull requests as github-actions',
  ],
  ['workflows that write', { workflowToken: { writes: true, approves: false } }, 'may write'],
];

const SECONDS = 'Between a verdict and its withdrawal';

test.each<[string, string, string[]]>([
  ['no rules', 'environments: { staging: {} }\n', []],
  ['rules and no approvers', 'environments: { staging: {}, production: { after: staging } }\n', ['production']],
  ['approvers', 'environments: { staging: {}, production: { after: staging, approvers: [grace] } }\n', []],
])('Whose rules anybody changes, of a policy with %s', (_, text, expected) => {
  expect(changedByAnybody(readPolicy(text))).toEqual(expected);
});

test.each<[string, string, boolean[]]>([
  ['on the default branch alone', 'environments: { staging: {}, production: { after: staging } }\n', []],
  ['on a branch', 'environments: { staging: {}, production: { branch: prod, after: staging } }\n', []],
  ['in a repository that is named', 'environments: { production: { repository: acme/prod, after: [] } }\n', []],
  [
    'in one of each app, no rules',
    'environments: { staging: { repository: "acme/{app}" }, production: {} }\n',
    [false],
  ],
  [
    'in one of each app, with rules',
    'environments: { production: { repository: "acme/{app}", freeze: [{ cron: "* * * * *", for: 1h }] } }\n',
    [true],
  ],
  ['in one of each app that is named', 'apps: { cat: {} }\nenvironments: { prod: { repository: "acme/{app}" } }\n', []],
])('Whom the gate does not judge, of environments %s', (_, text, expected) => {
  expect(unjudgedOf(readPolicy(text)).map(({ hasRules }) => hasRules)).toEqual(expected);
});

describe('What gate check finds', () => {
  test('is nothing but seconds, where nothing is missing', () => {
    const found = findings(goodState(), MENDS);
    expect(found).toEqual([{ weight: 'note', text: expect.stringContaining(SECONDS), mend: expect.any(String) }]);
    expect(levelOf(found)).toBe('guarded');
  });

  test('is nothing at all, where branches are up to date', () => {
    const strict = {
      type: 'required_status_checks',
      parameters: {
        strict_required_status_checks_policy: true,
        required_status_checks: [{ context: 'oStack / gate', integration_id: OPS_APP }],
      },
    };
    expect(
      findings(goodState({ rulesets: [ruleset({ rules: [...without('required_status_checks'), strict] })] }), MENDS),
    ).toEqual([]);
  });

  test.each(open)('is that %s lets somebody in, or nothing works', (_what, changes, who, because) => {
    const found = findings(goodState(changes), MENDS).filter(({ weight }) => weight === 'open');
    expect(found).toHaveLength(1);
    expect(found[0]?.text.slice(0, who.length)).toBe(who);
    expect(found[0]?.text).toContain('because');
    expect(found[0]?.text).toContain(because);
    expect(found[0]?.mend).toMatch(/^(https:|ostack|gh |Add to ostack\.yaml: )/);
    expect(levelOf(found)).toBe('advice');
  });

  test.each(notes)('is worth knowing of %s', (_what, changes, text) => {
    const found = findings(goodState(changes), MENDS);
    expect(found.filter(({ weight }) => weight === 'open')).toEqual([]);
    expect(found.map((each) => each.text)).toContainEqual(expect.stringContaining(text));
  });

  test('is that nobody knows the App that a ruleset expects the check from', () => {
    const state = goodState({ apps: { ops: undefined, proposer: app('proposer') } });
    expect(findings(state, MENDS).map(({ text }) => text)).toEqual([
      expect.stringContaining('Whoever holds the key of the App 71'),
      expect.stringContaining('Nothing judges, because no ops App is known'),
    ]);
  });

  test('is not that somebody goes past one of two rulesets', () => {
    const rulesets = [ruleset({ bypass: [bypass('Team', 4)] }), ruleset({ id: 6, name: 'second' })];
    expect(findings(goodState({ rulesets }), MENDS).filter(({ weight }) => weight === 'open')).toEqual([]);
  });
});
