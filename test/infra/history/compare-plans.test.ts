import { describe, expect, test } from '@jest/globals';
import { comparePlans, doesNoMore } from '../../../src/infra/history/compare-plans.js';

type Change = { actions: string[]; before?: unknown; after?: unknown; after_unknown?: unknown; importing?: unknown };

const change = (address: string, given: Change, rest: object = {}) => ({
  address,
  type: 'probe_thing',
  ...rest,
  change: given,
});
const plan = (...resource_changes: object[]) => ({
  format_version: '1.2',
  timestamp: String(Math.random()),
  resource_changes,
});
const create = (after: object) => ({ actions: ['create'], before: null, after });
const web = change('probe_thing.web', create({ name: 'web', value: '1' }));
const api = change('probe_thing.api', create({ name: 'api' }));

describe('Two plans', () => {
  test.each([
    ['of another time', plan(web), plan(web)],
    ['in another order', plan(web, api), plan(api, web)],
    ['with keys in another order', plan(web), plan(change('probe_thing.web', create({ value: '1', name: 'web' })))],
    [
      'with an attribute that is not set, as null or not at all',
      plan(web),
      plan(change('probe_thing.web', create({ name: 'web', value: '1', place: null }))),
    ],
    [
      'one with what changes nothing',
      plan(web),
      plan(web, change('a.b', { actions: ['no-op'], before: { a: 1 }, after: { a: 1 } })),
    ],
    [
      'one with data that is read',
      plan(web),
      plan(web, change('data.a.b', { actions: ['read'], before: null, after: {} })),
    ],
    ['without any change', plan(), { format_version: '1.2' }],
  ])('do the same %s', (_name, first, second) => {
    expect(comparePlans(first, second)).toEqual([]);
    expect(comparePlans(second, first)).toEqual([]);
  });

  const replaced = change('probe_thing.web', {
    actions: ['delete', 'create'],
    before: { name: 'web' },
    after: { name: 'web' },
  });
  const updated = change('probe_thing.web', { actions: ['update'], before: { name: 'web' }, after: { name: 'web' } });
  test.each<[string, object, object, string]>([
    ['a value', web, change('probe_thing.web', create({ name: 'web', value: '2' })), 'value after'],
    ['a type of a value', web, change('probe_thing.web', create({ name: 'web', value: 1 })), 'value after'],
    [
      'what was there before',
      updated,
      change('probe_thing.web', { actions: ['update'], before: { name: 'old' }, after: { name: 'web' } }),
      'name before',
    ],
    ['the action', updated, replaced, 'update, then delete and create'],
    [
      'the order of a replacement',
      replaced,
      change('probe_thing.web', { actions: ['create', 'delete'], before: { name: 'web' }, after: { name: 'web' } }),
      'delete and create, then create and delete',
    ],
    [
      'what is known',
      web,
      change('probe_thing.web', { ...create({ name: 'web' }), after_unknown: { value: true } }),
      'value after, value (known after apply) after',
    ],
    [
      'where it was moved from',
      updated,
      { ...updated, previous_address: 'probe_thing.old' },
      'update, then update, moved from probe_thing.old',
    ],
    [
      'what is imported',
      change('a.b', { actions: ['no-op'], importing: { id: '1' } }),
      change('a.b', { actions: ['no-op'], importing: { id: '2' } }),
      'no-op, import of 1, then no-op, import of 2',
    ],
    ['an order in a list', change('a.b', create({ l: [1, 2] })), change('a.b', create({ l: [2, 1] })), 'l after'],
  ])('do something otherwise: %s', (_name, first, second, detail) => {
    const found = comparePlans(plan(first), plan(second));
    expect(found).toEqual([{ at: expect.any(String), what: 'otherwise', detail }]);
    expect(doesNoMore(found)).toBe(false);
  });

  test('that do less do no more, and those that do more do', () => {
    expect(comparePlans(plan(web, api), plan(web))).toEqual([
      { at: 'probe_thing.api', what: 'only in the first', detail: 'create' },
    ]);
    expect(doesNoMore(comparePlans(plan(web, api), plan(web)))).toBe(true);
    expect(doesNoMore(comparePlans(plan(web), plan(web, api)))).toBe(false);
    expect(doesNoMore(comparePlans(plan(web), plan(web)))).toBe(true);
  });

  test('are told apart by outputs and by deposed objects', () => {
    const output = (after: unknown) => ({
      ...plan(),
      output_changes: { url: { actions: ['update'], before: 'a', after } },
    });
    expect(comparePlans(output('b'), output('c'))).toEqual([
      { at: 'output.url', what: 'otherwise', detail: 'value after' },
    ]);
    const gone = { actions: ['delete'], before: { name: 'web' }, after: null };
    const deposed = change('probe_thing.web', gone, { deposed: 'ab12' });
    expect(comparePlans(plan(deposed), plan(change('probe_thing.web', gone)))).toMatchObject([
      { at: 'probe_thing.web (deposed ab12)', what: 'only in the first' },
      { at: 'probe_thing.web', what: 'only in the second' },
    ]);
  });

  test.each([
    undefined,
    [],
    {},
    'plan',
    { format_version: '2.0' },
    { format_version: '1.2', resource_changes: [{ address: 1 }] },
    { format_version: '1.2', resource_changes: {} },
  ])('%j is none', (json) => {
    expect(() => comparePlans(json, plan())).toThrow('The plan cannot be read at');
  });

  test('differences show no value', () => {
    const secret = comparePlans(plan(web), plan(change('probe_thing.web', create({ name: 'web', value: 'hunter2' }))));
    expect(JSON.stringify(secret)).not.toContain('hunter2');
  });
});
