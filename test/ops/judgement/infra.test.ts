import { describe, expect, test } from '@jest/globals';
import { rootUnit } from '../../../src/ops/judgement/changed-root.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { withPlans } from '../../../src/ops/judgement/with-plans.js';
import {
  ALL,
  at,
  edit,
  FREE,
  FROZEN,
  type Given,
  HOLDS,
  hold,
  infra,
  losing,
  NOW,
  olga,
  POLICY,
  planned,
  root,
  verdictsOf,
} from './infra-repository.js';
import { changeOf, type Files } from './support.js';

describe('A change of an infra repository is judged by', () => {
  test.each<[string, Files, Record<string, string | undefined>, Given, Record<string, unknown>]>([
    [
      'the environment of its root',
      infra(POLICY),
      edit,
      {},
      { production: 'pending: 0 of 1 approval: waits for olga.', 'root production': 'success: Takes production.' },
    ],
    [
      'its approvers',
      infra(POLICY),
      edit,
      { reviews: [olga] },
      { production: 'success: Takes production; approved by olga.', 'root production': 'success: Takes production.' },
    ],
    [
      'no other environment',
      infra(POLICY),
      { 'clusters/staging/main.tf': root('staging') },
      {},
      { staging: 'success: Takes staging.', 'root staging': 'success: Takes staging.' },
    ],
    [
      'all environments whose roots call a module',
      infra(POLICY),
      { 'modules/cluster/main.tf': '# new\n' },
      {},
      {
        staging: 'success: Takes staging.',
        production: 'pending: 0 of 1 approval: waits for olga.',
        'root staging': 'success: Takes staging.',
        'root production': 'success: Takes production.',
      },
    ],
    [
      'all environments, where its root names none',
      infra(POLICY),
      { 'network/main.tf': root('network', '# new\n') },
      {},
      {
        staging: 'success: Takes network.',
        production: 'pending: 0 of 1 approval: waits for olga.',
        'root network': 'success: Takes network.',
      },
    ],
    [
      'the environment of a root of which a plan is asked for',
      infra(POLICY),
      { '.ostack/replan/staging.yaml': 'x' },
      {},
      { staging: 'success: Takes staging.', 'root staging': 'success: Takes staging.' },
    ],
    [
      'all, where a plan of no root is asked for',
      infra(POLICY.replace('{ path: network }', '{ path: network, approvers: [nina] }')),
      { '.ostack/replan/other.yaml': 'x' },
      {},
      {
        staging: 'success: No root changes; its rules change.',
        production: 'pending: 0 of 1 approval: waits for olga.',
        'root network': 'pending: 0 of 1 approval: waits for nina.',
      },
    ],
    [
      'all environments, where no root takes a file in',
      infra(POLICY),
      { Makefile: 'x' },
      {},
      { staging: 'success: No root changes.', production: 'pending: 0 of 1 approval: waits for olga.' },
    ],
    [
      'the environment that the policy gives a file to',
      infra(`${POLICY}paths: { Makefile: staging }\n`),
      { Makefile: 'x' },
      {},
      { staging: 'success: No root changes.' },
    ],
    ['nobody, where it changes texts for people', infra(POLICY), { 'README.md': 'x' }, {}, {}],
    [
      'nobody, where the policy says that a file is free',
      infra(`${POLICY}free: [Makefile]\n`),
      { Makefile: 'x' },
      {},
      {},
    ],
    [
      'approvers of the root as well',
      infra(POLICY.replace('environment: production }', 'environment: production, approvers: [ben] }')),
      edit,
      { reviews: [olga] },
      {
        production: 'success: Takes production; approved by olga.',
        'root production': 'pending: 0 of 1 approval: waits for ben.',
      },
    ],
    [
      'as many approvals as a root asks for',
      infra(
        POLICY.replace('environment: production }', 'environment: production, approvers: [olga, ben], approvals: 2 }'),
      ),
      edit,
      { reviews: [olga] },
      {
        production: 'success: Takes production; approved by olga.',
        'root production': 'pending: 1 of 2 approvals: waits for olga or ben.',
      },
    ],
    [
      'freezes of its environment',
      infra(FROZEN),
      edit,
      { reviews: [olga] },
      {
        production: expect.stringContaining('pending: production is frozen until'),
        'root production': 'success: Takes production.',
      },
    ],
    [
      'freezes of its environment, where settings alone change what is planned',
      infra(FROZEN),
      {
        'ostack.yaml': FROZEN.replace('path: clusters/production', 'path: clusters/production, var-files: [x.tfvars]'),
      },
      { reviews: [olga] },
      {
        staging: 'success: No root changes; its rules change.',
        production: expect.stringContaining('pending: production is frozen until'),
        'root production': 'success: Takes production; its rules change.',
      },
    ],
    [
      'all, where rules change, and no freeze keeps their end out',
      infra(FROZEN),
      { 'ostack.yaml': POLICY },
      { reviews: [olga] },
      {
        staging: 'success: No root changes; its rules change.',
        production: 'success: No root changes; its rules change; approved by olga.',
      },
    ],
    [
      'a hold of its root',
      infra(POLICY, { [HOLDS]: hold('production', 'production') }),
      edit,
      { reviews: [olga] },
      {
        production:
          'failure: production in production is held since 2026-11-19T12:00:00Z by ada: audit. Take the hold out of .ostack/holds.yaml first, in a pull request of its own.',
        'root production': 'success: Takes production.',
      },
    ],
    [
      'a hold of everything in an environment',
      infra(POLICY, { [HOLDS]: hold('production', '*') }),
      edit,
      { reviews: [olga] },
      {
        production: expect.stringContaining('failure: production in production is held'),
        'root production': 'success: Takes production.',
      },
    ],
    [
      'a hold of a root in every environment, which none has',
      infra(FREE, { [HOLDS]: hold('*', 'network') }),
      { 'network/main.tf': root('network', '# new\n') },
      {},
      { 'root network': expect.stringContaining('failure: network is held') },
    ],
    [
      'no hold of another root',
      infra(POLICY, { [HOLDS]: hold('production', 'staging') }),
      edit,
      { reviews: [olga] },
      { production: 'success: Takes production; approved by olga.', 'root production': 'success: Takes production.' },
    ],
  ])('%s', async (_what, before, edits, given, expected) => {
    expect(await verdictsOf(before, edits, given)).toEqual(expected);
  });
});

describe('A root', () => {
  test.each<[string, string, Given, string]>([
    ['waits for its plan', FREE, { plans: {} }, 'pending: There is no plan of production at this commit yet.'],
    [
      'is refused without a plan',
      FREE,
      { plans: { production: planned({ problem: 'Invalid provider.' }) } },
      'failure: production has no plan: Invalid provider.',
    ],
    [
      'has no plan in a fork',
      FREE,
      { plans: {}, pull: { isFork: true } },
      'failure: production has no plan, because code of a fork gets no credentials: push the branch to this repository, and open it from there.',
    ],
    ['takes nobody, where nobody is named and nothing is lost', FREE, {}, 'success: Takes production.'],
    [
      'loses nothing for good where nobody is named who may approve that',
      FREE,
      { plans: { production: planned({ lost: ['a.a', 'b.b', 'c.c', 'd.d'], lostCount: 9 }) } },
      'failure: production loses a.a, b.b, c.c and 6 more for good, and nobody is named who may approve that. Name them in ostack.yaml, in a pull request of its own: "losses: { approvers: [<login>] }".',
    ],
    [
      'loses it where the team wants nobody asked',
      `${FREE}losses: false\n`,
      { plans: { production: losing } },
      'success: Takes production.',
    ],
  ])('%s', async (_what, policy, given, expected) => {
    expect((await verdictsOf(infra(policy), edit, given))[rootUnit('production')]).toBe(expected);
  });

  test('loses something for good by who approves it in any case', async () => {
    const given = { plans: { production: losing }, reviews: [olga] };
    expect(await verdictsOf(infra(POLICY), edit, given)).toEqual({
      production: 'success: Takes production; approved by olga.',
      'root production': 'success: Takes production.',
    });
  });

  test.each<[string, Given['reviews'] & {}, string]>([
    ['nobody has', [], 'pending: 0 of 1 approval: waits for ben.'],
    ['an approver of the environment has', [olga], 'pending: 0 of 1 approval: waits for ben.'],
    ['one who is named has', [{ ...olga, login: 'ben' }], 'success: Takes staging; approved by ben.'],
  ])(
    'loses something by who is named for losses, also where a plain change takes nobody: %s',
    async (_w, reviews, expected) => {
      const before = infra(`${POLICY}losses: { approvers: [ben] }\n`);
      const change = { 'clusters/staging/main.tf': root('staging') };
      const lost = await verdictsOf(before, change, { plans: { staging: losing }, reviews });
      const plain = await verdictsOf(before, change, { reviews });
      expect([lost['stateful losses'], plain['stateful losses']]).toEqual([expected, undefined]);
    },
  );

  test.each<[string, Date | undefined, string]>([
    ['after what is planned was planned', at('10:59'), 'success: Takes production; approved by olga.'],
    [
      'at the same time',
      at('11:00'),
      'pending: 0 of 1 approval: waits for olga. The approval of olga does not count: it was given before what is planned now was planned.',
    ],
    [
      'before another plan of the same commit',
      at('11:01'),
      'pending: 0 of 1 approval: waits for olga. The approval of olga does not count: it was given before what is planned now was planned.',
    ],
    [
      'of a plan whose time nobody knows',
      undefined,
      'pending: 0 of 1 approval: waits for olga. The approval of olga does not count: it was given before what is planned now was planned.',
    ],
  ])('is approved %s', async (_what, plannedAt, expected) => {
    const plans = { ...ALL, production: planned({ plannedAt }) };
    expect((await verdictsOf(infra(POLICY), edit, { plans, reviews: [olga] })).production).toBe(expected);
  });

  test('is approved for the newest plan of all of its environment', async () => {
    const policy = POLICY.replace('environment: staging', 'environment: production');
    const plans = { ...ALL, staging: planned({ plannedAt: at('11:30') }) };
    const change = { 'modules/cluster/main.tf': '# new\n' };
    expect((await verdictsOf(infra(policy), change, { plans, reviews: [olga] })).production).toContain(
      'pending: 0 of 1',
    );
  });

  test('that was planned again after its merge was approved all the same', async () => {
    const plans = { ...ALL, production: planned({ plannedAt: at('12:30') }) };
    const given = { plans, reviews: [olga] };
    const past = await verdictsOf(infra(POLICY), edit, { ...given, pull: { isPast: true } });
    expect(past.production).toBe('success: Takes production; approved by olga.');
    expect((await verdictsOf(infra(POLICY), edit, given)).production).toContain('pending');
  });
});

test('What is planned changes nothing of what is known of an ops repository', async () => {
  const change = changeOf({ 'ostack.yaml': 'environments: { production: {} }\n' }, { 'a.yaml': 'a: 1\n' });
  const facts = await inspectChange(change, 'acme/ops');
  expect(withPlans(facts, new Map(), { isFork: false, at: NOW, isPast: false })).toBe(facts);
});
