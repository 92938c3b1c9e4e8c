import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isNothing, readValues, textValue, type Value, writeValue } from '../../src/materialize/values.js';

/** What a text becomes when it is read and written. */
function again(text: string): string {
  return readValues(text, 'a.yaml')
    .map((value) => (value === undefined ? '' : writeValue(value)))
    .join('---\n');
}

describe('reading and writing values', () => {
  test.each([
    ['an octal number', 'mode: 0644\n'],
    ['a word that YAML 1.1 takes for a truth', 'a: yes\nb: "yes"\n'],
    ['such a word as a key in quotes', '"on": "off"\n'],
    ['a number with a zero at its end', 'version: 1.10\n'],
    ['a number that no program holds', 'big: 12345678901234567890\n'],
    ['nothing, in its spellings', 'a:\nb: ~\nc: null\nd: ""\n'],
    ['a time', "at: '12:30'\n"],
    ['a block of lines', 'text: |\n  one\n\n  two\n'],
    ['a long text in quotes with a space alone on a line', `a: "${'x'.repeat(60)}\\n\\ \\n# y"\n`],
    ['an empty list and an empty mapping', 'a: []\nb: {}\n'],
  ])('%s stays as it is written', (_what, text) => {
    expect(again(text)).toBe(text);
  });

  test.each([
    ['an alias is what it names', 'a: &x { k: v }\nb: *x\n', 'a:\n  k: v\nb:\n  k: v\n'],
    [
      'a merge key gives what is not said',
      'a: &x { k: v, l: w }\nb: { <<: *x, k: own }\n',
      'a:\n  k: v\n  l: w\nb:\n  k: own\n  l: w\n',
    ],
    ['of several merged mappings the first wins', 'a: { <<: [{ k: 1 }, { k: 2, l: 3 }] }\n', 'a:\n  k: 1\n  l: 3\n'],
    ['a key that needs no quotes has none', '{ "a": 1, "on": 2 }', 'a: 1\n"on": 2\n'],
    ['comments are left out', '# top\na: 1 # side\n', 'a: 1\n'],
    [
      'a text by its tag stays a text',
      'a: !!str 123\nb: !!str true\nc: ! 0644\nd: !!str\n',
      'a: "123"\nb: "true"\nc: "0644"\nd: ""\n',
    ],
    ['a text by its tag needs no quotes where it is one anyway', 'a: !!str web\n', 'a: web\n'],
    [
      'a number by its tag stays a number',
      'a: !!int "3"\nb: !!bool "true"\nc: !!float "1"\nd: !!null ""\n',
      'a: 3\nb: true\nc: 1\nd:\n',
    ],
    ['a tag that says what is there says nothing', 'a: !!map { b: !!seq [c] }\n', 'a:\n  b:\n    - c\n'],
    ['a key by its tag stays a text', '!!str on: a\n', '"on": a\n'],
    [
      'an alias as a key is what it names',
      'a: &x on\nb: &y "on"\nc: { *x : 1 }\nd: { *y : 1 }\n',
      'a: on\nb: "on"\nc:\n  on: 1\nd:\n  "on": 1\n',
    ],
    ['a merge key in quotes is a key', 'a: { "<<": b }\n', 'a:\n  "<<": b\n'],
    ['a merge key by its tag is one', 'a: &x { k: v }\nb: { !!merge <<: *x }\n', 'a:\n  k: v\nb:\n  k: v\n'],
    ['a key of several lines that is a word is a text', '? |-\n  on\n: a\n', '"on": a\n'],
    [
      'what ends a line to some readers, or is forbidden to them, is written as its code',
      'a: "x \\N y"\nb: "x\\L y"\nc: "\\x7f"\n"k\\N": d\n',
      'a: "x \\u0085 y"\nb: "x\\u2028 y"\nc: "\\u007f"\n"k\\u0085": d\n',
    ],
  ])('%s', (_what, text, expected) => {
    expect(again(text)).toBe(expected);
  });

  test.each([
    ['no YAML', 'a: [\n', /^a\.yaml:\d+: this is not the YAML expected here/],
    ['a key twice', 'a: 1\na: 2\n', /^a\.yaml:2: .*unique/],
    ['an alias into itself', 'a: &x { b: *x }\n', /^a\.yaml:1: the alias \*x leads nowhere, or into itself/],
    ['an alias of nothing', 'a: *x\n', /^a\.yaml:1: /],
    ['a tag of somebody', 'a: b\nc: !foo d\n', /^a\.yaml:2: the tag !foo .* Expected a value without it/],
    ['bytes', 'a: !!binary aGVsbG8=\n', /^a\.yaml:1: the tag !!binary /],
    ['a time by its tag', 'a: !!timestamp 2001-01-01\n', /^a\.yaml:1: the tag !!timestamp /],
    ['a set', 'a: !!set { b }\n', /^a\.yaml:1: the tag !!set /],
    ['a list as a key', 'a: 1\n? [b]\n: c\n', /^a\.yaml:2: a key is a list\. Expected a text/],
    ['an alias of a mapping as a key', 'a: &x { b: c }\nd: { *x : e }\n', /^a\.yaml:1: a key is a mapping/],
    ['a key that says nothing', 'a: { ~: b }\n', /^a\.yaml:1: a key is empty/],
    ['a merge key with a text', 'a: b\nc: { <<: d }\n', /^a\.yaml:2: "<<" takes in a text\. Expected a mapping/],
    ['a merge key with a list of texts', 'c: { <<: [d] }\n', /^a\.yaml:1: "<<" takes in a text/],
  ])('refuses %s with its place', (_what, text, message) => {
    expect(() => readValues(text, 'a.yaml')).toThrow(message);
  });

  test('aliases of aliases end', () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `l${at}: &l${at} [${`*l${at - 1}, `.repeat(at === 0 ? 0 : 9)}x]`,
    );
    expect(() => readValues(levels.join('\n'), 'a.yaml')).toThrow(/its aliases stand for more than 100000 values/);
  });

  test('a long text that is named often ends, too', () => {
    const text = `a: &a ${'x'.repeat(100_000)}\nb: [${'*a, '.repeat(100)}]\n`;
    expect(() => readValues(text, 'a.yaml')).toThrow('its aliases stand for more than');
  });

  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('yes', 'no', '0644', '~', '1e3', '- a', 'a: b', '---'),
  );
  const leaf = fc.oneof(
    text.map((each): Value => ({ kind: 'scalar', at: '', text: each, style: 'QUOTE_DOUBLE' })),
    fc
      .constantFrom('yes', '0644', '1.10', 'null', 'true')
      .map((each): Value => ({ kind: 'scalar', at: '', text: each, style: 'PLAIN' })),
  );
  const values = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ kind: 'list', at: '', items })),
      fc
        .dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '<<'),
          tie('value'),
          { maxKeys: 4 },
        )
        .map(
          (entries): Value => ({
            kind: 'map',
            at: '',
            entries: new Map(Object.entries(entries)),
            quoted: new Set(Object.keys(entries)),
          }),
        ),
    ),
  })).value;

  test('whatever is written is read as the same, and written as the same bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const written = writeValue(value);
        const [read] = readValues(written, 'a.yaml');
        expect(plain(read)).toEqual(plain(value));
        const once = read === undefined ? '' : writeValue(read);
        expect(again(once)).toBe(once);
      }),
    );
  });

  test.each(['yes', 'true', 'null', '1e3', '0x1f', '12:30', 'staging', 'kube-system', 'on', '2024', 'no'])(
    'our own text %s is a text to every reader',
    (word) => {
      const [read] = readValues(writeValue(textValue(word)), 'a.yaml');
      const isPlain = read?.kind === 'scalar' && read.style === 'PLAIN';
      expect(isPlain && isNothing(read)).toBe(false);
      expect(isPlain).toBe(['staging', 'kube-system'].includes(word));
    },
  );
});

/** A value without places and spellings of keys. */
function plain(value: Value | undefined): unknown {
  switch (value?.kind) {
    case 'map':
      return Object.fromEntries([...value.entries].map(([key, each]) => [key, plain(each)]));
    case 'list':
      return value.items.map(plain);
    default:
      return value?.text ?? '';
  }
}
