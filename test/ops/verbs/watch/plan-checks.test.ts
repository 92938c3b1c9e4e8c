import { describe, expect, test } from '@jest/globals';
import type { CheckedVersion, HealthState } from '../../../../src/ops/policy/health.js';
import { changeId, dueCheck, filledInputs, isRunOf, verdictOf } from '../../../../src/ops/verbs/watch/plan-checks.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const PAGE = 'https://github.com/acme/ops/actions/runs/42';
const VERIFY = { workflow: 'smoke.yml', inputs: {}, timeoutMs: 900_000 };
const PROBE = { url: 'https://{app}.acme.dev', path: '/', statuses: [200], version: undefined };

type Kept = 'success' | 'failure' | 'pending' | undefined;

function due(
  cluster: HealthState,
  own: { probe?: Kept; verify?: Kept; url?: string; at?: Date },
  asks: { probe?: boolean; verify?: boolean } = { probe: true, verify: true },
): string {
  const kept: CheckedVersion['kept'] = new Map(
    (['probe', 'verify'] as const).flatMap((kind) => {
      const state = own[kind];
      const [url, at] = [kind === 'verify' ? (own.url ?? '') : '', own.at ?? NOW];
      return state === undefined ? [] : [[kind, { state, description: '', at, url }] as const];
    }),
  );
  const health = { state: cluster, since: NOW, reason: '', url: '' };
  const checked = { commit: 'a'.repeat(40), cluster: health, kept };
  const ready = asks.probe === true ? { probe: PROBE } : {};
  const found = dueCheck(checked, ready, asks.verify === true ? VERIFY : undefined, NOW);
  return found === undefined ? 'nothing' : [found.do, ...('run' in found ? [found.run] : [])].join(' ');
}

describe('what is checked next', () => {
  test.each<[string, HealthState, Parameters<typeof due>[1], string]>([
    ['nothing while the cluster is silent', 'pending', {}, 'nothing'],
    ['nothing while it works', 'progressing', {}, 'nothing'],
    ['nothing of what failed', 'failed', {}, 'nothing'],
    ['nothing of what nobody knows of', 'unknown', {}, 'nothing'],
    ['the address once it is live', 'live', {}, 'probe'],
    ['the address again until it answers', 'live', { probe: 'pending' }, 'probe'],
    ['the workflow after that', 'live', { probe: 'success' }, 'start'],
    ['one that was begun by a run that was stopped', 'live', { probe: 'success', verify: 'pending' }, 'start'],
    ['how its run went', 'live', { probe: 'success', verify: 'pending', url: PAGE }, 'look 42'],
    [
      'that, also while the cluster works again',
      'progressing',
      { probe: 'success', verify: 'pending', url: PAGE },
      'look 42',
    ],
    [
      'whether one that failed was run anew',
      'live',
      { probe: 'success', verify: 'failure', url: `${PAGE}/attempts/1` },
      'look 42',
    ],
    [
      'not what failed a day ago',
      'live',
      { verify: 'failure', url: PAGE, at: new Date('2026-11-29T11:00:00Z') },
      'nothing',
    ],
    ['nothing once all succeeded', 'live', { probe: 'success', verify: 'success', url: PAGE }, 'nothing'],
    ['nothing of a failure that names no run', 'live', { probe: 'success', verify: 'failure' }, 'nothing'],
  ])('%s', (_, cluster, own, expected) => {
    expect(due(cluster, own)).toBe(expected);
  });

  test('is what the policy asks for', () => {
    expect(due('live', {}, { verify: true })).toBe('start');
    expect(due('live', {}, { probe: true })).toBe('probe');
    expect(due('live', { probe: 'success' }, { probe: true })).toBe('nothing');
    expect(due('live', {}, {})).toBe('nothing');
    expect(dueCheck(undefined, {}, VERIFY, NOW)).toBeUndefined();
  });
});

test.each([
  ['queued', null, 'pending'],
  ['in_progress', null, 'pending'],
  ['completed', 'success', 'success'],
  ['completed', 'failure', 'failure'],
  // They say nothing of the version.
  ['completed', 'cancelled', 'pending'],
  ['completed', 'timed_out', 'pending'],
  ['completed', 'skipped', 'pending'],
  ['completed', 'startup_failure', 'pending'],
  ['completed', 'action_required', 'pending'],
])('a run that is %s with %s says %s', (status, conclusion, expected) => {
  expect(verdictOf({ status, conclusion })).toBe(expected);
});

test('a run is told by the change in its name, and by nothing less', () => {
  const id = changeId({ environment: 'production', app: 'web', commit: 'b'.repeat(40) });
  expect(isRunOf(`Smoke test ${id}`, id)).toBe(true);
  expect(isRunOf(`Smoke (${id})`, id)).toBe(true);
  expect(isRunOf(`Smoke x${id}`, id)).toBe(false);
  expect(isRunOf(`Smoke ${id}0`, id)).toBe(false);
  expect(isRunOf('Smoke', id)).toBe(false);
});

test('inputs are filled in, and what is filled in is not filled in again', () => {
  const values = {
    environment: '{app}',
    app: 'web',
    version: '$&',
    commit: 'c',
    url: 'https://web.acme.dev',
    change: 'x',
  };
  expect(filledInputs({ to: '{url}/{app}?v={version}', in: '{environment}', other: '{unknown}' }, values)).toEqual({
    to: 'https://web.acme.dev/web?v=$&',
    in: '{app}',
    other: '{unknown}',
  });
});
