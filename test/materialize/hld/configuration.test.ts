import { describe, expect, test } from '@jest/globals';
import {
  type Configuration,
  mergeConfigurations,
  readConfiguration,
} from '../../../src/materialize/hld/configuration.js';
import { writeValue } from '../../../src/materialize/values.js';

/** Merges levels, the strongest first. */
function merged(...levels: readonly string[]): { configuration: Configuration; values: string; notes: string[] } {
  const notes: string[] = [];
  const read = levels.map((text, index) => readConfiguration(text, `${index}.yaml`));
  const configuration = mergeConfigurations(read, (text) => notes.push(text));
  return { configuration, values: writeValue(configuration.values), notes };
}

describe('merging configurations', () => {
  test.each<[string, string[], string]>([
    [
      'mappings are merged key by key',
      ['config: { a: { b: 1 } }', 'config: { a: { b: 2, c: 3 }, d: 4 }'],
      'a:\n  b: 1\n  c: 3\nd: 4\n',
    ],
    [
      'of three levels the first wins',
      ['config: { a: 1 }', 'config: { a: 2, b: 2 }', 'config: { a: 3, b: 3, c: 3 }'],
      'a: 1\nb: 2\nc: 3\n',
    ],
    ['a scalar beats a mapping', ['config: { a: off }', 'config: { a: { b: 1 } }'], 'a: off\n'],
    ['nothing beats nothing', ['config: { a: }', 'config: { a: 1 }'], 'a: 1\n'],
    ['null beats no mapping either', ['config: { a: null }', 'config: { a: { b: 1 } }'], 'a:\n  b: 1\n'],
    ['an empty text is something', ['config: { a: "" }', 'config: { a: 1 }'], 'a: ""\n'],
    ['a list replaces a list', ['config: { a: [1] }', 'config: { a: [2, 3] }'], 'a:\n  - 1\n'],
    ['a mapping beats nothing', ['config: { a: { b: 1 } }', 'config: { a: ~ }'], 'a:\n  b: 1\n'],
    ['a level without values changes nothing', ['namespace: x', 'config: { a: 1 }'], 'a: 1\n'],
  ])('%s', (_what, levels, expected) => {
    expect(merged(...levels).values).toBe(expected);
  });

  test.each<[string, string[], RegExp]>([
    [
      'a mapping over a scalar',
      ['config:\n  a: { b: 1 }', 'config:\n\n  a: 2'],
      /^0\.yaml:2: a is a mapping, and a single value in 1\.yaml:3/,
    ],
    ['a list over a scalar', ['config:\n  a: { b: [1] }', 'config:\n  a: { b: x }'], /^0\.yaml:2: a\.b is a list/],
    ['a list over a mapping', ['config: { a: [1] }', 'config: { a: { b: 1 } }'], /a is a list, and a mapping/],
  ])('refuses %s, naming both places', (_what, levels, message) => {
    expect(() => merged(...levels)).toThrow(message);
  });

  test('says where a list is not joined as Fabrikate would', () => {
    expect(merged('config: { a: [1] }', 'config: { a: [2] }').notes).toEqual([
      '0.yaml:1: the list a replaces the one of 1.yaml:1, as in Helm. Fabrikate would have joined them.',
    ]);
  });

  test('takes a namespace with its injection from the first level that names one', () => {
    const first = merged('injectNamespace: true', 'namespace: web', 'namespace: other\ninjectNamespace: true');
    expect(first.configuration.namespace).toEqual({ name: 'web', inject: false });
  });

  test.each<[string, string[], boolean | undefined]>([
    [
      'a weaker level alone says it',
      ['subcomponents: { a: { config: { b: 1 } } }', 'subcomponents: { a: { disabled: true } }'],
      true,
    ],
    [
      'a stronger level takes it back',
      ['subcomponents: { a: { disabled: false } }', 'subcomponents: { a: { disabled: true } }'],
      false,
    ],
    ['nobody says it', ['subcomponents: { a: }'], undefined],
  ])('a part is disabled as the strongest level that says so has it: %s', (_what, levels, expected) => {
    expect(merged(...levels).configuration.subcomponents.get('a')?.disabled).toBe(expected);
  });

  test('names a key that it does not know, deep in the tree, with its place', () => {
    const text = 'subcomponents:\n  a:\n    subcomponents:\n      b:\n        namespac: x\n';
    expect(() => readConfiguration(text, 'config/prod.yaml')).toThrow(
      /^config\/prod\.yaml:5:9: subcomponents\.a\.subcomponents\.b: unknown key "namespac"\. Did you mean "namespace"\?/,
    );
  });
});
