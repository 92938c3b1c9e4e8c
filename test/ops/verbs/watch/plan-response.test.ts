import { describe, expect, test } from '@jest/globals';
import type { Health, HealthState } from '../../../../src/ops/policy/health.js';
import {
  type EarlierVersion,
  planResponse,
  type Response,
  type Suspect,
  siblingTarget,
} from '../../../../src/ops/verbs/watch/plan-response.js';

const at = (time: string) => new Date(`2026-11-30T${time}:00Z`);
const NOW = at('12:20');

const health = (state: HealthState, since = '12:05'): Health => ({
  ...{ state, since: at(since), reason: 'kustomization/web: health check failed', url: '' },
});

/** `1.5.0 live`, `1.5.0 failed left`: left by a rollback. */
function version(text: string): EarlierVersion {
  const [name = '', state = 'live', left] = text.split(' ');
  const known = (['live', 'failed', 'unknown', 'pending', 'progressing'] as const).find((each) => each === state);
  return { version: name === '-' ? null : name, health: health(known ?? 'live'), wasLeft: left === 'left' };
}

function suspect({ before = ['1.5.0 live'], ...more }: Partial<Suspect> & { before?: string[] } = {}): Suspect {
  return {
    ...{ version: '1.6.0', onFailure: { act: 'rollback', withinMs: 30 * 60_000 }, health: health('failed') },
    ...{ since: at('12:00'), isRollback: false, isHeld: false, wasLiveBeforeOthers: false },
    ...{ earlier: before.map(version), ...more },
  };
}

/** `rollback 1.5.0`, `hold`, `none`, `none: <why>` */
function said(response: Response): string {
  if (response.act === 'none') {
    return ['none', response.why.replace('Nothing is done by itself: ', '')].filter((text) => text !== '').join(': ');
  }
  return response.act === 'rollback' ? `rollback ${response.to}` : 'hold';
}

const respond = (more?: Parameters<typeof suspect>[0], now = NOW) => said(planResponse(suspect(more), now));

describe('by the state of what is there', () => {
  test.each<[HealthState, string, string, string]>([
    ['failed', 'rollback 1.5.0', 'hold', 'none'],
    ['unknown', 'none', 'none', 'none'],
    ['pending', 'none', 'none', 'none'],
    ['progressing', 'none', 'none', 'none'],
    ['live', 'none', 'none', 'none'],
  ])('%s: %s with rollback, %s with hold, %s with tell', (state, rollback, hold, tell) => {
    const own = { health: health(state) };
    expect([
      respond(own),
      respond({ ...own, onFailure: { act: 'hold', withinMs: 1_800_000 } }),
      respond({ ...own, onFailure: undefined }),
    ]).toEqual([rollback, hold, tell]);
  });

  test.each<[string, string, string]>([
    ['in the last minute of the watch', '12:30', 'rollback 1.5.0'],
    ['a minute later', '12:31', 'none: it failed 31m after its merge, and only what fails within 30m is its own'],
  ])('a failure %s', (_, since, expected) => {
    expect(respond({ health: health('failed', since) }, at('12:40'))).toBe(expected);
  });

  test('a run that is late does it all the same, and nobody touches what was seen for a day', () => {
    expect(respond({}, new Date('2026-12-01T11:59:00Z'))).toBe('rollback 1.5.0');
    expect(respond({}, new Date('2026-12-01T12:01:00Z'))).toBe(
      'none: it is there since 2026-11-30T12:00:00Z, and people have seen it by now',
    );
  });
});

describe('by what was there before', () => {
  const GONE = 'none: no version before it was seen live that did not fail, and was not rolled back';
  test.each<[string, string[], string]>([
    ['the version before, which was live', ['1.5.0 live', '1.4.0 live'], 'rollback 1.5.0'],
    ['one that was overtaken before it was live is none', ['1.5.0 pending', '1.4.0 live'], 'rollback 1.4.0'],
    ['nor is one that was on its way', ['1.5.0 progressing', '1.4.0 live'], 'rollback 1.4.0'],
    [
      'a failure that was there before is not its own',
      ['1.5.0 failed', '1.4.0 live'],
      'none: 1.5.0 had failed too when it was replaced (kustomization/web: health check failed)',
    ],
    [
      'nor one that was there before what was overtaken',
      ['1.5.0 pending', '1.4.0 failed', '1.3.0 live'],
      'none: 1.4.0 had failed too when it was replaced (kustomization/web: health check failed)',
    ],
    [
      'nor is one of which nobody knows whether it was there',
      ['1.5.0 unknown', '1.4.0 live'],
      'none: nobody knows whether 1.5.0 was live when it was replaced (kustomization/web: health check failed)',
    ],
    ['after a rollback, what it went back to', ['1.4.0 live', '1.5.0 failed left', '1.4.0 live'], 'rollback 1.4.0'],
    [
      'never one that a rollback left, live as it was',
      ['1.5.0 pending', '1.4.0 live left', '1.3.0 live'],
      'rollback 1.3.0',
    ],
    [
      'never one that failed at some time',
      ['1.5.0 live', '1.4.0 live left', '1.5.0 failed', '1.3.0 live'],
      'rollback 1.3.0',
    ],
    ['nothing that names no version', ['- live', '1.4.0 live'], 'rollback 1.4.0'],
    ['not to itself', ['1.6.0 live', '1.5.0 live'], 'rollback 1.5.0'],
    ['to nothing where no version was live', ['1.5.0 pending'], GONE],
    ['to nothing where it is the first', [], GONE],
  ])('%s', (_, before, expected) => {
    expect(respond({ before })).toBe(expected);
  });
});

describe('by who is at fault', () => {
  test.each<[string, Partial<Suspect>, string]>([
    [
      'what came by a rollback stays',
      { isRollback: true },
      'none: it came by a rollback, and what fails after that is no version’s',
    ],
    ['what is held stays', { isHeld: true }, 'none: it is held already'],
    [
      'what was live until something else was changed stays',
      { wasLiveBeforeOthers: true },
      'none: it was live until something else was changed there',
    ],
  ])('%s', (_, more, expected) => {
    expect(respond(more)).toBe(expected);
    expect(respond({ ...more, onFailure: { act: 'hold', withinMs: 1_800_000 } })).toBe(expected);
  });

  test('two bad versions never take turns: whichever comes after a rollback, neither is gone back to', () => {
    // 1.6.0 failed and was taken back to 1.5.0; that fails, too.
    expect(respond({ version: '1.5.0', isRollback: true, before: ['1.6.0 failed left', '1.5.0 live'] })).toMatch(
      /^none/,
    );
    // Somebody brings 1.6.0 again, and it fails again: the only version before it failed meanwhile.
    expect(respond({ before: ['1.5.0 failed', '1.6.0 failed left', '1.5.0 live'] })).toMatch(/^none/);
    // 1.7.0 comes after both.
    expect(
      respond({ version: '1.7.0', before: ['1.6.0 pending', '1.5.0 failed', '1.6.0 failed left', '1.5.0 live'] }),
    ).toMatch(/^none/);
  });

  test('what came with it goes back where it can, and stays where it is held', () => {
    expect(siblingTarget(suspect({ health: health('live') }))).toBe('1.5.0');
    expect(siblingTarget(suspect({ isHeld: true }))).toBeUndefined();
    expect(siblingTarget(suspect({ before: [] }))).toBeUndefined();
  });
});
