import { describe, expect, test } from '@jest/globals';
import { type Difference, differencesOf } from '../../../src/infra/drift/differences.js';
import { redactorOf } from '../../../src/infra/redact/redactor.js';
import { changed, differences, gone, made, resource } from './plans.js';

const told = (found: readonly Difference[]) =>
  found.map(({ of, action, address, attributes, notes, loss }) =>
    [of, action, address, ...attributes, ...notes, ...(loss === undefined ? [] : [loss])].join(' '),
  );

describe('what was changed outside', () => {
  const before = { size: 1, tags: { a: 'x' } };
  const drifted = resource('x.a', changed(before, { size: 2, tags: { a: 'x' } }));

  test.each<[string, object[], object[], string[]]>([
    ['is nothing where nothing was', [], [], []],
    ['is told by the names of what differs', [drifted], [], ['outside change x.a size']],
    [
      'is told with its return, where the next apply brings that and no more',
      [drifted],
      [resource('x.a', changed({ size: 2 }, { size: 1 }))],
      ['outside change x.a size the next apply takes it back'],
    ],
    [
      'is told beside what the code says, where that is another value',
      [drifted],
      [resource('x.a', changed({ size: 2 }, { size: 3 }))],
      ['outside change x.a size', 'code change x.a size'],
    ],
    [
      'is told beside what the code changes besides',
      [drifted],
      [resource('x.a', changed({ size: 2, name: 'a' }, { size: 1, name: 'b' }))],
      ['outside change x.a size', 'code change x.a size name'],
    ],
    [
      'is told beside the replacement that would bring it back',
      [drifted],
      [resource('x.a', { actions: ['delete', 'create'], before: { size: 2 }, after: { size: 1 } })],
      ['outside change x.a size', 'code replace x.a'],
    ],
    [
      'comes back also where the provider computes something anew',
      [drifted],
      [resource('x.a', changed({ size: 2, etag: 'e' }, { size: 1 }, { after_unknown: { etag: true } }))],
      ['outside change x.a size the next apply takes it back'],
    ],
    [
      'is gone, and made again',
      [resource('x.a', gone(before))],
      [resource('x.a', made(before))],
      ['outside destroy x.a the next apply takes it back'],
    ],
    [
      'is gone, and made otherwise',
      [resource('x.a', gone(before))],
      [resource('x.a', made({ size: 9 }))],
      ['outside destroy x.a', 'code add x.a'],
    ],
    ['is gone, and the code has it no more either', [resource('x.a', gone(before))], [], ['outside destroy x.a']],
    [
      'is a loss where it is gone and kept data',
      [resource('x.a', gone({})), resource('ledger.a', gone({}))],
      [],
      ['outside destroy ledger.a stateful', 'outside destroy x.a'],
    ],
    ['is a loss where it was protected', [resource('x.kept', gone({}))], [], ['outside destroy x.kept unprotected']],
    [
      'is no loss where it is there',
      [resource('ledger.a', changed({ a: 1 }, { a: 2 }))],
      [],
      ['outside change ledger.a a'],
    ],
    [
      'is not what was moved in the code',
      [resource('x.b', { actions: ['no-op'], before: {}, after: {} }, { previous_address: 'x.a' })],
      [resource('x.b', { actions: ['no-op'], before: {}, after: {} }, { previous_address: 'x.a' })],
      ['code none x.b moved from x.a'],
    ],
    [
      'is not what another object of that name does',
      [drifted],
      [resource('x.a', gone({}), { deposed: 'ab12' })],
      ['outside change x.a size', 'code destroy x.a left behind by an earlier apply (ab12)'],
    ],
  ])('%s', (_what, outside, planned, expected) => {
    expect(told(differences(outside, planned))).toEqual(expected);
  });

  test('is known where the code could not be planned', () => {
    expect(told(differences([drifted], undefined))).toEqual(['outside change x.a size']);
  });
});

describe('what is not applied', () => {
  test.each<[string, object, string[]]>([
    ['is what would be added', resource('x.a', made({})), ['code add x.a']],
    ['is what would be lost', resource('ledger.a', gone({})), ['code destroy ledger.a stateful']],
    [
      'is what would be imported',
      resource('x.a', { actions: ['no-op'], importing: { id: 'i' } }),
      ['code none x.a imported as i'],
    ],
    ['is not what stays', resource('x.a', { actions: ['no-op'] }), []],
    ['is not data that is read', resource('data.x.a', { actions: ['read'] }, { mode: 'data' }), []],
  ])('%s', (_what, planned, expected) => {
    expect(told(differences([], [planned]))).toEqual(expected);
  });

  test('is an output that changes', () => {
    const outputs = { url: { actions: ['update'], before: 'a', after: 'b' }, same: { actions: ['no-op'] } };
    const found = differencesOf(
      { format_version: '1.2' },
      { format_version: '1.2', output_changes: outputs },
      redactorOf([]),
      { stateful: [], wasProtected: () => false },
    );
    expect(told(found)).toEqual(['code change output.url']);
  });
});

describe('a difference that somebody expects', () => {
  const hash = (change: object, secrets: string[] = [], more: object = {}) =>
    differences([resource('x.a', change, more)], [], secrets)[0]?.hash;
  const one = changed({ size: 1, name: 'a' }, { size: 2, name: 'a' });

  test.each<[string, object]>([
    ['at another time', one],
    ['when something else of the thing is new', changed({ size: 1, name: 'b' }, { size: 2, name: 'b' })],
    ['with keys in another order', changed({ name: 'a', size: 1 }, { name: 'a', size: 2 })],
  ])('is the same %s', (_what, change) => {
    expect(hash(change)).toBe(hash(one));
  });

  test.each<[string, object]>([
    ['another value', changed({ size: 1, name: 'a' }, { size: 3, name: 'a' })],
    ['another value before', changed({ size: 0, name: 'a' }, { size: 2, name: 'a' })],
    ['one more attribute', changed({ size: 1, name: 'a' }, { size: 2, name: 'b' })],
    ['a thing that is gone', gone({ size: 1, name: 'a' })],
  ])('is another one with %s', (_what, change) => {
    expect(hash(change)).not.toBe(hash(one));
  });

  test('is another one of the same name in the code', () => {
    expect(differences([], [resource('x.a', one)])[0]?.hash).not.toBe(hash(one));
  });

  test.each<[string, (secret: string) => object, (secret: string) => string[]]>([
    [
      'is marked',
      (secret) =>
        changed({ pw: 'old' }, { pw: secret }, { before_sensitive: { pw: true }, after_sensitive: { pw: true } }),
      () => [],
    ],
    [
      'is marked deep in it',
      (secret) => changed({ a: [1] }, { a: [{ pw: secret }] }, { after_sensitive: { a: [{ pw: true }] } }),
      () => [],
    ],
    [
      'is a copy that is not marked',
      (secret) => changed({ copy: 'old' }, { copy: `copy of ${secret}` }),
      (secret) => [secret],
    ],
  ])('tells nothing of a secret that %s', (_what, change, known) => {
    const hashes = ['hunter22', 'swordfish'].map((secret) => hash(change(secret), known(secret)));
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('has no secret in its texts', () => {
    const found = differences(
      [resource('x.a["hunter22"]', changed({ hunter22: 1 }, { hunter22: 2 }))],
      [],
      ['hunter22'],
    );
    expect(JSON.stringify(found)).not.toContain('hunter22');
  });
});

test.each([undefined, {}, { format_version: '2.0' }])('%j is no plan', (json) => {
  expect(() => differencesOf(json, undefined, redactorOf([]), { stateful: [], wasProtected: () => false })).toThrow(
    'The plan cannot be read at',
  );
});

test('What the code would change is the same each morning where only the time of its plan is another one', () => {
  const hashes = (timestamp: string, at: string) => {
    const resource_changes = [resource('x.a', changed({ at: 'once' }, { at: `at ${at}` }))];
    const plan = { format_version: '1.2', timestamp, resource_changes };
    const rules = { stateful: [], wasProtected: () => false };
    return differencesOf({ format_version: '1.2' }, plan, redactorOf([]), rules).map(({ hash }) => hash);
  };
  const [one, other] = ['2026-11-30T06:00:00Z', '2026-12-01T06:00:07Z'];
  expect(hashes(one, one)).toEqual(hashes(other, other));
  expect(hashes(one, one)).not.toEqual(hashes(other, one));
});
