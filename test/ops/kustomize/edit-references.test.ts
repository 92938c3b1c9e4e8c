import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addReference, removeReference } from '../../../src/ops/kustomize/edit-references.js';
import { type ReferenceList, references } from '../../../src/ops/kustomize/references.js';

const FILE = 'platform/overlays/production/kustomization.yaml';

function lines(...text: string[]): string {
  return `${text.join('\n')}\n`;
}

describe('adding a reference', () => {
  test.each<[string, ReferenceList, string, string, string]>([
    [
      'goes to its place in a sorted list',
      'resources',
      'b.yaml',
      lines('resources:', '  - a.yaml', '  - c.yaml # the third'),
      lines('resources:', '  - a.yaml', '  - b.yaml', '  - c.yaml # the third'),
    ],
    [
      'goes before the first where it sorts before it, a comment stays with its item',
      'resources',
      'a.yaml',
      lines('resources:', '- b.yaml', '# why', '- c.yaml'),
      lines('resources:', '- a.yaml', '- b.yaml', '# why', '- c.yaml'),
    ],
    [
      'goes to the end of a list in an order of its own',
      'resources',
      'b.yaml',
      lines('resources:', '- c.yaml', '- a.yaml', 'images: []'),
      lines('resources:', '- c.yaml', '- a.yaml', '- b.yaml', 'images: []'),
    ],
    [
      'goes next to its siblings',
      'patches',
      'shop/settings.yaml',
      lines('patches:', '- path: shop/version.yaml', '- path: cart/version.yaml'),
      lines('patches:', '- path: shop/version.yaml', '- path: shop/settings.yaml', '- path: cart/version.yaml'),
    ],
    [
      'goes before a patch that is never promoted, which has the last word',
      'patches',
      'shop/settings.yaml',
      lines('patches:', '- path: shop/_replicas.yaml', '- path: cart/version.yaml'),
      lines('patches:', '- path: shop/settings.yaml', '- path: shop/_replicas.yaml', '- path: cart/version.yaml'),
    ],
    [
      'is written as the others are: with ./',
      'patches',
      'shop/settings.yaml',
      lines('patches:', '- path: ./shop/version.yaml'),
      lines('patches:', '- path: ./shop/version.yaml', '- path: ./shop/settings.yaml'),
    ],
    [
      'a folder above says nothing of that',
      'resources',
      'shop/extra.yaml',
      lines('resources:', '- ../../base/shop'),
      lines('resources:', '- ../../base/shop', '- shop/extra.yaml'),
    ],
    [
      'is written as the others are: in one line',
      'patches',
      'shop/settings.yaml',
      lines('patches: [{ path: shop/version.yaml }]'),
      lines('patches: [{ path: shop/version.yaml }, { path: shop/settings.yaml }]'),
    ],
    [
      'goes to its place in one line',
      'components',
      '../../components/eu',
      lines('components: [../../components/backup, ../../components/us]'),
      lines('components: [../../components/backup, ../../components/eu, ../../components/us]'),
    ],
    [
      'is written as the others are: in the older list of patches',
      'patches',
      'shop/settings.yaml',
      lines('patchesStrategicMerge:', '- shop/version.yaml'),
      lines('patchesStrategicMerge:', '- shop/version.yaml', '- shop/settings.yaml'),
    ],
    [
      'begins a list, indented as others are',
      'patches',
      'shop/version.yaml',
      lines('resources:', '- ../../base/shop'),
      lines('resources:', '- ../../base/shop', 'patches:', '- path: shop/version.yaml'),
    ],
    [
      'is there already, spelled otherwise',
      'resources',
      'shop/',
      lines('resources:', '- ./shop'),
      lines('resources:', '- ./shop'),
    ],
  ])('%s', (_, list, path, before, after) => {
    expect(addReference(before, list, path, FILE)).toBe(after);
    expect(addReference(after, list, path, FILE)).toBe(after);
  });

  test('keeps the other fields of a patch', () => {
    const source = lines(
      'patches:',
      '- path: shop/hosts.yaml',
      '  target:',
      '    kind: Ingress',
      '    name: "1.10"',
      '  options:',
      '    allowNameChange: true',
    );
    const [found] = references(source, FILE);
    expect(addReference(lines('resources: [a]'), 'patches', 'shop/hosts.yaml', FILE, found)).toBe(
      `${lines('resources: [a]')}${source.replace(/^(?!patches)/gm, '  ').trimEnd()}\n`,
    );
    expect(addReference(lines('patches: [{path: a.yaml}]'), 'patches', 'shop/hosts.yaml', FILE, found)).toBe(
      lines(
        'patches: [{path: a.yaml}, { path: shop/hosts.yaml, target: { kind: Ingress, name: "1.10" }, options: { allowNameChange: true } }]',
      ),
    );
  });

  test('follows the reference that is given', () => {
    const before = lines('patches:', '- path: shop/z.yaml', '- path: shop/a.yaml', '- path: shop/b.yaml');
    expect(addReference(before, 'patches', 'shop/m.yaml', FILE, { after: 'shop/z.yaml' })).toBe(
      lines('patches:', '- path: shop/z.yaml', '- path: shop/m.yaml', '- path: shop/a.yaml', '- path: shop/b.yaml'),
    );
  });
});

describe('removing a reference', () => {
  test.each<[string, ReferenceList, string, string, string]>([
    [
      'takes its lines, with a comment at its end',
      'patches',
      'shop/version.yaml',
      lines('patches:', '- path: shop/version.yaml # set by releases', '  target: { kind: Job }', '- path: a.yaml'),
      lines('patches:', '- path: a.yaml'),
    ],
    [
      'takes a list that is empty then with it',
      'patches',
      'shop/version.yaml',
      lines('resources: [a]', 'patches:', '- path: ./shop/version.yaml', '', 'images: []'),
      lines('resources: [a]', '', 'images: []'),
    ],
    ['leaves the only key', 'resources', 'a.yaml', lines('resources:', '- a.yaml'), lines('resources: []')],
    ['takes it out of the older list, too', 'resources', 'b', lines('bases: [a, b]'), lines('bases: [a]')],
    ['of what is not there changes nothing', 'resources', 'c', lines('resources: [a]'), lines('resources: [a]')],
    [
      'leaves inline patches',
      'patches',
      'a.yaml',
      lines('patches:', '- patch: |-', '    kind: Job', '- path: a.yaml'),
      lines('patches:', '- patch: |-', '    kind: Job'),
    ],
  ])('%s', (_, list, path, before, after) => {
    expect(removeReference(before, list, path, FILE)).toBe(after);
  });
});

test('references are listed with line and the other fields of a patch', () => {
  const text = lines(
    'patchesStrategicMerge: [a.yaml]',
    'resources:',
    '- ../b',
    'patches:',
    '- path: c.yaml',
    '  target:',
    '    kind: Job',
  );
  expect(references(text, FILE)).toEqual([
    { list: 'patches', path: 'a.yaml', line: 1, otherFields: undefined },
    { list: 'resources', path: '../b', line: 3, otherFields: undefined },
    { list: 'patches', path: 'c.yaml', line: 5, otherFields: { target: { kind: 'Job' } } },
  ]);
});

describe('whatever the file looks like', () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9-]{0,5}(\/[a-z_][a-z0-9-]{0,4})?\.yaml$/);
  const list = fc.constantFrom<ReferenceList>('resources', 'patches', 'components');
  const comment = fc.constantFrom('', '', ' # why', '\n# alone', '\n');
  const file = fc
    .record({
      names: fc.uniqueArray(name, { minLength: 0, maxLength: 5 }),
      flow: fc.boolean(),
      dotted: fc.boolean(),
      sorted: fc.boolean(),
      indent: fc.constantFrom('', '  '),
      comments: fc.array(comment, { minLength: 5, maxLength: 5 }),
      crlf: fc.boolean(),
      last: fc.boolean(),
      list,
    })
    .map(({ names, flow, dotted, sorted, indent, comments, crlf, last, list: key }) => {
      const order = sorted ? [...names].sort() : names;
      const items = order.map((each) => `${key === 'patches' ? 'path: ' : ''}${dotted ? './' : ''}${each}`);
      const written = flow
        ? [`${key}: [${items.map((item) => (key === 'patches' ? `{${item}}` : item)).join(', ')}]`]
        : [`${key}:`, ...items.map((item, index) => `${indent}- ${item}${comments[index]}`)];
      const all = [...(names.length === 0 ? [] : written), 'namespace: shop # ours'];
      const text = `# what runs\nkind: Kustomization\n${all.join('\n')}${last ? '\n' : ''}`;
      return { key, names, text: crlf ? text.replaceAll('\n', '\r\n') : text };
    });

  test('adding changes nothing else, twice is once, and removing what was added restores the file', () => {
    fc.assert(
      fc.property(file, name, ({ key, names, text }, path) => {
        fc.pre(!names.includes(path));
        const once = addReference(text, key, path, FILE);
        expect(addReference(once, key, path, FILE)).toBe(once);
        const paths = references(once, FILE).map((reference) => reference.path.replace(/^\.\//, ''));
        expect([...paths].sort()).toEqual([...names, path].sort());
        expect(paths.filter((each) => each !== path)).toEqual(
          references(text, FILE).map((reference) => reference.path.replace(/^\.\//, '')),
        );
        expect(removeReference(once, key, path, FILE)).toBe(text);
      }),
    );
  });

  test('removing takes that reference and nothing else, and adding it again has them all', () => {
    fc.assert(
      fc.property(file, fc.nat(), ({ key, names, text }, pick) => {
        const path = names[pick % Math.max(1, names.length)];
        fc.pre(path !== undefined);
        const without = removeReference(text, key, path, FILE);
        const left = without.split(/\r?\n/).filter((line) => !text.split(/\r?\n/).includes(line));
        // In one line the line changes; otherwise lines go and none is new.
        expect(left.length).toBeLessThanOrEqual(text.includes(`${key}: [`) ? 1 : 0);
        const again = references(addReference(without, key, path, FILE), FILE);
        expect(again.map((reference) => reference.path.replace(/^\.\//, '')).sort()).toEqual([...names].sort());
      }),
    );
  });
});
