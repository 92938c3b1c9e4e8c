import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { editYaml } from '../../../src/ops/yaml/edit.js';
import { writeScalar } from '../../../src/ops/yaml/scalar.js';

/** What a generated file says, and how it is written. */
interface Generated {
  text: string;
  /** Where its values are, one path for each scalar, and what they say. */
  leaves: { path: (string | number)[]; value: string }[];
}

const word = fc
  .stringMatching(/^[a-z][a-z0-9]{0,6}$/)
  .filter((each) => !/^(y|n|no|on|off|yes|true|false|null)$/.test(each));
const scalar = fc.oneof(word, fc.stringMatching(/^v?[0-9]\.[0-9]\.[0-9](-rc\.[0-9])?$/), fc.string({ maxLength: 12 }));
const style = fc.constantFrom('plain' as const, 'single' as const, 'double' as const);
const comment = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.constantFrom(' # c', '\t# a: b', '  #', ' # "q\' {[ ünï'),
);
const blank = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, fc.constantFrom('\n', '# alone\n', '\n\n  # deep\n'));

type Node =
  | { kind: 'leaf'; value: string; style: 'plain' | 'single' | 'double'; comment: string }
  | { kind: 'flow'; keys: string[]; values: string[]; comment: string }
  | { kind: 'map'; entries: { key: string; node: Node; blank: string }[]; indent: number }
  | { kind: 'list'; items: { node: Node; blank: string }[]; indent: number };

const leaf = fc.record({ kind: fc.constant('leaf' as const), value: scalar, style, comment });
const flow = fc.record({
  kind: fc.constant('flow' as const),
  keys: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  values: fc.array(scalar, { minLength: 3, maxLength: 3 }),
  comment,
});

const { tree } = fc.letrec<{ tree: Node; child: Node }>((tie) => ({
  child: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, flow, tie('tree')),
  tree: fc.oneof(
    fc.record({
      kind: fc.constant('map' as const),
      entries: fc.uniqueArray(fc.record({ key: word, node: tie('child'), blank }), {
        selector: (entry) => entry.key,
        minLength: 1,
        maxLength: 4,
      }),
      indent: fc.constantFrom(2, 3, 4),
    }),
    fc.record({
      kind: fc.constant('list' as const),
      items: fc.array(fc.record({ node: tie('child'), blank }), { minLength: 1, maxLength: 3 }),
      indent: fc.constantFrom(2, 4),
    }),
  ),
}));

/** Writes a tree as YAML: lines, each indented, and the leaves on the way. */
function write(node: Node, column: number, path: (string | number)[], leaves: Generated['leaves']): string {
  const space = ' '.repeat(column);
  switch (node.kind) {
    case 'leaf':
      leaves.push({ path, value: node.value });
      return ` ${writeScalar(node.value, node.style, 'block', 'double')}${node.comment}\n`;
    case 'flow':
      return ` {${node.keys.map((key, index) => {
        const value = node.values[index] ?? '';
        leaves.push({ path: [...path, key], value });
        return `${index % 2 === 0 ? '' : ' '}${key}: ${writeScalar(value, 'plain', 'flow', 'single')}`;
      })}}${node.comment}\n`;
    case 'map':
      return `\n${node.entries
        .map((entry) => {
          const value = write(entry.node, column + node.indent, [...path, entry.key], leaves);
          return `${entry.blank}${space}${entry.key}:${value}`;
        })
        .join('')}`;
    case 'list':
      return `\n${node.items
        .map((item, index) => {
          const value = write(item.node, column + node.indent, [...path, index], leaves);
          return `${item.blank}${space}-${value}`;
        })
        .join('')}`;
  }
}

const file: fc.Arbitrary<Generated> = fc
  .record({ tree, crlf: fc.boolean(), bom: fc.boolean(), cut: fc.boolean(), more: fc.boolean() })
  .map(({ tree: root, crlf, bom, cut, more }) => {
    const leaves: Generated['leaves'] = [];
    let text = `${more ? '%YAML 1.2\n---' : ''}${write(root, 0, [], leaves)}`;
    text = more ? text : text.replace(/^\n/, '');
    text = `${text}${more ? '---\nother: 1 # doc\n' : ''}`;
    text = cut ? text.replace(/\n+$/, '') : text;
    text = crlf ? text.replaceAll('\n', '\r\n') : text;
    return { text: bom ? `\uFEFF${text}` : text, leaves };
  });

const fileAndLeaf = file.chain((generated) =>
  fc.record({ generated: fc.constant(generated), index: fc.nat({ max: generated.leaves.length - 1 }), value: scalar }),
);

function plain(text: string): unknown[] {
  // The library takes a byte order mark for a column.
  return [...parseAllDocuments(text.replace(/^\uFEFF/, ''))].map((document) => document.toJS());
}

/** Length of what two texts have in common at their beginning, and after that at their end. */
function common(one: string, other: string): number {
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) {
    start += 1;
  }
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) {
    end += 1;
  }
  return start + end;
}

describe('whatever the file looks like', () => {
  test('setting a value changes that value, in one stretch no longer than the old and new spelling', () => {
    fc.assert(
      fc.property(fileAndLeaf, ({ generated: { text, leaves }, index, value }) => {
        const leaf = leaves[index];
        if (leaf === undefined) {
          return;
        }
        const after = editYaml(text, [{ path: leaf.path, value }], 'f.yaml');
        const written = JSON.stringify(value).length * 6 + 2;
        expect(after.length - common(text, after)).toBeLessThanOrEqual(written);
        const expected = plain(text);
        let holder = expected[0];
        for (const step of leaf.path.slice(0, -1)) {
          holder = Reflect.get(Object(holder), step);
        }
        Reflect.set(Object(holder), leaf.path.at(-1) ?? '', value);
        expect(plain(after)).toEqual(expected);
        expect(editYaml(after, [{ path: leaf.path, value }], 'f.yaml')).toBe(after);
      }),
      { numRuns: 300 },
    );
  });

  test('setting a value back restores the file, but for quotes that the other value needed', () => {
    fc.assert(
      fc.property(fileAndLeaf, ({ generated: { text, leaves }, index }) => {
        const leaf = leaves[index];
        if (leaf === undefined) {
          return;
        }
        const there = editYaml(text, [{ path: leaf.path, value: 'elsewhere' }], 'f.yaml');
        const back = editYaml(there, [{ path: leaf.path, value: leaf.value }], 'f.yaml');
        expect(back.replace(/["']/g, '')).toBe(text.replace(/["']/g, ''));
      }),
      { numRuns: 200 },
    );
  });

  test('adding a key and removing it again restores the file', () => {
    fc.assert(
      fc.property(fileAndLeaf, scalar, ({ generated: { text, leaves }, index }, value) => {
        const path = leaves[index]?.path ?? [];
        if (typeof path.at(-1) !== 'string') {
          return;
        }
        const added = [...path.slice(0, -1), 'ADDED'];
        const there = editYaml(text, [{ path: added, value, after: String(path.at(-1)) }], 'f.yaml');
        expect(editYaml(there, [{ path: added, remove: true }], 'f.yaml')).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('appending an item and removing it again restores the file', () => {
    fc.assert(
      fc.property(fileAndLeaf, scalar, ({ generated: { text, leaves }, index }, value) => {
        const path = leaves[index]?.path ?? [];
        const list = path.slice(0, -1);
        if (typeof path.at(-1) !== 'number') {
          return;
        }
        const last = Math.max(
          ...leaves.flatMap((leaf) => {
            const step = leaf.path[list.length];
            return typeof step === 'number' && JSON.stringify(leaf.path.slice(0, list.length)) === JSON.stringify(list)
              ? [step]
              : [];
          }),
        );
        const there = editYaml(text, [{ path: list, append: value }], 'f.yaml');
        expect(editYaml(there, [{ path: [...list, last + 1], remove: true }], 'f.yaml')).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('many values at once are the same as one after another', () => {
    fc.assert(
      fc.property(file, fc.array(scalar, { minLength: 1, maxLength: 5 }), ({ text, leaves }, values) => {
        const edits = values.flatMap((value, index) => {
          const leaf = leaves[index];
          return leaf === undefined ? [] : [{ path: leaf.path, value }];
        });
        const single = edits.reduce((so, edit) => editYaml(so, [edit], 'f.yaml'), text);
        expect(editYaml(text, edits, 'f.yaml').replace(/["']/g, '')).toBe(single.replace(/["']/g, ''));
      }),
      { numRuns: 100 },
    );
  });
});
