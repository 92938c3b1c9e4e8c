import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { comparePlans } from '../../../src/infra/history/compare-plans.js';
import { structureOf } from '../../../src/infra/history/plan-structure.js';
import { lossesOf, protectedIn, typeMatcher } from '../../../src/infra/plan/losses.js';
import { readPlan } from '../../../src/infra/plan/read-plan.js';
import { STATEFUL_TYPES } from '../../../src/infra/plan/stateful-types.js';
import { redactorOf } from '../../../src/infra/redact/redactor.js';
import { sensitiveValues } from '../../../src/infra/redact/sensitive-values.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { printedJson } from '../../../src/infra/tool/json-output.js';
import { infraFiles } from '../support/infra-files.js';

const NOBODY = redactorOf([]);
const resource = (actions: string[], more: object = {}, change: object = {}) => ({
  address: 'x.a',
  type: 'x',
  mode: 'managed',
  change: { actions, ...change },
  ...more,
});
const plan = (...changes: object[]) => readPlan({ format_version: '1.2', resource_changes: changes }, NOBODY);

describe('what a plan does', () => {
  test.each<[string, object, object]>([
    ['add', resource(['create']), { add: 1 }],
    ['change', resource(['update']), { change: 1 }],
    ['destroy', resource(['delete']), { destroy: 1 }],
    ['replace', resource(['delete', 'create']), { replace: 1 }],
    ['replace, made before it is destroyed', resource(['create', 'delete']), { replace: 1 }],
    ['forget', resource(['forget']), { forget: 1 }],
    ['forget and make again', resource(['create', 'forget']), { add: 1, forget: 1 }],
    ['move', resource(['no-op'], { previous_address: 'x.b' }), { move: 1 }],
    ['move and change', resource(['update'], { previous_address: 'x.b' }), { move: 1, change: 1 }],
    ['import', resource(['no-op'], {}, { importing: { id: 'i' } }), { import: 1 }],
    ['import what has no id yet', resource(['update'], {}, { importing: {} }), { import: 1, change: 1 }],
    ['destroy what an apply has left', resource(['delete'], { deposed: 'abc' }), { deposed: 1 }],
    ['nothing', resource(['no-op']), {}],
    ['read data', resource(['read'], { mode: 'data' }), {}],
    ['open what is ephemeral', resource(['open'], { mode: 'ephemeral' }), {}],
    ['what nobody knows', resource(['transmogrify']), { change: 1 }],
  ])('%s', (_what, change, expected) => {
    const { counts, isChange } = plan(change);
    expect(Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))).toEqual(expected);
    expect(isChange).toBe(Object.keys(expected).length > 0);
  });

  const lambda = (more: object = {}, event = 'AfterUpdate') => {
    const place = { actions_list_index: 0, action_trigger_block_index: 0 };
    const trigger = { triggering_resource_address: 'x.a', action_trigger_event: event, ...place };
    return {
      ...{ address: 'action.aws_lambda_invoke.a', type: 'aws_lambda_invoke', name: 'a' },
      ...{ config_values: { payload: '1' }, lifecycle_action_trigger: trigger, ...more },
    };
  };
  const invoking = (...invoked: object[]) => ({
    ...{ format_version: '1.2', resource_changes: [resource(['update'])], action_invocations: invoked },
  });

  test('actions that an apply invokes are a change, each with what it is after', () => {
    const { counts, changes } = readPlan(invoking(lambda(), lambda({}, 'BeforeUpdate')), NOBODY);
    expect([counts.change, changes.slice(1).map(({ address }) => address)]).toEqual([
      3,
      ['action.aws_lambda_invoke.a (AfterUpdate x.a 0 0)', 'action.aws_lambda_invoke.a (BeforeUpdate x.a 0 0)'],
    ]);
  });

  test.each<[string, object[], string[]]>([
    ['of the same actions is the same', [lambda()], []],
    ['that invokes one more does more', [lambda(), lambda({ address: 'action.x.b' })], ['only in the second']],
    ['that invokes one with other values does otherwise', [lambda({ config_values: { payload: '2' } })], ['otherwise']],
    ['that invokes none does less', [], ['only in the first']],
  ])('a plan %s', (_what, invoked, expected) => {
    const found = comparePlans(invoking(lambda()), invoking(...invoked));
    expect(found.map(({ what }) => what)).toEqual(expected);
  });

  test('what an action is given is as secret as it is marked', () => {
    const json = invoking(lambda({ config_values: { payload: 'hunter22' }, config_sensitive: { payload: true } }));
    expect(sensitiveValues(json)).toEqual([{ text: 'hunter22', name: 'payload' }]);
  });

  test('outputs alone are a change', () => {
    const { counts, outputs, isChange } = readPlan(
      { format_version: '1.2', output_changes: { a: { actions: ['update'] }, b: { actions: ['no-op'] } } },
      NOBODY,
    );
    expect([counts.outputs, outputs, isChange]).toEqual([1, ['a'], true]);
  });

  test('secrets in addresses are taken out', () => {
    const redactor = redactorOf([{ text: 'hunter22', name: '' }]);
    const { changes } = readPlan(
      { format_version: '1.0', resource_changes: [resource(['create'], { address: 'x.a["hunter22"]' })] },
      redactor,
    );
    expect(changes[0]?.address).toBe('x.a["(sensitive)"]');
  });

  test.each([{}, { format_version: '2.0' }, { format_version: '1.0', resource_changes: [{}] }, 'x', null])(
    '%j is no plan',
    (json) => {
      expect(() => readPlan(json, NOBODY)).toThrow('The plan cannot be read at');
    },
  );
});

describe('what cannot be read of a plan', () => {
  const SECRET = 'hunter22';
  const bad = (path: readonly (string | number)[], value: unknown) => {
    const json = {
      format_version: '1.2',
      ...{ resource_changes: [resource(['create'], { deposed: null }, { importing: { id: 'i' } })], errored: false },
      ...{ resource_drift: [resource(['update'])], output_changes: { o: { actions: ['create'] } } },
    };
    let place: unknown = json;
    for (const key of path.slice(0, -1)) {
      place = typeof place === 'object' && place !== null ? Reflect.get(place, key) : undefined;
    }
    Reflect.set(Object(place), path.at(-1) ?? '', value);
    return json;
  };

  test.each<[(string | number)[], unknown, string]>([
    [['format_version'], SECRET, '/^1\\./'],
    [['terraform_version'], { SECRET }, 'string'],
    [['resource_changes'], SECRET, 'Array'],
    [['resource_changes', 0], SECRET, 'Object'],
    [['resource_changes', 0, 'address'], [SECRET], 'string'],
    [['resource_changes', 0, 'type'], 22_114_477, 'string'],
    [['resource_changes', 0, 'mode'], 22_114_477, 'string'],
    [['resource_changes', 0, 'deposed'], 22_114_477, 'string'],
    [['resource_changes', 0, 'change'], SECRET, 'Object'],
    [['resource_changes', 0, 'change', 'actions'], SECRET, 'Array'],
    [['resource_changes', 0, 'change', 'actions', 0], 22_114_477, 'string'],
    [['resource_changes', 0, 'change', 'importing'], SECRET, 'Object'],
    [['resource_changes', 0, 'change', 'importing', 'id'], 22_114_477, 'string'],
    [['resource_drift', 0, 'change', 'actions'], SECRET, 'Array'],
    [['output_changes'], SECRET, 'Object'],
    [['output_changes', 'o'], SECRET, 'Object'],
    [['output_changes', 'o', 'actions'], SECRET, 'Array'],
    [['errored'], SECRET, 'boolean'],
  ])('is told by its place %j and what is expected there, never by what it is', (path, value, expected) => {
    const read = [() => readPlan(bad(path, value), NOBODY), () => structureOf(bad(path, value))];
    for (const each of read) {
      expect(each).toThrow(`The plan cannot be read at "${path.join('.')}", expected ${expected}. What`);
      expect(each).not.toThrow(/hunter22|22114477/);
    }
  });

  test.each(['{"variables":{"pw":{"value":hunter22}}}', '{"pw":"hunter22', 'hunter22', '', 'null'])(
    'is nothing where it is no JSON, and nothing quotes it: %s',
    (printed) => {
      expect(printedJson(printed)).toBeUndefined();
    },
  );
});

describe('a loss', () => {
  const rules = {
    stateful: ['acme_ledger*', '!aws_instance'],
    wasProtected: (address: string) => address === 'x.kept',
  };

  test.each<[string, object, number]>([
    ['is a database that is destroyed', resource(['delete'], { type: 'aws_db_instance' }), 1],
    ['is a database that is replaced', resource(['delete', 'create'], { type: 'digitalocean_database_cluster' }), 1],
    ['is not one that is made', resource(['create'], { type: 'aws_db_instance' }), 0],
    ['is not one that is changed', resource(['update'], { type: 'aws_db_instance' }), 0],
    ['is not one that is forgotten, which stays', resource(['forget'], { type: 'aws_db_instance' }), 0],
    ['is a type of the team', resource(['delete'], { type: 'acme_ledger_book' }), 1],
    ['is no type that the team excepts', resource(['delete'], { type: 'aws_instance' }), 0],
    ['is anything that was protected', resource(['delete'], { address: 'x.kept' }), 1],
    [
      'is what was protected under another address',
      resource(['delete', 'create'], { address: 'x.b', previous_address: 'x.kept' }),
      1,
    ],
    ['is nothing else', resource(['delete'], { type: 'aws_security_group_rule' }), 0],
  ])('%s', (_what, change, count) => {
    expect(lossesOf(plan(change).changes, rules)).toHaveLength(count);
  });

  test.each([
    ['a*', 'ab', true],
    ['a*b', 'ab', true],
    ['a*b', 'a', false],
    ['a*b*c', 'axbxc', true],
    ['a*b*c', 'acb', false],
    ['a*a', 'a', false],
    ['a', 'ab', false],
    ['*', 'x', true],
  ])('%s and %s: %s', (pattern, type, expected) => {
    expect(typeMatcher([pattern])(type)).toBe(expected);
  });

  test('of common providers is known', () => {
    const isStateful = typeMatcher(STATEFUL_TYPES);
    const kept = [
      'digitalocean_kubernetes_cluster',
      'google_sql_database_instance',
      'azurerm_storage_account',
      'aws_s3_bucket',
      'hcloud_volume',
    ];
    expect(kept.filter((type) => !isStateful(type))).toEqual([]);
    expect(
      ['digitalocean_database_firewall', 'aws_iam_role', 'terraform_data', 'null_resource'].filter(isStateful),
    ).toEqual([]);
  });
});

test.each([
  ['true', true],
  ['false', false],
  ['var.protects', true],
  ['true && true', true],
  ['"true"', true],
])('what has prevent_destroy = %s may be protected: %s', (value, expected) => {
  const files = infraFiles({ 'a/m.tf': `resource "x" "y" {\n  lifecycle {\n    prevent_destroy = ${value}\n  }\n}\n` });
  expect(protectedIn(findRoots(files, readInfraConfig(undefined)).tree, 'a')('x.y')).toBe(expected);
});

test('what is protected is found in modules, whatever its keys', () => {
  const block = 'resource "x" "kept" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\nresource "x" "free" {}\n';
  const call = (name: string, source: string) => `module "${name}" {\n  source = "${source}"\n}\n`;
  const files = infraFiles({
    'a/m.tf': block + call('one', './b'),
    'a/b/m.tf': block + call('two', '../c'),
    'a/c/m.tf': block,
  });
  const isProtected = protectedIn(findRoots(files, readInfraConfig(undefined)).tree, 'a');
  const addresses = [
    'x.kept',
    'x.kept[0]',
    'module.one["a.b]\\"["].x.kept',
    'module.one.module.two[1].x.kept["k"]',
    'x.free',
    'module.three.x.kept',
  ];
  expect(addresses.map(isProtected)).toEqual([true, true, true, true, false, false]);
});
