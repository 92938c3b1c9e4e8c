import { describe, expect, test } from '@jest/globals';
import {
  activeHold,
  addHold,
  appendHold,
  type Hold,
  heldRef,
  holdReason,
  holdSentence,
  isHoldOf,
  liftedBy,
  readHolds,
  removeHolds,
} from '../../../src/ops/policy/holds.js';

const HOLD: Hold = {
  environment: 'production',
  app: 'my-app',
  version: '1.10.0',
  since: '2026-11-21T09:30:00Z',
  by: 'octocat',
  reason: "payments: don't bill twice # see chat",
  run: 'https://github.com/acme/ops/actions/runs/7',
};

const FILE = `# Versions that stay where they are until someone lifts the hold. Written by rollback and hold.
- environment: production
  app: my-app
  version: 1.10.0
  since: "2026-11-21T09:30:00Z"
  by: octocat
  reason: "payments: don't bill twice # see chat"
  run: https://github.com/acme/ops/actions/runs/7
`;

describe('holds', () => {
  test('begin a file', () => {
    expect(addHold(undefined, HOLD)).toBe(FILE);
    expect(readHolds(FILE)).toEqual([HOLD]);
  });

  test('are added to a file that people edit', () => {
    const text = `# ours\r\n- {environment: staging, app: web, version: "2.0", since: "2026-11-01T00:00:00Z", by: mona} # until monday\r\n`;
    const added = addHold(text, { ...HOLD, reason: undefined, run: undefined });
    expect(added).toBe(
      `${text}- environment: production\r\n  app: my-app\r\n  version: 1.10.0\r\n  since: "2026-11-21T09:30:00Z"\r\n  by: octocat\r\n`,
    );
    expect(removeHolds(added, isHoldOf('production', 'my-app'))).toBe(text);
  });

  test('of one app and environment replace each other', () => {
    const newer = { ...HOLD, version: '1.9.0', since: '2026-11-22T09:30:00Z' };
    expect(readHolds(addHold(FILE, newer))).toEqual([newer]);
    expect(addHold(FILE, HOLD)).toBe(FILE);
  });

  test('are lifted, the last one leaving an empty list', () => {
    const empty = removeHolds(FILE, isHoldOf('production', 'my-app'));
    expect(empty).toBe(`${FILE.split('\n')[0]}\n[]\n`);
    expect(readHolds(empty)).toEqual([]);
    expect(addHold(empty, HOLD)).toBe(FILE);
    expect(removeHolds(FILE, isHoldOf('staging', 'my-app'))).toBe(FILE);
    expect(removeHolds(FILE, isHoldOf('production', 'my-other-app'))).toBe(FILE);
  });

  test.each(['', '\n', '# none\n', '---\n'])('an empty file %j has none and can be added to', (text) => {
    expect(readHolds(text)).toEqual([]);
    expect(readHolds(addHold(text, HOLD))).toEqual([HOLD]);
  });

  test('are on from their beginning until lifted or until their end', () => {
    const ending = { ...HOLD, version: '1.9.0', since: '2026-11-22T00:00:00Z', until: '2026-11-23T00:00:00Z' };
    const at = (now: string) => activeHold([HOLD, ending], 'production', 'my-app', new Date(now))?.version;
    expect(at('2026-11-22T12:00:00Z')).toBe('1.9.0');
    expect(at('2026-11-23T00:00:00Z')).toBe('1.10.0');
    expect(activeHold([HOLD], 'staging', 'my-app', new Date())).toBeUndefined();
    expect(activeHold([HOLD], 'production', 'web', new Date())).toBeUndefined();
  });

  test.each<[what: string, holds: Partial<Hold>[], version: string | undefined]>([
    ['none', [], undefined],
    ['one without an end', [{}], '1.10.0'],
    ['one that ends later', [{ until: '2026-11-22T12:00:01Z' }], '1.10.0'],
    ['one that ends now', [{ until: '2026-11-22T12:00:00Z' }], undefined],
    ['one that ended', [{ until: '2026-11-22T11:59:59Z' }], undefined],
    ['one that ends later by another clock', [{ until: '2026-11-22T13:30:00+01:00' }], '1.10.0'],
    ['one that ended by another clock', [{ until: '2026-11-22T12:30:00+01:00' }], undefined],
    ['one of another environment', [{ environment: 'staging' }], undefined],
    ['one of another app', [{ app: 'web' }], undefined],
    ['one of an app whose name begins so', [{ app: 'my-app-web' }], undefined],
    ['an older and a newer one', [{ version: '1' }, { version: '2', since: '2026-11-22T00:00:00Z' }], '2'],
    ['a newer and an older one', [{ version: '2', since: '2026-11-22T00:00:00Z' }, { version: '1' }], '2'],
    [
      'a newer one by another clock',
      [
        { version: '1', since: '2026-11-22T00:30:00+02:00' },
        { version: '2', since: '2026-11-21T23:00:00Z' },
      ],
      '2',
    ],
    [
      'an older one, where the newer one is over',
      [{ version: '1' }, { version: '2', since: '2026-11-22T00:00:00Z', until: '2026-11-22T01:00:00Z' }],
      '1',
    ],
    [
      'one for it among those of others',
      [{ app: 'web', version: '3' }, {}, { environment: 'staging', version: '4' }],
      '1.10.0',
    ],
    ['one of everything', [{ environment: '*', app: '*', version: '5' }], '5'],
    ['one of all apps of its environment', [{ app: '*', version: '5' }], '5'],
    ['one of all apps of another environment', [{ environment: 'staging', app: '*', version: '5' }], undefined],
    ['one of it in every environment', [{ environment: '*', version: '5' }], '5'],
    ['one of another app in every environment', [{ environment: '*', app: 'web', version: '5' }], undefined],
    [
      'one of everything and its own, which began at once',
      [{ environment: '*', app: '*', version: '5' }, {}],
      '1.10.0',
    ],
    [
      'its own and a newer one of everything',
      [{}, { environment: '*', app: '*', version: '5', since: '2026-11-22T00:00:00Z' }],
      '5',
    ],
    [
      'its own and a newer one of everything that is over',
      [{}, { environment: '*', app: '*', since: '2026-11-22T00:00:00Z', until: '2026-11-22T01:00:00Z' }],
      '1.10.0',
    ],
  ])('of %s the one that is on counts', (_what, holds, version) => {
    const all = holds.map((hold) => ({ ...HOLD, ...hold }));
    expect(activeHold(all, 'production', 'my-app', new Date('2026-11-22T12:00:00Z'))?.version).toBe(version);
  });

  test.each<[scope: Partial<Hold>, reason: string, sentence: string, lifts: string, ref: string]>([
    [{}, 'held at 1.10.0 since', 'my-app in production is held at 1.10.0', 'lift-hold', 'production/my-app'],
    [{ version: undefined }, 'held since', 'my-app in production is held since', 'lift-hold', 'production/my-app'],
    [
      { app: '*', version: undefined },
      'held with all apps of production since',
      'everything in production is held since',
      'lift-hold with the environment "production" and the app "*"',
      'production/_all',
    ],
    [
      { environment: '*', version: undefined },
      'held in every environment since',
      'my-app in every environment is held since',
      'lift-hold with the environment "*" and the app "my-app"',
      '_all/my-app',
    ],
    [
      { environment: '*', app: '*', version: undefined },
      'held with everything since',
      'everything in every environment is held since',
      'lift-hold with the environment "*" and the app "*"',
      '_all/_all',
    ],
    [
      { environment: 'production', app: 'clusters/production', version: undefined },
      'held since',
      'clusters/production in production is held since',
      'lift-hold',
      'production/clusters+production',
    ],
    [
      { environment: 'production', app: '.', version: undefined },
      'held since',
      '. in production is held since',
      'lift-hold',
      'production/_root',
    ],
  ])('of %j are told', (scope, reason, sentence, lifts, ref) => {
    const hold = { ...HOLD, ...scope };
    expect(holdReason(hold)).toContain(reason);
    expect(holdSentence(hold)).toContain(sentence);
    expect([liftedBy(hold), heldRef(hold)]).toEqual([lifts, ref]);
    expect(readHolds(appendHold(FILE, hold))).toEqual([HOLD, JSON.parse(JSON.stringify(hold))]);
  });

  test.each(['**', '*-web', '', 'a//b', '/a', 'a/../b', '..', '* '])('of an app "%s" are refused', (app) => {
    const text = `- {environment: a, app: ${JSON.stringify(app)}, since: "2026-11-01T00:00:00Z", by: c}\n`;
    expect(() => readHolds(text)).toThrow('expected a name of letters, digits, ".", "_" and "-", or "*" for all');
  });

  test.each([
    ['a: 1\n', '.ostack/holds.yaml:1:1', 'expected a list, found a mapping of keys to values'],
    [
      '- {environment: a, app: b, version: "1", since: monday, by: c}\n',
      '.ostack/holds.yaml:1:',
      'expected a time such as "2026-11-21T09:30:00Z", found "monday"',
    ],
    [
      '- {environment: a, app: b, version: "1", since: "2026-11-21T00:00:00Z", by: c, untill: x}\n',
      '',
      'unknown key "untill". Did you mean "until"?',
    ],
    ['- {environment: a, app: ../b, version: "1", since: "2026-11-21T00:00:00Z", by: c}\n', '', 'found "../b"'],
    ['- [', '.ostack/holds.yaml:1:', ''],
  ])('%j is refused, so that no hold is lost', (text, place, message) => {
    expect(() => readHolds(text)).toThrow(message);
    expect(() => readHolds(text)).toThrow(place);
    expect(() => addHold(text, HOLD)).toThrow(place);
  });
});
