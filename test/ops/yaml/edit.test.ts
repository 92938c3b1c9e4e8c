import { describe, expect, test } from '@jest/globals';
import { editYaml } from '../../../src/ops/yaml/edit.js';
import type { Edit } from '../../../src/ops/yaml/edits.js';

const KUSTOMIZATION = `# What staging runs.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization

resources:
- ../../../bases/my-app   # the base

images:
  # set by releases
  - name: ghcr.io/acme/my-app
    newTag: 1.2.3 # current
  - name: 'ghcr.io/acme/other'
    newTag: "4.5"


patches:
- path: replicas.yaml`;

function edit(text: string, ...edits: Edit[]): string {
  return editYaml(text, edits, 'overlays/staging/my-app/kustomization.yaml');
}

describe('setting a value', () => {
  test('replaces nothing but the scalar', () => {
    expect(edit(KUSTOMIZATION, { path: ['images', 0, 'newTag'], value: '1.3.0' })).toBe(
      KUSTOMIZATION.replace('1.2.3', '1.3.0'),
    );
  });

  test('changes nothing where the value is there already', () => {
    expect(edit(KUSTOMIZATION, { path: ['images', 1, 'newTag'], value: '4.5' })).toBe(KUSTOMIZATION);
  });

  test.each([
    ['plain', 'tag: 1.2.3\n', 'tag: 1.3.0\n'],
    ['single quotes', "tag: '1.2.3'\n", "tag: '1.3.0'\n"],
    ['double quotes', 'tag: "1.2.3"\n', 'tag: "1.3.0"\n'],
    ['a comment at its end', 'tag: 1.2.3   # keep me\n', 'tag: 1.3.0   # keep me\n'],
    ['a tab before the comment', 'tag: 1.2.3\t# keep\tme\n', 'tag: 1.3.0\t# keep\tme\n'],
    ['CRLF', 'a: b\r\ntag: 1.2.3\r\nc: d\r\n', 'a: b\r\ntag: 1.3.0\r\nc: d\r\n'],
    ['a byte order mark', '\uFEFFtag: 1.2.3\n', '\uFEFFtag: 1.3.0\n'],
    ['no last newline', 'tag: 1.2.3', 'tag: 1.3.0'],
    ['an anchor nothing uses', 'tag: &version 1.2.3\n', 'tag: &version 1.3.0\n'],
    ['a tag', 'tag: !!str 1.2\n', 'tag: !!str 1.3.0\n'],
    ['flow style', 'a: {tag: 1.2.3, b: [x]}\ntag: 0\n', 'a: {tag: 1.2.3, b: [x]}\ntag: 1.3.0\n'],
    ['JSON', '{"tag": "1.2.3", "n": 1}', '{"tag": "1.3.0", "n": 1}'],
    ['an empty value', 'tag:\nb: 1\n', 'tag: 1.3.0\nb: 1\n'],
    ['an empty value with a comment', 'tag:  # which?\nb: 1\n', 'tag: 1.3.0  # which?\nb: 1\n'],
    ['an empty value with an anchor', 'tag: &v\nb: 1\n', 'tag: &v 1.3.0\nb: 1\n'],
    ['null', 'tag: ~\n', 'tag: 1.3.0\n'],
    ['a number', 'tag: 1.10\n', 'tag: 1.3.0\n'],
    ['a plain scalar over two lines', 'tag: one\n  two # c\nb: 1\n', 'tag: 1.3.0 # c\nb: 1\n'],
    ['a quoted scalar over two lines', 'tag: "one\n  two" # c\nb: 1\n', 'tag: "1.3.0" # c\nb: 1\n'],
    ['a value on the next line', 'tag:\n  1.2.3\nb: 1\n', 'tag:\n  1.3.0\nb: 1\n'],
    ['a folded block', 'tag: >-\n  1.2.3\nb: 1\n', 'tag: >-\n  1.3.0\nb: 1\n'],
    ['a literal block', 'tag: |- # why\n    1.2.3\n\nb: 1\n', 'tag: |- # why\n    1.3.0\n\nb: 1\n'],
    ['an explicit key', '? tag\n: 1.2.3\n', '? tag\n: 1.3.0\n'],
    ['a quoted key', '"tag": 1.2.3\n', '"tag": 1.3.0\n'],
    ['a document marker', '---\ntag: 1.2.3\n...\n', '---\ntag: 1.3.0\n...\n'],
  ])('keeps %s', (_, before, after) => {
    expect(edit(before, { path: ['tag'], value: '1.3.0' })).toBe(after);
  });

  test.each([
    '1.10',
    '3e5',
    '12e4567',
    '0123',
    '0o17',
    '0x1F',
    '0b11',
    '1_000',
    '+1',
    '.5',
    '-0',
    '.inf',
    '.NaN',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'n',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '',
    '2026-11-21',
    '2026-11-21T10:00:00Z',
    '12:30:45',
    '1:30',
    '=',
    '<<',
    ' padded ',
    'a: b',
    'a #b',
    '- a',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '"a',
    "'a",
    '[a',
    '{a',
    '>a',
    '|a',
    '#a',
    'a:',
    '?',
    '-',
    '---',
    '...',
    'two\nlines',
    'tab\tinside',
    '\u0007',
    '\u2028',
    'ü',
    '\ud83d\ude80',
  ])('writes %j so that every YAML reader sees that text', (value) => {
    for (const before of ['tag: v\n', "tag: 'v'\n", 'tag: "v"\n', '{tag: v, a: 1}\n', '[{"tag": "v"}]\n']) {
      const path = before.startsWith('[') ? [0, 'tag'] : ['tag'];
      const after = edit(before, { path, value });
      expect(edit(after, { path, value })).toBe(after);
    }
  });

  test.each(['1.2.3', 'v1.2.3', '1.2.3-rc.1', 'sha256:0123abcd', 'ghcr.io/acme/my-app:1.2.3', 'main', '1.2.3+build'])(
    'leaves %j without quotes',
    (value) => {
      expect(edit('tag: v\n', { path: ['tag'], value })).toBe(`tag: ${value}\n`);
    },
  );

  test.each(['a?b', ':a', '?a', 'a,b', 'x y', 'https://github.com/a/b?ref=1'])(
    'quotes %j in flow style, where some readers refuse it',
    (value) => {
      expect(edit('{tag: v}\n', { path: ['tag'], value })).toBe(`{tag: "${value}"}\n`);
    },
  );

  test('quotes as the file quotes', () => {
    expect(edit("a: 'x'\ntag: v\n", { path: ['tag'], value: '1.10' })).toBe("a: 'x'\ntag: '1.10'\n");
    expect(edit('a: "x"\ntag: v\n', { path: ['tag'], value: '1.10' })).toBe('a: "x"\ntag: "1.10"\n');
  });

  test('changes one document of several', () => {
    const text = '%YAML 1.2\n---\ntag: 1 # one\n---\n# two\ntag: 1\n---\ntag: 1\n';
    expect(edit(text, { path: ['tag'], document: 1, value: 'x' })).toBe(
      '%YAML 1.2\n---\ntag: 1 # one\n---\n# two\ntag: x\n---\ntag: 1\n',
    );
  });

  test('refuses to replace a mapping', () => {
    expect(() => edit('a: 1\nimage:\n  tag: 1\n', { path: ['image'], value: 'x' })).toThrow(
      'overlays/staging/my-app/kustomization.yaml:3: expected image to be a single value, found a mapping.',
    );
  });

  test('names the first step that leads nowhere', () => {
    expect(() => edit('a: 1\nb:\n  c: 2\n', { path: ['b', 'd', 'e'], value: 'x' })).toThrow(
      'kustomization.yaml:3: expected b.d to hold something; it is empty or not there.',
    );
    expect(() => edit('a: 1\nb:\n  c: 2\n', { path: ['b', 'c', 'e'], value: 'x' })).toThrow(
      'kustomization.yaml:3: b.c.e is not there: what should hold it is a single value.',
    );
  });
});

describe('adding a key', () => {
  test.each([
    [
      'next to its neighbour',
      '- name: a\n  newTag: 1.0.0 # c\n\n- name: b\n',
      '- name: a\n  newTag: 1.0.0 # c\n  digest: d\n\n- name: b\n',
    ],
    ['after the key it belongs to', '- newTag: 1.0.0\n  name: a\n', '- newTag: 1.0.0\n  digest: d\n  name: a\n'],
    ['at the end of the file', '-   name: a\n    newTag: 1.0.0', '-   name: a\n    newTag: 1.0.0\n    digest: d'],
    ['with CRLF', '- name: a\r\n  newTag: 1.0.0\r\n', '- name: a\r\n  newTag: 1.0.0\r\n  digest: d\r\n'],
    ['to a flow mapping', '- {name: a, newTag: 1.0.0}\n', '- {name: a, newTag: 1.0.0, digest: d}\n'],
    ['to a spaced flow mapping', '- { name: a, newTag: 1.0.0 } # c\n', '- { name: a, newTag: 1.0.0, digest: d } # c\n'],
    [
      'to a flow mapping with a last comma',
      '- {name: a, newTag: 1.0.0,}\n',
      '- {name: a, newTag: 1.0.0, digest: d,}\n',
    ],
    ['to JSON', '[{"name":"a","newTag":"1"}]', '[{"name":"a","newTag":"1","digest":"d"}]'],
    [
      'to JSON over several lines',
      '[\n  {\n    "name": "a",\n    "newTag": "1"\n  }\n]\n',
      '[\n  {\n    "name": "a",\n    "newTag": "1",\n    "digest": "d"\n  }\n]\n',
    ],
    ['to an empty flow mapping', '- {}\n', '- {digest: d}\n'],
    ['after a block scalar', '- name: a\n  newTag: |\n    x\n', '- name: a\n  newTag: |\n    x\n  digest: d\n'],
    ['after an empty value', '- name: a\n  newTag:\n', '- name: a\n  newTag:\n  digest: d\n'],
    ['after a nested list', '- name: a\n  b:\n  - c\n  # end\n', '- name: a\n  b:\n  - c\n  digest: d\n  # end\n'],
  ])('%s', (_, before, after) => {
    expect(edit(before, { path: [0, 'digest'], value: 'd', after: 'newTag' })).toBe(after);
  });

  const ADDED = { creators: ['acme-flux[bot]'], more: { yes: true, 'a b': '' } };
  const FLOW = '{ creators: ["acme-flux[bot]"], more: { "yes": true, "a b": "" } }';
  test.each([
    ['to a block', 'a:\n  b: 1 # c\n\nd: 2\n', `a:\n  b: 1 # c\n  x: ${FLOW}\n\nd: 2\n`],
    ['to a flow mapping', 'a: { b: 1 } # c\n', `a: { b: 1, x: ${FLOW} } # c\n`],
    ['to an empty flow mapping', 'a: {}\n', `a: {x: ${FLOW}}\n`],
    ['to a key without a value', 'a:\n  x: # c\nd: 2\n', `a:\n  x: ${FLOW} # c\nd: 2\n`],
    ['with CRLF', 'a:\r\n  b: 1\r\n', `a:\r\n  b: 1\r\n  x: ${FLOW}\r\n`],
  ])('with a mapping, %s', (_, before, after) => {
    expect(edit(before, { path: ['a', 'x'], add: ADDED })).toBe(after);
  });

  test.each([
    ['as a block', 'a:\n  b: 1\n', 'a:\n  b: 1\n  x: |\n    - one\n\n    - two\n'],
    ['in one line in a flow mapping', 'a: { b: 1 }\n', 'a: { b: 1, x: "- one\\n\\n- two\\n" }\n'],
  ])('with a text of several lines, %s', (_, before, after) => {
    expect(edit(before, { path: ['a', 'x'], add: '- one\n\n- two\n' })).toBe(after);
  });

  test.each([
    ['a value stays', 'a: { x: 1 }\n', 'expected a.x to be missing'],
    ['a mapping stays', 'a:\n  x: { y: 1 }\n', 'expected a.x to be missing'],
    ['its mapping has to be there', 'b: 1\n', 'expected a to hold something'],
    ['what an alias refers to stays', 'a: &a { b: 1 }\nc: *a\n', 'is part of the anchor &a'],
  ])('with a mapping: %s', (_, before, message) => {
    expect(() => edit(before, { path: ['a', 'x'], add: ADDED })).toThrow(message);
  });

  test('keeps the order of keys added together', () => {
    expect(
      edit(
        'a:\n  x: 1\n',
        { path: ['a', 'w'], value: 'p' },
        { path: ['a', 'z'], value: 'q' },
        { path: ['a', 'x'], value: 'r' },
      ),
    ).toBe('a:\n  x: r\n  w: p\n  z: q\n');
  });
});

describe('removing', () => {
  test.each([
    ['a key with its comment', 'a: 1\n# about b\nb: 2 # two\nc: 3\n', ['b'], 'a: 1\n# about b\nc: 3\n'],
    ['the last key', 'a: 1\nb:\n  - x\n\n# end\n', ['b'], 'a: 1\n\n# end\n'],
    ['the last key without a newline', 'a: 1\r\nb: 2', ['b'], 'a: 1'],
    ['the first key after a byte order mark', '\uFEFFa: 1\nb: 2\n', ['a'], '\uFEFFb: 2\n'],
    ['the key after a dash', '- a: 1 # one\n  b: 2\n', [0, 'a'], '- b: 2\n'],
    ['a key with a block', 'a: |\n  x\n  y\nb: 2\n', ['a'], 'b: 2\n'],
    ['a flow key', '{a: 1, b: 2, c: 3}', ['b'], '{a: 1, c: 3}'],
    ['the first flow key', '{a: 1, b: 2}', ['a'], '{b: 2}'],
    ['an item', '- a\n- b # two\n- c\n', [1], '- a\n- c\n'],
    ['an item over several lines', 'x:\n  - a: 1\n    b: 2\n  - c: 3\n', ['x', 0], 'x:\n  - c: 3\n'],
    ['the only item', 'x:\n  - a: 1\n    b: 2\ny: 1\n', ['x', 0], 'x: []\ny: 1\n'],
    ['the only item at the root', '# holds\n- a: 1\n', [0], '# holds\n[]\n'],
    ['the only item under a comment', 'x: # c\n  - a\ny: 1\n', ['x', 0], 'x: # c\n  []\ny: 1\n'],
    ['a flow item', 'x: [a, b, c]\n', ['x', 2], 'x: [a, b]\n'],
    ['the first flow item', 'x: [a, b, c]\n', ['x', 0], 'x: [b, c]\n'],
    ['the only flow item', 'x: [a]\n', ['x', 0], 'x: []\n'],
  ])('%s', (_, before, path, after) => {
    expect(edit(before, { path, remove: true })).toBe(after);
  });

  test('several items at once, each by its place before', () => {
    expect(edit('- a\n- b\n- c\n- d\n', { path: [0], remove: true }, { path: [2], remove: true })).toBe('- b\n- d\n');
  });

  test.each([
    ['a: 1\n', ['b'], 'b is not there, so it cannot be removed'],
    ['a:\n  b: 1\n', ['a', 'b'], 'a.b is the only key there; remove what holds it instead'],
    ['- a: 1\n  # about b\n  b: 2\n', [0, 'a'], 'is followed by a comment on a line of its own'],
  ])('refuses in %j', (text, path, message) => {
    expect(() => edit(text, { path, remove: true })).toThrow(message);
  });
});

describe('appending', () => {
  test.each([
    ['to a list', 'r:\n- a # c\n# end\n', 'r:\n- a # c\n- b\n# end\n'],
    ['to an indented list', 'r:\n  -  a', 'r:\n  -  a\n  - b'],
    ['to a list of mappings', 'r:\n- x: 1\n  y: 2\n\nz: 1\n', 'r:\n- x: 1\n  y: 2\n- b\n\nz: 1\n'],
    ['to a flow list', 'r: [a]\n', 'r: [a, b]\n'],
    ['to an empty flow list', 'r: []\n', 'r: [b]\n'],
    ['to a flow list over lines', 'r: [\n  a,\n  c\n]\n', 'r: [\n  a,\n  c,\n  b\n]\n'],
    ['to an empty key', 'q:\n- a\nr: # c\ns: 1\n', 'q:\n- a\nr: # c\n- b\ns: 1\n'],
    ['to a missing key', 'q: 1\n', 'q: 1\nr:\n  - b\n'],
  ])('%s', (_, before, after) => {
    expect(edit(before, { path: ['r'], append: 'b' })).toBe(after);
  });

  test('a mapping', () => {
    expect(edit('patches:\n- path: a.yaml\n', { path: ['patches'], append: { path: 'b.yaml', tag: '1.10' } })).toBe(
      'patches:\n- path: a.yaml\n- path: b.yaml\n  tag: "1.10"\n',
    );
    expect(edit('patches: [{ path: a.yaml }]\n', { path: ['patches'], append: { path: 'b.yaml' } })).toBe(
      'patches: [{ path: a.yaml }, { path: b.yaml }]\n',
    );
  });

  test('refuses what is no list', () => {
    expect(() => edit('r: a\n', { path: ['r'], append: 'b' })).toThrow('expected r to be a list, found a single value');
  });
});

describe('edits that do not go together', () => {
  test('are refused', () => {
    expect(() => edit('a: 1\n', { path: ['a'], value: 'x' }, { path: ['a'], value: 'z' })).toThrow(
      'kustomization.yaml: two of the changes meant for this file touch the same characters.',
    );
  });
});

describe('anchors and aliases', () => {
  const shared = 'blue:\n  tag: &v 1.0.0\ngreen:\n  tag: *v\n';

  test('refuses to change a value through its alias, naming both lines', () => {
    expect(() => edit(shared, { path: ['green', 'tag'], value: '2.0.0' })).toThrow(
      'kustomization.yaml:4: green.tag is the alias *v of the value on line 2, which would change too. ' +
        'Write the value out on line 4 and run again.',
    );
  });

  test('refuses to change an anchored value that another line uses', () => {
    expect(() => edit(shared, { path: ['blue', 'tag'], value: '2.0.0' })).toThrow(
      'kustomization.yaml:2: blue.tag is part of the anchor &v, whose alias on line 4 would change too.',
    );
  });

  test('changes the anchor once where every use of it is meant', () => {
    expect(edit(shared, { path: ['blue', 'tag'], value: '2.0.0' }, { path: ['green', 'tag'], value: '2.0.0' })).toBe(
      'blue:\n  tag: &v 2.0.0\ngreen:\n  tag: *v\n',
    );
  });

  test('refuses where a merged mapping would change another', () => {
    expect(() =>
      edit('base: &b\n  tag: 1\nweb:\n  <<: *b\n  x: 1\n', { path: ['base', 'tag'], value: '2.0.0' }),
    ).toThrow('base.tag is part of the anchor &b, whose alias on line 4 would change too');
  });
});

describe('YAML inside YAML', () => {
  const patches = `patches:
- target: {kind: Deployment}
  patch: |-
    # first
    - op: replace

      path: /spec/template/spec/containers/0/image
      value: ghcr.io/acme/my-app:1.0.0   # here
      
    - op: remove
      path: /x
- path: b.yaml
`;

  test('changes one line of a literal block and keeps the others, trailing spaces and all', () => {
    const path = ['patches', 0, 'patch', { yaml: 0 }, 0, 'value'];
    expect(edit(patches, { path, value: 'ghcr.io/acme/my-app:2.0.0' })).toBe(patches.replace(':1.0.0', ':2.0.0'));
  });

  test('adds a line to a literal block with its indent', () => {
    const text = 'values: |\r\n   image:\r\n     tag: 1.0.0\r\n   x: 1\r\n';
    expect(edit(text, { path: ['values', { yaml: 0 }, 'image', 'digest'], value: 'd' })).toBe(
      'values: |\r\n   image:\r\n     tag: 1.0.0\r\n     digest: d\r\n   x: 1\r\n',
    );
  });

  test.each([
    [
      'the last line',
      ['image', 'digest'],
      'values: |\n  image:\n    tag: 1\n  x: 1\nnext: 2\n',
      'image:\n    tag: 1\n    digest: d\n  x: 1',
    ],
    ['a line at the end', ['z'], 'values: |\n  x: 1\nnext: 2\n', 'x: 1\n  z: d'],
  ])('removes %s of a literal block that it added', (_, path, text, part) => {
    const at = { path: ['values', { yaml: 0 }, ...path] };
    const added = edit(text, { ...at, value: 'd' });
    expect(added).toContain(part);
    expect(edit(added, { ...at, remove: true })).toBe(text);
  });

  test('changes YAML in a quoted scalar', () => {
    expect(
      edit(`patch: '[{"op":"replace","value":"a:1"}]'\n`, { path: ['patch', { yaml: 0 }, 0, 'value'], value: 'a:2' }),
    ).toBe(`patch: '[{"op":"replace","value":"a:2"}]'\n`);
  });

  test('refuses a folded block', () => {
    expect(() => edit('p: >\n  a: 1\n', { path: ['p', { yaml: 0 }, 'a'], value: '2.0.0' })).toThrow(
      'kustomization.yaml:1: p is a folded block (">"). Write it as "|" and run again.',
    );
  });

  test('names the scalar in an error about its text', () => {
    expect(() => edit('p: |\n  a: [\n', { path: ['p', { yaml: 0 }, 'a'], value: 'x' })).toThrow(
      /^overlays\/staging\/my-app\/kustomization\.yaml:1 \(inside p\):\d+:\d+: not valid YAML/,
    );
  });
});

describe('broken YAML', () => {
  test.each([
    ['a: [1, 2\nb: 3\n', 'kustomization.yaml:2:1: not valid YAML: '],
    ['a: 1\na: 2\n', 'kustomization.yaml:2:1: not valid YAML: Map keys must be unique. Correct that line'],
    ['a:\n\tb: 1\n', 'kustomization.yaml:2:1: not valid YAML: Tabs are not allowed as indentation.'],
    ['a: 1\n---\nb: *nowhere\n', 'kustomization.yaml:3: the alias *nowhere names no anchor above it.'],
  ])('%j is refused with its place', (text, message) => {
    expect(() => edit(text, { path: ['a'], value: 'x' })).toThrow(message);
  });

  test('an alias bomb is refused', () => {
    const ten = (level: number) => Array(10).fill(`*l${level}`).join(', ');
    const levels = Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${ten(i)}]`);
    expect(() => edit(`l0: &l0 x\n${levels.join('\n')}\ntag: 1\n`, { path: ['tag'], value: 'x' })).toThrow(
      'its aliases stand for more than 200000 values',
    );
  });
});
