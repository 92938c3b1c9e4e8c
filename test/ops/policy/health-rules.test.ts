import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/ops/judgement/judge.js';
import type { Health, HealthState } from '../../../src/ops/policy/health.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';
import { type HeldOnce, orderRefusal } from '../../../src/ops/policy/rules.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const at = (time: string) => new Date(`2026-11-30T${time}:00Z`);
const policy = readPolicy(
  'environments: { staging: {}, production: { after: staging, soak: 2h }, load: { after: staging } }',
);
const [PRODUCTION, LOAD] = ['production', 'load'].map((name) => environmentPolicy(policy, name));

const target = (tag: string) => ({ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag }) as const;
const wanted = { app: 'shop', version: '1.4.0', targets: [target('1.4.0')] };

/** `live 09:30`, `failed`: a state and since when it is so. */
function health(text: string): Health {
  const [word = '', time] = text.split(' ');
  const states: HealthState[] = ['pending', 'progressing', 'live', 'failed', 'unknown'];
  const state = states.find((each) => each === word) ?? 'unknown';
  return { state, since: time === undefined ? undefined : at(time), reason: 'kustomization/web: says so', url: '' };
}

/** What staging held, newest first (`09:00 1.4.0`), how it is now, and how it was at each commit: by the time of its entry. */
function staging(entries: string[], now: string, was: Record<string, string>, isInBase = false): HeldOnce {
  const parsed = entries.map((entry) => {
    const [time = '', version = ''] = entry.split(' ');
    return { oid: time, at: at(time), present: true, version, targets: [target(version)] };
  });
  const of = (_: string, from: string, until: string | undefined) =>
    health(was[until === undefined ? from : `${from}-${until}`] ?? 'pending');
  return { entries: parsed, complete: true, isInBase, health: { now: health(now), of } };
}

const refusal = (held: HeldOnce, into = PRODUCTION) =>
  into && orderRefusal(into, wanted, new Map([['staging', held]]), NOW);

describe('soak is the time in which it was live', () => {
  test.each<[string, HeldOnce, string | undefined]>([
    ['long enough', staging(['08:00 1.4.0'], 'live 09:59', { '08:00': 'live 09:59' }), undefined],
    [
      'there long enough, live not long enough',
      staging(['08:00 1.4.0'], 'live 10:01', { '08:00': 'live 10:01' }),
      'shop 1.4.0 is live in staging since 2026-11-30T10:01:00Z; production takes it after 2h, from 2026-11-30T12:01:00Z on.',
    ],
    [
      'reports of before it came do not count',
      staging(['11:00 1.4.0', '08:00 1.3.0'], 'live 08:00', { '11:00': 'live 08:00' }),
      'shop 1.4.0 is live in staging since 2026-11-30T11:00:00Z; production takes it after 2h, from 2026-11-30T13:00:00Z on.',
    ],
    [
      'live long enough before something newer came',
      staging(['11:00 1.5.0', '08:00 1.4.0'], 'pending 11:00', { '08:00-11:00': 'live 08:30' }),
      undefined,
    ],
    [
      'not live long enough before something newer came',
      staging(['11:00 1.5.0', '08:00 1.4.0'], 'live 11:30', { '08:00-11:00': 'live 09:30' }),
      'shop 1.4.0 was live in staging for less than the 2h that production asks for.',
    ],
    [
      'failed before something newer came',
      staging(['11:00 1.5.0', '08:00 1.4.0'], 'live 11:30', { '08:00-11:00': 'failed 08:30' }),
      'shop 1.4.0 was live in staging for less than the 2h that production asks for.',
    ],
    [
      'of the base, nobody can tell since when',
      staging(['12:00 1.4.0'], 'live 08:00', {}, true),
      'production takes shop 1.4.0 after 2h in staging, and nobody can tell since when it is there, because only the base of staging names it.',
    ],
  ])('%s', (_, held, fact) => {
    expect(refusal(held)?.fact).toBe(fact);
  });
});

describe('nothing comes from what is not live', () => {
  test.each<[string, HeldOnce, string | undefined]>([
    ['live, and no time is asked', staging(['11:59 1.4.0'], 'live 11:59', { '11:59': 'live 11:59' }), undefined],
    [
      'failed, although the version was live long enough',
      staging(['11:00 1.5.0', '08:00 1.4.0'], 'failed 11:30', { '08:00-11:00': 'live 08:30' }),
      'load takes shop 1.4.0 only while staging is live, and staging has failed since 2026-11-30T11:30:00Z: kustomization/web: says so.',
    ],
    [
      'unknown',
      staging(['08:00 1.4.0'], 'unknown 08:15', { '08:00': 'live 08:10' }),
      'load takes shop 1.4.0 only while staging is live, and staging is in an unknown state since 2026-11-30T08:15:00Z: kustomization/web: says so.',
    ],
    [
      'nobody can tell since when',
      staging(['08:00 1.4.0'], 'unknown', { '08:00': 'unknown' }),
      'load takes shop 1.4.0 only while staging is live, and staging is in an unknown state: kustomization/web: says so.',
    ],
    [
      'the version alone failed',
      staging(['08:00 1.4.0'], 'live 08:15', { '08:00': 'failed 08:10' }),
      'load takes shop 1.4.0 only while staging is live, and staging has failed since 2026-11-30T08:10:00Z: kustomization/web: says so.',
    ],
    [
      'merged a moment ago',
      staging(['11:58 1.4.0'], 'pending 11:58', { '11:58': 'pending 11:58' }),
      'load takes shop 1.4.0 once it is live in staging, and it is pending there: kustomization/web: says so.',
    ],
    [
      'another change is on its way, and this version is live',
      staging(['11:00 1.4.0'], 'progressing 11:58', { '11:00': 'live 11:05' }),
      undefined,
    ],
    ['of the base, while the environment is live', staging(['12:00 1.4.0'], 'live 08:00', {}, true), undefined],
  ])('%s', (_, held, fact) => {
    expect(refusal(held, LOAD)?.fact).toBe(fact);
  });

  test('what is on its way passes by itself, what failed takes somebody, and is told where both are so', () => {
    const verdict = (...all: HeldOnce[]) =>
      LOAD &&
      judge({
        ...{ policy: LOAD, touched: true, ruled: false, exempt: undefined, now: NOW },
        approvals: { given: [], refused: [], problem: undefined },
        moves: all.map((held) => ({ ...wanted, before: new Map([['staging', held]]), holds: [], exempt: undefined })),
      });
    const coming = staging(['11:58 1.4.0'], 'pending 11:58', { '11:58': 'pending 11:58' });
    const failed = staging(['08:00 1.4.0'], 'failed 11:30', { '08:00': 'failed 11:30' });
    expect(verdict(coming)).toMatchObject({
      state: 'pending',
      reason: expect.stringMatching(/It passes by itself then\./),
    });
    expect(verdict(failed)).toMatchObject({
      state: 'failure',
      reason: expect.stringMatching(/Mend staging or roll it back/),
    });
    expect(verdict(coming, failed)?.state).toBe('failure');
  });
});
