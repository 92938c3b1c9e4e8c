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
