import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ConfigError } from '../../src/config/config-error.js';
import { nearest } from '../../src/config/nearest.js';
import { readConfig, readConfigFile } from '../../src/config/read-config.js';

const schema = v.strictObject({
  owner: v.optional(v.string()),
  limit: v.optional(v.pipe(v.number(), v.minValue(1, 'expected at least 1')), 20),
  apps: v.optional(
    v.record(v.string(), v.strictObject({ path: v.string(), shared: v.optional(v.array(v.string())) })),
    {},
  ),
  freeze: v.optional(v.union([v.boolean(), v.array(v.strictObject({ cron: v.string() }))])),
  mode: v.optional(v.picklist(['fast', 'slow'])),
});

function problem(text: string): string {
  try {
    readConfig(schema, text, 'ostack.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  return 'no problem';
}

describe('reading a configuration file', () => {
  test.each([
    ['an empty file', ''],
    ['only comments', '# nothing yet\n'],
    ['an empty document', '---\n'],
  ])('%s gives the defaults', (_name, text) => {
    expect(readConfig(schema, text, 'ostack.yaml')).toEqual({ limit: 20, apps: {} });
  });

  test.each([
    [
      'an unknown key',
      'limit: 3\nowners: me\n',
      'ostack.yaml:2:1: unknown key "owners". Did you mean "owner"? Valid keys: owner, limit, apps, freeze, mode.',
    ],
    [
      'an unknown key far from every valid one',
      'colour: red\n',
      'ostack.yaml:1:1: unknown key "colour". Valid keys: owner, limit, apps, freeze, mode.',
    ],
    [
      'an unknown key inside a record',
      'apps:\n  web:\n    path: a\n    share: [x]\n',
      'ostack.yaml:4:5: apps.web: unknown key "share". Did you mean "shared"? Valid keys: path, shared.',
    ],
    ['a wrong type', 'apps:\n  web:\n    path: 3\n', 'ostack.yaml:3:11: apps.web.path: expected a text, found 3.'],
    [
      'a wrong type in a list',
      'apps:\n  web:\n    path: a\n    shared:\n      - b\n      - [c]\n',
      'ostack.yaml:6:9: apps.web.shared.1: expected a text, found a list.',
    ],
    ['a missing key', 'apps:\n  web:\n    shared: []\n', 'ostack.yaml:3:5: apps.web: the key "path" is missing.'],
    ['a value out of range', 'limit: 0\n', 'ostack.yaml:1:8: limit: expected at least 1, found 0.'],
    [
      'a word that is none of the choices',
      'mode: medium\n',
      'ostack.yaml:1:7: mode: expected "fast" or "slow", found "medium".',
    ],
    [
      'a value that fits no alternative',
      'freeze: 3\n',
      'ostack.yaml:1:9: freeze: expected true or false or a list, found 3.',
    ],
    [
      'a mistake inside an alternative',
      'freeze:\n  - crom: x\n',
      [
        'ostack.yaml:2:5: freeze.0: the key "cron" is missing.',
        'ostack.yaml:2:5: freeze.0: unknown key "crom". Did you mean "cron"? Valid keys: cron.',
      ].join('\n'),
    ],
    ['a list instead of a mapping', '- a\n', 'ostack.yaml:1:1: expected a mapping of keys to values, found a list.'],
    [
      'an empty list for a mapping',
      'apps: []\n',
      'ostack.yaml:1:7: apps: expected a mapping of keys to values, found a list.',
    ],
    [
      'a key given twice',
      'limit: 1\nlimit: 2\n',
      'ostack.yaml:2:1: this is not the YAML expected here: Map keys must be unique',
    ],
    [
      'a value behind an alias',
      'apps:\n  a: &a { path: 1 }\n  b: *a\n',
      'ostack.yaml:2:17: apps.a.path: expected a text, found 1.\nostack.yaml:2:17: apps.b.path: expected a text, found 1.',
    ],
  ])('%s is named with its place', (_name, text, message) => {
    expect(problem(text)).toBe(message);
  });

  test.each([
    ['a value', `limit: ${'x'.repeat(1_000_000)}`],
    ['a key', `{ ${'x'.repeat(1_000_000)}: 1 }`],
    ['a way of keys', `apps: { ${'x'.repeat(1_000_000)}: 1 }`],
  ])('%s of any length is shown by its beginning and its end', (_what, text) => {
    expect(problem(text)).toMatch(/^ostack\.yaml:1:\d+: .*xxx \[…\] xxx/);
    expect(problem(text).length).toBeLessThan(3000);
  });

  test('every problem is reported', () => {
    expect(problem('limt: 3\nownr: me\nmode: x\n').split('\n')).toHaveLength(3);
  });

  test.each([
    ['broken YAML', 'a: [1\n'],
    ['two documents', 'limit: 1\n---\nlimit: 2\n'],
    ['an unknown tag', 'owner: !secret x\n'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
    ],
  ])('%s is an error, not a guess', (_name, text) => {
    expect(problem(text)).toMatch(/^ostack\.yaml:\d+:\d+: /);
  });

  test('a key that could reach the prototype is only an unknown key', () => {
    expect(problem('__proto__: { limit: 3 }\n')).toContain('unknown key "__proto__"');
  });

  test('values of the YAML 1.1 kind stay texts', () => {
    expect(readConfig(schema, 'owner: yes\n', 'f').owner).toBe('yes');
  });

  test('a later check points at its place, or at the nearest one that exists', () => {
    const file = readConfigFile(schema, 'limit: 1\napps:\n  web:\n    path: a\n', 'ostack.yaml');
    expect(file.error(['apps', 'web', 'path'], 'nothing there.').message).toBe(
      'ostack.yaml:4:11: apps.web.path: nothing there.',
    );
    expect(file.error(['apps', 'web', 'shared', 0], 'nothing there.').message).toBe(
      'ostack.yaml:4:5: apps.web.shared.0: nothing there.',
    );
  });
});

test.each([
  ['imges', 'images'],
  ['Images', 'images'],
  ['tset', 'test'],
  ['zzz', undefined],
])('the nearest key to %s is %s', (word, expected) => {
  expect(nearest(word, ['images', 'path', 'shared', 'test'])).toBe(expected);
});
