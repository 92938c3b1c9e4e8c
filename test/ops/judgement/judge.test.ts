import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { type EnvironmentCase, judge } from '../../../src/ops/judgement/judge.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const policy = readPolicy(`
environments:
  staging: {}
  production: { after: staging, soak: 2h, approvers: [grace, linus], approvals: 2 }
  closed: { freeze: [{ cron: "0 11 * * *", for: 3h }] }
`);

function verdictOf(environment: string, given: Partial<EnvironmentCase> = {}): string {
  const { state, line } = judge({
    ...{ policy: environmentPolicy(policy, environment), touched: true, ruled: false, moves: [], now: NOW },
    ...{ approvals: { given: [], refused: [], problem: undefined }, exempt: undefined },
    ...given,
  });
  expect(line.length).toBeLessThanOrEqual(140);
  return `${state}: ${line}`;
}

const hold = { environment: 'staging', app: 'shop', version: '1.3.0', since: '2026-11-20T09:00:00Z', by: 'ada' };
const move = { app: 'shop', version: '1.4.0', targets: [], before: new Map(), holds: [], exempt: undefined };
const heldMove = { ...move, holds: [hold] };

describe('whether an environment takes a change', () => {
  test.each<[string, Partial<EnvironmentCase>, string]>([
    ['production', { touched: false }, 'success: No change.'],
    // A change of the policy takes the approvals that the policy in force asks for, and no freeze keeps it out.
    ['production', { touched: false, ruled: true }, 'pending: 0 of 2 approvals: waits for grace or linus.'],
    ['closed', { touched: false, ruled: true }, 'success: No version changes; its rules change.'],
    ['staging', { moves: [move] }, 'success: Takes shop 1.4.0.'],
    [
      'staging',
      { moves: [{ ...move, charts: ['chart common 2.0.0 -> 2.1.0'] }] },
      'success: Takes shop 1.4.0 (chart common 2.0.0 -> 2.1.0).',
    ],
    [
      'staging',
      { moves: [{ ...move, charts: ['chart shop 1.3.0 -> 1.4.0'] }] },
      'success: Takes chart shop 1.3.0 -> 1.4.0.',
    ],
    [
      'staging',
      { moves: [heldMove] },
      'failure: shop in staging is held at 1.3.0 since 2026-11-20T09:00:00Z by ada. It stays until somebody lifts it; lift-hold lifts it now.',
    ],
    ['staging', { moves: [{ ...heldMove, version: '1.3.0' }] }, 'success: Takes shop 1.3.0.'],
    [
      'closed',
      {},
      'pending: closed is frozen until 2026-11-21T14:00:00Z. It passes by itself then. To merge it sooner, end the freeze in ostack.yaml first.',
    ],
    [
      'closed',
      { moves: [move] },
      'pending: closed is frozen until 2026-11-21T14:00:00Z. It passes by itself then. To merge it sooner, end the freeze in ostack.yaml first.',
    ],
    [
      'production',
      { moves: [move], approvals: { given: ['grace', 'linus'], refused: [], problem: undefined } },
      'failure: production takes shop 1.4.0 only once it is in staging, which does not have shop. Bring it to staging first, or go past the policy with "fo…',
    ],
    [
      'production',
      { moves: [{ ...move, exempt: 'a rollback' }] },
      'pending: 0 of 2 approvals: waits for grace or linus.',
    ],
    [
      'staging',
      { moves: [{ ...move, exempt: 'a rollback' }], exempt: 'a rollback' },
      'success: Takes shop 1.4.0; a rollback.',
    ],
    ['closed', { exempt: 'a rollback' }, 'success: No version changes; a rollback.'],
    [
      'production',
      { approvals: { given: ['grace'], refused: [], problem: undefined } },
      'pending: 1 of 2 approvals: waits for grace or linus.',
    ],
    [
      'production',
      { approvals: { given: ['grace', 'linus'], refused: [], problem: undefined } },
      'success: No version changes; approved by grace, linus.',
    ],
    [
      'production',
      { approvals: { given: ['grace', 'linus'], refused: ['ken'], problem: undefined } },
      'pending: ken requested changes.',
    ],
    ['production', { exempt: 'a rollback' }, 'pending: 0 of 2 approvals: waits for grace or linus.'],
  ])('%s %#', (environment, given, expected) => {
    expect(verdictOf(environment, given)).toBe(expected);
  });
});

describe('a version whose app the environment before', () => {
  const held = (time: string, version: string | null) => ({
    ...{ at: new Date(`2026-11-21T${time}:00Z`), present: version !== null, version },
    ...{ targets: version === null ? [] : targets(version) },
  });
  const targets = (tag: string): Target[] => [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag }];

  test.each<[what: string, now: string | null, state: string]>([
    ['has replaced by something newer may pass', '1.5.0', 'pending: 0 of 2 approvals: waits for grace or linus.'],
    [
      'has removed since does not pass',
      null,
      'failure: production takes shop 1.4.0 only once it is in staging, which no longer has shop. Bring it to staging first, or go past the policy with "fo…',
    ],
  ])('%s', (_what, now, expected) => {
    const before = new Map([['staging', { entries: [held('11:00', now), held('08:00', '1.4.0')], complete: true }]]);
    expect(verdictOf('production', { moves: [{ ...move, targets: targets('1.4.0'), before }] })).toBe(expected);
  });
});

describe('approvals', () => {
  const none = { given: [], refused: [], problem: undefined };
  const one = readPolicy('environments: { staging: {}, production: { approvers: [grace, linus] } }');

  test.each<[what: string, environment: string, approvals: EnvironmentCase['approvals'], state: string]>([
    ['none are asked for where there are no approvers', 'staging', none, 'success'],
    ['of one approver are enough where nothing else is said', 'production', { ...none, given: ['grace'] }, 'success'],
    ['are one at least where there are approvers', 'production', none, 'pending'],
    ['that nobody can see are none', 'production', { ...none, problem: 'No team.' }, 'pending'],
    [
      'are not enough where an approver asks for changes',
      'production',
      { given: ['grace'], refused: ['linus'], problem: undefined },
      'pending',
    ],
    ['more than asked for are enough', 'production', { ...none, given: ['grace', 'linus'] }, 'success'],
  ])('%s', (_what, environment, approvals, state) => {
    const rules = environmentPolicy(one, environment);
    const given = { policy: rules, touched: true, ruled: false, moves: [], exempt: undefined, now: NOW };
    expect(judge({ ...given, approvals }).state).toBe(state);
  });

  test.each<[what: string, given: Partial<EnvironmentCase>]>([
    ['a rollback', { moves: [{ ...move, exempt: 'a rollback' }], exempt: 'a rollback' }],
    ['what is forced', { moves: [{ ...move, exempt: 'forced by ada' }], exempt: 'forced by ada' }],
    ['a change of the rules alone', { touched: false, ruled: true }],
    ['a change that sets no version', {}],
  ])('are asked for, for %s, too', (_what, given) => {
    expect(verdictOf('production', given)).toBe('pending: 0 of 2 approvals: waits for grace or linus.');
  });
});

describe('the overlay of a path', () => {
  test.each([
    ['overlays/{environment}/{app}', 'overlays/staging/shop/a.yaml', 'staging', 'shop'],
    ['overlays/{environment}/{app}', 'overlays/staging/shop', 'staging', 'shop'],
    ['apps/overlays/{environment}', 'apps/overlays/eu/shop/a.yaml', 'eu', ''],
    ['overlays/{environment}/{app}', 'overlays/kustomization.yaml', undefined, undefined],
  ])('%s %s', (template, path, environment, app) => {
    const place = overlayOfPath({ templates: [template] }, path);
    expect([place?.environment, place?.app]).toEqual([environment, app]);
  });
});
