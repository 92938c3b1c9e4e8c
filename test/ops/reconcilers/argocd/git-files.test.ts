import { describe, expect, test } from '@jest/globals';
import { foldersOfApplication } from '../../../../src/ops/reconcilers/argocd/deployed-folders.js';
import { generatorFiles, withGeneratorFiles } from '../../../../src/ops/reconcilers/argocd/git-files.js';
import { objectsIn } from '../../../../src/ops/reconcilers/objects.js';

const OWN = 'https://github.com/acme/ops.git';

const setOf = (generators: string, path: string, repository = OWN) =>
  objectsIn(
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: all }\nspec:\n  generators:\n${generators}\n` +
      `  template:\n    metadata: { name: all }\n    spec:\n      source: { repoURL: ${repository}, path: '${path}' }\n`,
    'argocd/all.yaml',
  ).map(({ object }) => object)[0];

const git = (files: string, more = '') => `  - git: { repoURL: ${OWN}, files: ${files}${more} }`;

/** The folders of what a set generates from files, by their paths. */
function pathsOf(generators: string, path: string, files: Record<string, string>): string[] {
  const object = setOf(generators, path);
  if (object === undefined) {
    throw new Error('Expected an object.');
  }
  const filled = withGeneratorFiles(object, () => Object.entries(files).map(([file, text]) => ({ path: file, text })));
  return foldersOfApplication(filled).map((folder) => folder.path);
}

describe('a git generator of files', () => {
  test.each<[string, string, string, Record<string, string>, string[]]>([
    ['by keys', git('[{path: c/*.json}]'), '{{a.b}}/{{c}}', { 'c/x.json': '{"a":{"b":"web"},"c":1}' }, ['web/1']],
    ['by keys of Go', git('[{path: c/*.json}]'), '{{ .a.b }}/x', { 'c/x.json': '{"a":{"b":"web"}}' }, ['web/x']],
    ['by items', git('[{path: c.yaml}]'), '{{a}}', { 'c.yaml': '- a: one\n- a: two\n' }, ['one', 'two']],
    [
      'by the place of the file',
      git('[{path: c/*/x.yaml}]'),
      '{{path}}/{{path.basename}}/{{path[0]}}/{{index .path.segments 1}}/{{path.filename}}',
      { 'c/web/x.yaml': 'a: 1\n' },
      ['c/web/web/c/web/x.yaml'],
    ],
    [
      'by a prefix',
      git('[{path: c/*/x.yaml}]', ', pathParamPrefix: from'),
      '{{from.path.basename}}',
      { 'c/web/x.yaml': 'a: 1\n' },
      ['web'],
    ],
    [
      'in a matrix',
      `  - matrix:\n      generators:\n    ${git('[{path: c/*.yaml}]').replace(/^ {2}/, '  ')}\n      - list: { elements: [{ env: staging }, { env: production }] }`,
      '{{a}}/{{env}}',
      { 'c/x.yaml': 'a: web\n' },
      ['web/staging', 'web/production'],
    ],
    [
      'that are no YAML',
      git('[{path: c/*.yaml}]'),
      'x/{{a}}',
      { 'c/x.yaml': 'a: [\n', 'c/y.yaml': 'a: web\n' },
      ['x/web'],
    ],
  ])('takes parameters %s', (_, generators, path, files, expected) => {
    expect(pathsOf(generators, path, files)).toEqual(expected);
  });

  test.each<[string, string, string, string[]]>([
    ['of this repository', git('[{path: ./c/*.json}, {path: d.yaml}]'), OWN, ['c/*.json', 'd.yaml']],
    ['of another repository than it deploys', git('[{path: c.json}]'), 'https://github.com/acme/other', []],
    ['with any number of levels', git('[{path: "c/**/x.json"}]'), OWN, []],
    ['of which some are left out', git('[{path: c/*.json}, {path: c/x.json, exclude: true}]'), OWN, []],
    ['that lead out', git('[{path: ../c.json}]'), OWN, []],
  ])('reads files %s', (_, generators, repository, expected) => {
    const object = setOf(generators, 'x', repository);
    expect(object && generatorFiles(object)).toEqual(expected);
  });

  test('stays as it is where its files were not read', () => {
    const object = setOf(git('[{path: c/*.json}]'), 'x/{{a}}');
    expect(object && withGeneratorFiles(object, () => undefined)).toEqual(object);
  });
});
