import { expect, test } from '@jest/globals';
import { readChartObjects } from '../../src/materialize/manifests/chart-objects.js';
import { manifestFiles } from '../../src/materialize/manifests/files.js';
import { writeValue } from '../../src/materialize/values.js';

const HEAD = '---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

/** What a chart comes to, and what is said of it. */
function read(manifest: string) {
  const notes: string[] = [];
  const objects = readChartObjects(manifest, 'shop/web', (text) => notes.push(text));
  return { texts: objects.map(({ value }) => writeValue(value)), notes };
}

test('a key that is there twice counts as it does for helm, and that is said with the template', () => {
  const { texts, notes } = read(`${HEAD}data: { a: "1", b: "2", a: "3" }\n`);
  expect(texts[0]).toContain('data:\n  a: "3"\n  b: "2"\n');
  expect(notes).toEqual([
    'shop/web (line 4 of what web/templates/a.yaml makes): a key is there twice, and the last one counts, as it does for helm.',
  ]);
});

test.each([
  [
    'a list',
    'spec:\n  command: [ "/bin/sh",\n  "-ce",\n\n  "x: y" ]\n  next: 1\n',
    'command:\n    - "/bin/sh"\n    - "-ce"\n    - "x: y"\n  next: 1\n',
  ],
  ['a mapping', 'spec: { a: 1,\nb: [2,\n3],\n# said\nc: 4}\n', 'spec:\n  a: 1\n  b:\n    - 2\n    - 3\n  c: 4\n'],
  ['a text', 'spec:\n  a:\n  - "x \\\n  y\n\n  z"\n  b: \'c\n  d\'\n', `a:\n    - "x y\\nz"\n  b: 'c d'\n`],
  ['a text in a list', 'spec:\n  a: ["x\n  y",\n  z]\n', 'a:\n    - "x y"\n    - z\n'],
])('%s in brackets or quotes goes on at any indentation, as it does for helm', (_what, text, written) => {
  expect(read(`${HEAD}${text}`).texts[0]).toContain(written);
});

test.each([
  [
    'brackets without an end',
    'spec: [1,\nb: 2\n',
    /^shop\/web \(line 5 of what web\/templates\/a\.yaml makes\): this is not the YAML/,
  ],
  ['quotes without an end', 'spec:\n  a: "x\n', /this is not the YAML expected here: Missing closing "quote/],
  ['brackets that another document ends', 'spec: [1,\n---\n2]\n', /this is not the YAML/],
  ['quotes that another document ends', 'spec: "1\n---\n2"\n', /this is not the YAML/],
  ['lines at other places', 'spec:\n  a: 1\n b: 2\n', /^shop\/web \(line 6 of what web\/templates/],
  [
    'another object without a name',
    '---\n# Source: web/templates/b.yaml\nkind: Pod\napiVersion: v1\n',
    /^shop\/web \(line 1 of what web\/templates\/b\.yaml makes\): .*without metadata\.name/,
  ],
  ['very many lines', `spec: [${',\n1'.repeat(200)}]\n`, /this is not the YAML/],
])('%s are an error with the template', (_what, text, message) => {
  expect(() => read(`${HEAD}${text}`)).toThrow(message);
});

test('an object is told by the template that makes it', () => {
  const objects = readChartObjects(`${HEAD}${HEAD.replaceAll('a.yaml', 'b.yaml')}`, 'shop/web', () => undefined);
  expect(() => manifestFiles(objects)).toThrow(
    /by shop\/web \(line 1 of what web\/templates\/a\.yaml makes\) and by shop\/web \(line 1 of what web\/templates\/b\.yaml/,
  );
});

test('without a name of a template, the line of what helm printed is told', () => {
  expect(() => read('kind: Pod\n')).toThrow(/^shop\/web:1: /);
});
