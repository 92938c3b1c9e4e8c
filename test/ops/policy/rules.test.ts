import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';
import {
  backwardsRefusal,
  freezeRefusal,
  type HeldOnce,
  holdRefusal,
  orderRefusal,
} from '../../../src/ops/policy/rules.js';
import { parseOrigin } from '../../../src/ops/verbs/promote/origin.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const policy = readPolicy(`
environments:
  staging: {}
  production:
    after: staging
    soak: 2h
    approvers: [acme/operations]
    freeze: [{ cron: "0 11 * * *", for: 3h }]
`);
const production = environmentPolicy(policy, 'production');

function shop(version: string): Target[] {
  return [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: version }];
}

/** `09:00 1.4.0`, newest first; a time alone is without the app. */
function held(...entries: string[]): ReadonlyMap<string, HeldOnce> {
  const parsed = entries.map((entry) => {
    const [time = '', version] = entry.split(' ');
    const targets = version === undefined ? [] : shop(version);
    return {
      at: new Date(`2026-11-21T${time}:00Z`),
      present: version !== undefined,
      version: version ?? null,
      targets,
    };
  });
  return new Map([['staging', { entries: parsed, complete: true }]]);
}

const PAST = 'go past the policy with "force" and a reason (then it takes the approval of acme/operations).';

describe('order and soak', () => {
  const wanted = { app: 'shop', version: '1.4.0', targets: shop('1.4.0') };

  test.each<[string, string[], string | undefined]>([
    ['long enough', ['10:00 1.4.0', '08:00 1.3.0'], undefined],
    [
      'not long enough',
      ['10:01 1.4.0', '08:00 1.3.0'],
      `shop 1.4.0 is in staging since 2026-11-21T10:01:00Z; production takes it after 2h, from 2026-11-21T12:01:00Z on. Run it again after that, or ${PAST}`,
    ],
    ['long enough before something newer came', ['11:00 1.5.0', '08:00 1.4.0'], undefined],
    [
      'not long enough before something newer came',
      ['11:00 1.5.0', '10:00 1.4.0'],
      `shop 1.4.0 was in staging for less than the 2h that production asks for. Promote what staging runs now, or ${PAST}`,
    ],
    [
      'taken back',
      ['11:00 1.3.0', '08:00 1.4.0'],
      `production takes shop 1.4.0 only once it is in staging, which runs 1.3.0 and was taken back from it. Bring it to staging first, or ${PAST}`,
    ],
    [
      'there long enough before the app was removed',
      ['11:00', '08:00 1.4.0'],
      `production takes shop 1.4.0 only once it is in staging, which no longer has shop. Bring it to staging first, or ${PAST}`,
    ],
    [
      'there long enough before something newer came, and then the app was removed',
      ['11:30', '11:00 1.5.0', '08:00 1.4.0'],
      `production takes shop 1.4.0 only once it is in staging, which no longer has shop. Bring it to staging first, or ${PAST}`,
    ],
    ['there again, long enough after the app was removed', ['09:00 1.4.0', '08:30', '08:00 1.4.0'], undefined],
    ['there again, and it was there long enough before', ['11:00 1.4.0', '10:30 1.3.0', '06:00 1.4.0'], undefined],
    [
      'there again, and the time starts anew',
      ['11:00 1.4.0', '10:30 1.3.0', '09:00 1.4.0'],
      `shop 1.4.0 is in staging since 2026-11-21T11:00:00Z; production takes it after 2h, from 2026-11-21T13:00:00Z on. Run it again after that, or ${PAST}`,
    ],
    ['there all the time that other files changed', ['11:00 1.4.0', '10:30 1.4.0', '09:00 1.4.0'], undefined],
    [
      'there from a time on that is not yet',
      ['12:30 1.4.0', '08:00 1.3.0'],
      `production takes shop 1.4.0 only once it is in staging, which runs 1.4.0. Bring it to staging first, or ${PAST}`,
    ],
    [
      'not there',
      ['08:00 1.3.0'],
      `production takes shop 1.4.0 only once it is in staging, which runs 1.3.0. Bring it to staging first, or ${PAST}`,
    ],
    [
      'there is no such app',
      [],
      `production takes shop 1.4.0 only once it is in staging, which does not have shop. Bring it to staging first, or ${PAST}`,
    ],
  ])('%s', (_, entries, message) => {
    expect(orderRefusal(production, wanted, held(...entries), NOW)?.message).toBe(message);
  });

  test('the end of a soak is told', () => {
    expect(orderRefusal(production, wanted, held('11:00 1.4.0'), NOW)?.until).toEqual(new Date('2026-11-21T13:00:00Z'));
  });

  describe('where several environments come before', () => {
    const both = environmentPolicy(
      readPolicy('environments: { load: {}, staging: {}, production: { after: [staging, load], soak: 2h } }'),
      'production',
    );
    const since = (time: string, version = '1.4.0') => [...held(`${time} ${version}`).values()].flat()[0];

    test.each<[what: string, staging: string, load: string, refused: string | undefined]>([
      ['every one has to have it', '08:00', '08:00', undefined],
      ['one without it is enough to refuse, the first', '08:00 1.3.0', '08:00', 'order staging'],
      ['one without it is enough to refuse, the last', '08:00', '08:00 1.3.0', 'order load'],
      ['each has its own soak time, the first', '11:00', '08:00', 'soak staging'],
      ['each has its own soak time, the last', '08:00', '11:00', 'soak load'],
    ])('%s', (_what, staging, load, refused) => {
      const before = new Map(
        Object.entries({ staging, load }).flatMap(([name, text]) => {
          const [time = '', version] = text.split(' ');
          const once = since(time, version);
          return once === undefined ? [] : [[name, once] as const];
        }),
      );
      const found = orderRefusal(both, wanted, before, NOW);
      const where = found?.fact.includes('in staging') ? 'staging' : 'load';
      expect(found && `${found.rule} ${where}`).toBe(refused);
    });

    test('one of which nothing is known has nothing', () => {
      expect(orderRefusal(both, wanted, held('08:00 1.4.0'), NOW)?.fact).toContain('once it is in load');
    });
  });

  test('an environment that comes after none takes anything', () => {
    expect(orderRefusal(environmentPolicy(policy, 'staging'), wanted, new Map(), NOW)).toBeUndefined();
  });

  test('another digest under the same tag is not what is held', () => {
    const [image] = shop('1.4.0');
    const pinned = image?.kind === 'image' ? [{ ...image, digest: `sha256:${'b'.repeat(64)}` }] : [];
    const other = image?.kind === 'image' ? [{ ...image, digest: `sha256:${'a'.repeat(64)}` }] : [];
    const before = new Map([
      ['staging', { entries: [{ at: new Date(0), present: true, version: '1.4.0', targets: other }], complete: true }],
    ]);
    expect(orderRefusal(production, { ...wanted, targets: pinned }, before, NOW)?.rule).toBe('order');
  });
});

test('a history that was not read to its beginning is said to be so', () => {
  const before = new Map([...held('08:00 1.3.0')].map(([name, entry]) => [name, { ...entry, complete: false }]));
  const refusal = orderRefusal(production, { app: 'shop', version: '1.4.0', targets: shop('1.4.0') }, before, NOW);
  expect(refusal?.fact).toBe(
    'production takes shop 1.4.0 only once it is in staging, which runs 1.3.0 (of its last 1 versions none is).',
  );
});

test('a freeze says when it ends', () => {
  expect(freezeRefusal(production, NOW)).toEqual({
    rule: 'freeze',
    fact: 'production is frozen until 2026-11-21T14:00:00Z.',
    message: `production is frozen until 2026-11-21T14:00:00Z. Run it again after that, or ${PAST}`,
    until: new Date('2026-11-21T14:00:00Z'),
    sooner: PAST.slice(0, -1),
    forcible: true,
  });
  expect(freezeRefusal(production, new Date('2026-11-21T15:00:00Z'))).toBeUndefined();
});

test('a hold says since when, by whom, why, and how it ends', () => {
  const hold = { environment: 'production', app: 'shop', version: '1.3.0', since: '2026-11-20T09:00:00Z', by: 'ada' };
  expect(holdRefusal([hold], 'production', 'shop', NOW)).toMatchObject({
    message:
      'shop in production is held at 1.3.0 since 2026-11-20T09:00:00Z by ada. It stays until somebody lifts it; lift-hold lifts it now.',
    forcible: false,
  });
  expect(
    holdRefusal([{ ...hold, until: '2026-11-22T09:00:00Z', reason: 'loses orders' }], 'production', 'shop', NOW)
      ?.message,
  ).toBe(
    'shop in production is held at 1.3.0 since 2026-11-20T09:00:00Z by ada: loses orders. It ends 2026-11-22T09:00:00Z; lift-hold lifts it now.',
  );
  expect(holdRefusal([hold], 'production', 'mailer', NOW)).toBeUndefined();
});

test.each<[rule: string, forcible: boolean | undefined]>([
  ['freeze', freezeRefusal(production, NOW)?.forcible],
  ['order', orderRefusal(production, { app: 'shop', version: '1.4.0', targets: [] }, new Map(), NOW)?.forcible],
  ['soak', orderRefusal(production, { app: 'shop', version: '1', targets: shop('1') }, held('11:59 1'), NOW)?.forcible],
  ['backwards', backwardsRefusal(production, 'staging', { app: 'shop', version: '1', targets: [] }, '2').forcible],
])('force goes past the rule of %s', (_rule, forcible) => {
  expect(forcible).toBe(true);
});

test('something older says both versions and the two ways', () => {
  const wanted = { app: 'shop', version: '1.3.0', targets: shop('1.3.0') };
  expect(backwardsRefusal(production, 'staging', wanted, '1.4.0').message).toBe(
    `production runs shop 1.4.0, and staging runs 1.3.0, which is older. To take production back on purpose, run rollback, or ${PAST}`,
  );
});

describe('where a promotion takes versions from', () => {
  const environments = ['dev', 'staging'];

  test.each([
    ['', { kind: 'previous' }],
    ['previous environment', { kind: 'previous' }],
    ['staging', { kind: 'environment', environment: 'staging', at: undefined }],
    [
      'staging@2026-11-01T12:00Z',
      { kind: 'environment', environment: 'staging', at: new Date('2026-11-01T12:00:00Z') },
    ],
    ['staging@2026-11-01T12:00', { kind: 'environment', environment: 'staging', at: new Date('2026-11-01T12:00:00Z') }],
    ['staging@2026-11-01', { kind: 'environment', environment: 'staging', at: new Date('2026-11-01T00:00:00Z') }],
    ['v1.4.0', { kind: 'version', version: 'v1.4.0' }],
  ])('"%s"', (text, origin) => {
    expect(parseOrigin(text, environments, NOW)).toEqual(origin);
  });

  test.each([
    [
      'stagin',
      'Input "from" is "stagin", expected an environment (dev, staging), one at a time such as dev@2026-11-01T12:00Z, a version, or "previous environment".',
    ],
    ['staging@noon', 'Input "from" has the time "noon", expected one such as 2026-11-01T12:00Z.'],
    [
      'staging@2026-12-01',
      'Input "from" has the time "2026-12-01", which is not over yet: it is 2026-11-21 12:00 UTC.',
    ],
  ])('"%s" is refused', (text, message) => {
    expect(() => parseOrigin(text, environments, NOW)).toThrow(message);
  });
});
