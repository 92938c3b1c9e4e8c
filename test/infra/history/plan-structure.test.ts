import { describe, expect, test } from '@jest/globals';
import { comparePlans } from '../../../src/infra/history/compare-plans.js';
import { deedsBeyond, structureOf } from '../../../src/infra/history/plan-structure.js';
import { redactedJson } from '../../../src/infra/redact/redacted-json.js';
import { HIDDEN, redactorOf } from '../../../src/infra/redact/redactor.js';

const create = (address: string, after: object, rest: object = {}) => ({
  ...{ address, type: 'probe_thing', ...rest },
  change: { actions: ['create'], before: null, after },
});
const plan = (...resource_changes: object[]) => ({ format_version: '1.2', resource_changes });
const web = create('probe_thing.web', { name: 'web', size: 1 });
const api = create('probe_thing.api', { name: 'api' });

describe('The hash of what a plan does', () => {
  test.each<[string, object, object, boolean]>([
    ['the same', plan(web, api), plan(web, api), true],
    ['the order', plan(web, api), plan(api, web), true],
    ['the order of keys', plan(web), plan(create('probe_thing.web', { size: 1, name: 'web' })), true],
    ['what changes nothing', plan(web), plan(web, { ...api, change: { actions: ['no-op'] } }), true],
    ['another value', plan(web), plan(create('probe_thing.web', { name: 'web', size: 2 })), false],
    ['another address', plan(web), plan(create('probe_thing.w', { name: 'web', size: 1 })), false],
    ['other actions', plan(web), plan({ ...web, change: { ...web.change, actions: ['delete', 'create'] } }), false],
    ['a move', plan(web), plan({ ...web, previous_address: 'probe_thing.old' }), false],
    ['one thing more', plan(web), plan(web, api), false],
    ['nothing left', plan(web), plan(), false],
  ])('says of %s what comparing them says', (_name, first, second, isSame) => {
    expect(structureOf(first).sha256 === structureOf(second).sha256).toBe(isSame);
    expect(comparePlans(first, second).length === 0).toBe(isSame);
  });

  const at = (timestamp: string, after: object, rest: object = {}) => ({
    ...plan(create('probe_thing.web', after)),
    ...{ timestamp, ...rest },
  });
  const [noon, later] = ['2026-11-30T12:00:00Z', '2026-11-30T12:05:07Z'];
  const output = (after: unknown) => ({ output_changes: { o: { actions: ['create'], before: null, after } } });
  test.each<[string, object, object, boolean]>([
    ['the time of each plan', at(noon, { seen: noon }), at(later, { seen: later }), true],
    ['it within a text', at(noon, { seen: `at ${noon}.` }), at(later, { seen: `at ${later}.` }), true],
    ['it deep within', at(noon, { a: [{ b: noon }], c: 'x' }), at(later, { a: [{ b: later }], c: 'x' }), true],
    ['it in an output', at(noon, {}, output(noon)), at(later, {}, output(later)), true],
    ['it, and another value beside it', at(noon, { a: noon, b: '1' }), at(later, { a: later, b: '2' }), false],
    ['the time of one plan in both', at(noon, { seen: noon }), at(later, { seen: noon }), false],
    ['the time of the other plan in one', at(noon, { seen: later }), at(later, { seen: later }), false],
    ['a time that is made of it', at(noon, { seen: '2026-11-30' }), at(later, { seen: '12:05' }), false],
    ['a name that has it', at(noon, { m: { [noon]: 1 } }), at(later, { m: { [later]: 1 } }), false],
    ['what stands for it, as a text', at(noon, { seen: noon }), at(later, { seen: '\\ud800' }), false],
    ['it, where the plan says no time', at('', { seen: noon }), at('', { seen: later }), false],
    ['it, where the plan says something else for one', at('1', { seen: '1' }), at('2', { seen: '2' }), false],
  ])('says of %s what comparing them says', (_name, first, second, isSame) => {
    expect(structureOf(first).sha256 === structureOf(second).sha256).toBe(isSame);
    expect(comparePlans(first, second).length === 0).toBe(isSame);
  });

  test('says of what there was before nothing but what it was', () => {
    const over = (seen: string, timestamp: string) => ({
      ...plan({ ...web, change: { actions: ['update'], before: { seen }, after: { seen: timestamp } } }),
      timestamp,
    });
    expect(comparePlans(over('x', noon), over('x', later))).toEqual([]);
    expect(comparePlans(over(noon, noon), over(later, later))).toHaveLength(1);
  });

  test('tells what another plan does beyond it', () => {
    const { deeds } = structureOf(plan(web));
    expect(deedsBeyond(plan(), deeds)).toEqual([]);
    expect(deedsBeyond(plan(web), deeds)).toEqual([]);
    expect(deedsBeyond(plan(web, api), deeds)).toEqual(['probe_thing.api: create']);
    expect(deedsBeyond(plan(create('probe_thing.web', { name: 'web' })), deeds)).toEqual(['probe_thing.web: create']);
  });
});

test('JSON without secrets is still JSON', () => {
  const json = { a: 'x hunter22', hunter22: [1234, 5, true, null], b: { c: 'Y', d: undefined } };
  const redactor = redactorOf([
    { text: 'hunter22', name: '' },
    { text: '1234', name: '' },
  ]);
  const redacted = redactedJson(json, redactor);
  expect(redacted).toEqual({ a: `x ${HIDDEN}`, [HIDDEN]: [HIDDEN, 5, true, null], b: { c: 'Y', d: undefined } });
  expect(JSON.stringify(redacted)).not.toMatch(/hunter22|1234/);
});
