import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { affectedRoots, allRoots, inOrder, predecessors } from '../../../src/infra/roots/affected-roots.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const backend = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key    = "${key}"\n  }\n}\n`;

function rootsOf(files: Record<string, string>) {
  return findRoots(infraFiles(files), readInfraConfig(files['ostack.yaml']));
}

const names = (files: Record<string, string>) => rootsOf(files).roots.map(({ name }) => name);

describe('root modules', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['a folder with a backend', { 'a/main.tf': backend('a'), 'b/main.tf': backend('b') }, ['a', 'b']],
    ['the root of the repository', { 'main.tf': backend('a') }, ['.']],
    ['the root of the repository without one', { 'main.tf': '' }, ['.']],
    ['a folder with a cloud block', { 'a/main.tf': 'terraform {\n  cloud {\n    organization = "x"\n  }\n}' }, ['a']],
    ['a folder that nobody calls', { 'a/main.tf': 'module "b" {\n  source = "../b"\n}', 'b/main.tf': '' }, ['a']],
    ['a folder in JSON', { 'a/main.tf.json': '{"terraform":{"backend":{"s3":{}}}}' }, ['a']],
    ['a folder of OpenTofu alone', { 'a/main.tofu': '', 'c/main.tofu.json': '{}' }, ['a', 'c']],
    ['not what is called in JSON', { 'a/m.tf.json': '{"module":{"b":{"source":"./b"}}}', 'a/b/m.tf': '' }, ['a']],
    [
      'not examples and tests',
      { 'a/m.tf': '', 'a/examples/x/m.tf': backend('x'), 'tests/m.tf': '', 'test/fixtures/m.tf': '' },
      ['a'],
    ],
    [
      'environments called test or example, that have a state',
      {
        ...{ 'live/prod/m.tf': backend('p'), 'live/example/m.tf': backend('x'), 'live/test/m.tf': backend('t') },
        ...{ 'live/test/net/m.tf': backend('n'), 'live/test/fixtures/x/m.tf': backend('f'), 'live/tests/y/m.tf': '' },
      },
      ['live/example', 'live/prod', 'live/test', 'live/test/net'],
    ],
    ['a hidden folder with a backend', { '.identity/m.tf': backend('i'), '.github/x/m.tf': '' }, ['.identity']],
    [
      'not a folder whose files others link to',
      { 'a/m.tf': backend('a'), 'a/v.tf': '->shared/v.tf', 'shared/v.tf': '', 'b/m.tf': '->b/n.tf', 'b/n.tf': '' },
      ['a', 'b'],
    ],
    [
      'not what a source calls that depends on something',
      { 'a/m.tf': 'module "x" {\n  source = "../b/§{var.x}"\n}', 'b/c/m.tf': '' },
      ['a'],
    ],
    ['not modules for others', { 'a/m.tf': '', 'modules/x/m.tf': '' }, ['a']],
    ['a module with a backend', { 'modules/x/m.tf': backend('x') }, ['modules/x']],
    [
      'not what tools make',
      {
        ...{ 'a/m.tf': '', 'a/.terraform/modules/x/m.tf': backend('x'), 'node_modules/x/m.tf': backend('x') },
        ...{ 'a/.terragrunt-cache/x/m.tf': backend('x'), '.external_modules/x/m.tf': backend('x') },
      },
      ['a'],
    ],
    [
      'not a backend in a comment or a text',
      {
        'a/m.tf': `module "b" {\n source = "./b"\n}`,
        'a/b/m.tf': `# ${backend('x').replace(/\n/g, ' ')}\nlocals {\n x = <<E\n${backend('x')}\nE\n}`,
      },
      ['a'],
    ],
    [
      'those of ostack.yaml alone',
      { 'a/m.tf': backend('a'), 'b/m.tf': backend('b'), 'ostack.yaml': 'roots: { one: { path: a } }' },
      ['one'],
    ],
    ['none', { 'README.md': '' }, []],
  ])('are %s', (_what, files, expected) => {
    expect(names(files)).toEqual(expected);
  });

  test('a folder with a backend that ostack.yaml leaves out is told', () => {
    expect(rootsOf({ 'a/m.tf': '', 'b/m.tf': backend('b'), 'ostack.yaml': 'roots: { a: {} }' }).unnamed).toEqual(['b']);
  });

  test.each([
    ['of a backend', { 'a/backend.tf': backend('a'), 'a/z_override.tf': backend('z') }, 'z'],
    ['of several, the last', { 'a/a_override.tf': backend('x'), 'a/override.tf': backend('y'), 'a/m.tf': '' }, 'y'],
    ['not where the name only looks like one', { 'a/backend.tf': backend('a'), 'a/myoverride.tf': backend('z') }, 'a'],
  ])('have the state of what overrides: %s', (_what, files, key) => {
    expect(rootsOf(files).roots[0]?.state?.settings.key).toBe(key);
  });

  test('what looks like an example and has a backend is told', () => {
    expect(rootsOf({ 'a/m.tf': '', 'a/examples/x/m.tf': backend('x') }).unnamed).toEqual(['a/examples/x']);
  });

  test.each([
    ['roots: { a: { after: b } }', 'ostack.yaml:1:22: roots.a.after: expected a root of this file, found "b".'],
    ['roots: { web: {}, a: { after: wep } }', 'found "wep". Did you mean "web"?'],
    ['roots: { a: { after: b }, b: { after: a } }', 'found a cycle: a after b after a.'],
    ['roots: { a: { path: ../x } }', 'expected a path inside of the repository'],
    ['roots: { a: { path: /x } }', 'expected a path inside of the repository'],
    ['roots: { a: { path: x }, b: { path: x } }', 'so both would have one state'],
    ['roots: { a: { backend-config: [-x] } }', 'expected a file, or a setting as key=value'],
    ['root: {}', 'unknown key "root". Did you mean "roots"?'],
    ['stateful: ["a b"]', 'expected a type of resources'],
  ])('%s is refused', (text, message) => {
    expect(() => readInfraConfig(text)).toThrow(message);
  });
});

const shared = {
  'net/main.tf': backend('net'),
  'app/main.tf': `${backend('app')}module "db" {\n  source = "../modules/db"\n}\nlocals {\n  name = "x"\n}\n`,
  'app/prod.tfvars': '',
  'app/.terraform.lock.hcl': '',
  'modules/db/main.tf': 'module "inner" {\n  source = "./inner/"\n}',
  'modules/db/inner/main.tf': '',
  'modules/other/main.tf': '',
};

/** Roots that a change reaches, the change being its paths, each of which is as it was. */
function reached(files: Record<string, string>, ...changed: string[]): string[] {
  const roots = rootsOf(files);
  return affectedRoots(roots, roots, changed).roots.map(({ root }) => root.name);
}

/** A root that calls a module by what OpenTofu makes of a source before anything else, which calls another one. */
function calling(source: string): Record<string, string> {
  const locals = source.includes('local') ? 'locals {\n  d = "../modules"\n  m = "../modules/s"\n}\n' : '';
  return {
    'app/x.tf': `${locals}module "x" {\n  source = ${source}\n}\n`,
    ...{ 'modules/s/m.tf': 'module "i" {\n  source = "../../parts/inner"\n}', 'parts/inner/m.tf': '' },
  };
}

describe('a change reaches a root', () => {
  test.each<[string, Record<string, string>, string, string[]]>([
    ['by its own file', {}, 'app/main.tf', ['app']],
    ['by its values', {}, 'app/prod.tfvars', ['app']],
    ['by its lock file', {}, 'app/.terraform.lock.hcl', ['app']],
    ['by a module', {}, 'modules/db/main.tf', ['app']],
    ['by a module of a module', {}, 'modules/db/inner/main.tf', ['app']],
    ['by what lies beside a module', {}, 'modules/db/files/x.sh', ['app']],
    ['not by another module', {}, 'modules/other/main.tf', []],
    ['not by a text for people', {}, 'app/README.md', []],
    ['not by a workflow', {}, '.github/workflows/x.yml', []],
    ['not by another folder', {}, 'docs/x', []],
    ['by the version of the tool', {}, '.opentofu-version', ['app', 'net']],
    ['by the version of the tool in its folder', {}, 'net/.terraform-version', ['net']],
    ['by a file that it reads', { 'app/x.tf': 'locals {\n  a = file("../docs/x")\n}' }, 'docs/x', ['app']],
    ['by a text that it names', { 'app/x.tf': 'locals {\n  a = file("README.md")\n}' }, 'app/README.md', ['app']],
    [
      'by a file that a module reads from its folder',
      { 'modules/db/x.tf': 'locals {\n  a = templatefile("§{path.module}/../../docs/x.tpl", {})\n}' },
      'docs/x.tpl',
      ['app'],
    ],
    [
      'by a file that a module reads from the root',
      { 'modules/db/x.tf': 'locals {\n  a = file("§{path.root}/../docs/y")\n}' },
      'docs/y',
      ['app'],
    ],
    [
      'by a folder that it lists',
      { 'app/x.tf': 'locals {\n  a = fileset("§{path.module}/../docs", "**")\n}' },
      'docs/a/b',
      ['app'],
    ],
    [
      'by a name that depends on something',
      { 'app/x.tf': 'locals {\n  a = file("../docs/§{local.name}.json")\n}' },
      'docs/z.json',
      ['app'],
    ],
    [
      'by a path in a local value',
      { 'app/x.tf': 'locals {\n  p = "../docs/x"\n  a = file(local.p)\n}' },
      'docs/x',
      ['app'],
    ],
    [
      'by a path that begins with a local value',
      { 'app/x.tf': 'locals {\n  p = "../docs"\n  a = file("§{local.p}/x")\n}' },
      'docs/x',
      ['app'],
    ],
    [
      'by anything, where nobody knows what it reads',
      { 'app/x.tf': 'locals {\n  a = file(var.p)\n}' },
      'docs/x',
      ['app'],
    ],
    [
      'by a text for people, where nobody knows what it reads',
      { 'app/x.tf': 'locals {\n  a = file(var.p)\n}' },
      'docs/x.md',
      ['app'],
    ],
    [
      'by a text for people in a folder that it lists',
      { 'app/x.tf': 'locals {\n  a = fileset(path.module, "*.md")\n}' },
      'app/x.md',
      ['app'],
    ],
    [
      'by a text for people that it names',
      { 'app/x.tf': 'resource "x" "a" {\n  s = "page.md"\n}' },
      'app/page.md',
      ['app'],
    ],
    [
      'by a path of parts',
      { 'app/x.tf': 'resource "x" "a" {\n  s = join("/", ["..", "lambda"])\n}' },
      'lambda/a.js',
      ['app'],
    ],
    ['by a module below a folder', calling('"../modules/§{var.name}"'), 'modules/s/v.tf', ['app']],
    ['by what a module calls that is below a folder', calling('"../modules/§{var.name}"'), 'parts/inner/m.tf', ['app']],
    ['by a module whose folder a local value begins', calling('"§{local.d}/§{var.name}"'), 'parts/inner/m.tf', ['app']],
    ['by a module that a local value names', calling('local.m'), 'parts/inner/m.tf', ['app']],
    ['by any module, where nobody knows which', calling('var.m'), 'modules/s/v.tf', ['app']],
    ['by any module, where its name begins with something', calling('"§{var.m}/s"'), 'modules/s/v.tf', ['app']],
    ['not by a module, where those are elsewhere', calling('"git::https://x/§{var.m}"'), 'modules/s/v.tf', []],
    ['by a call in a text', { 'app/x.tf': 'locals {\n  a = "x §{file("../docs/x")}"\n}' }, 'docs/x', ['app']],
    [
      'by a call in a heredoc',
      { 'app/x.tf': 'locals {\n  a = <<-E\n    §{file("../docs/x")}\n  E\n}' },
      'docs/x',
      ['app'],
    ],
    [
      'by a path that a provider reads',
      { 'app/x.tf': 'data "archive_file" "a" {\n  source_dir = "§{path.module}/../lambda"\n}' },
      'lambda/a.js',
      ['app'],
    ],
    [
      'by a path that looks like one',
      { 'app/x.tf': 'resource "helm_release" "a" {\n  chart = "../charts/web"\n}' },
      'charts/web/Chart.yaml',
      ['app'],
    ],
    ['not by what a comment reads', { 'app/x.tf': '# file("../docs/x")\n' }, 'docs/x', []],
    ['by what it reads in JSON', { 'app/x.tf.json': '{"locals":{"a":"§{file(\\"../docs/x\\")}"}}' }, 'docs/x', ['app']],
    [
      'not by what lies elsewhere, where only the folder of a module is known',
      { 'modules/db/x.tf': 'locals {\n  a = file("§{path.module}/§{var.name}")\n}' },
      'docs/x',
      [],
    ],
    [
      'by what lies in the folder of a module, where only that is known',
      { 'modules/db/x.tf': 'locals {\n  a = file("§{path.module}/§{var.name}")\n}' },
      'modules/db/deep/README.md',
      ['app'],
    ],
    [
      'by a text that leads up from the folder of a module',
      {
        'modules/db/x.tf': 'locals {\n  a = file("§{path.module}/§{var.name}")\n}',
        'app/x.tf': 'module "d" {\n  source = "../modules/db"\n  name   = "../../docs/x"\n}',
      },
      'docs/x',
      ['app'],
    ],
    [
      'by a text that leads up from a part of a path',
      { 'app/x.tf': 'locals {\n  b = "../up/y"\n  a = file("../docs/a/§{local.c}")\n  c = local.b\n}' },
      'docs/up/y',
      ['app'],
    ],
    [
      'by a submodule of git that has modules of it',
      { 'app/x.tf': 'module "s" {\n  source = "../vendor/mods/net"\n}' },
      'vendor/mods',
      ['app'],
    ],
    [
      'by a submodule of git that has files of it',
      { 'app/x.tf': 'locals {\n  a = file("../vendor/mods/x.json")\n}' },
      'vendor/mods',
      ['app'],
    ],
    ['by no other submodule', { 'app/x.tf': 'module "s" {\n  source = "../vendor/mods/net"\n}' }, 'vendor/mod', []],
    [
      'by a module in a hidden folder',
      {
        'app/x.tf': 'module "h" {\n  source = "../.shared/h"\n}',
        '.shared/h/m.tf': 'module "i" {\n  source = "../i"\n}',
        '.shared/i/m.tf': '',
      },
      '.shared/i/m.tf',
      ['app'],
    ],
    ['by a linked file', { 'app/x.tf': '->common/x.tf', 'common/x.tf': 'locals {\n}' }, 'common/x.tf', ['app']],
    ['by a linked folder', { 'app/files': '->docs' }, 'docs/x', ['app']],
    [
      'by a module behind a linked folder',
      {
        ...{ 'app/x.tf': 'module "l" {\n  source = "../links/mod"\n}', links: '->common' },
        ...{ 'common/mod/m.tf': 'locals {\n  a = file("§{path.module}/../../docs/x")\n}' },
      },
      'docs/x',
      ['app'],
    ],
    [
      'by a file behind a link in a linked folder',
      { 'app/files': '->shared', 'shared/x': '->docs' },
      'docs/y',
      ['app'],
    ],
    ['by a path out of the repository by none', { 'app/x.tf': 'locals {\n  a = file("../../etc/x")\n}' }, 'etc/x', []],
    [
      'by its files of values elsewhere',
      { 'ostack.yaml': 'roots: { app: { var-files: [x.tfvars] }, net: {} }' },
      'app/x.tfvars',
      ['app'],
    ],
  ])('%s', (_what, more, changed, expected) => {
    expect(reached({ ...shared, ...more }, changed)).toEqual(expected);
  });

  test('by what it was made of before', () => {
    const before = rootsOf(shared);
    const after = rootsOf({ ...shared, 'app/main.tf': backend('app') });
    expect(affectedRoots(before, after, ['modules/db/main.tf']).roots.map(({ root }) => root.name)).toEqual(['app']);
  });

  test('when it is new, and when ostack.yaml says something else of it', () => {
    const before = rootsOf({ ...shared, 'ostack.yaml': 'roots: { app: {}, net: {} }' });
    const after = rootsOf({
      ...shared,
      'new/x.tf': '',
      'ostack.yaml': 'roots: { app: { workspace: x }, net: {}, new: {} }',
    });
    expect(affectedRoots(before, after, ['ostack.yaml']).roots.map(({ root }) => root.name)).toEqual(['app', 'new']);
  });
});

const reader = `${backend('app')}data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    bucket = "acme"\n    key    = "net"\n    region = "x"\n  }\n}\n`;

describe('roots that read the state of others', () => {
  const files = { 'net/main.tf': backend('net'), 'app/main.tf': reader, 'lone/main.tf': backend('lone') };

  test('wait for them', () => {
    const roots = rootsOf(files);
    const { roots: found, waiting } = affectedRoots(roots, roots, ['net/main.tf']);
    expect(found.map(({ root }) => root.name)).toEqual(['net']);
    expect(waiting).toMatchObject([{ root: { name: 'app' }, after: ['net'] }]);
  });

  test('are told to be planned again, where they change too', () => {
    const roots = rootsOf(files);
    const { roots: found } = affectedRoots(roots, roots, ['net/main.tf', 'app/main.tf']);
    expect(found.map(({ root, after }) => [root.name, after])).toEqual([
      ['app', ['net']],
      ['net', []],
    ]);
    expect(inOrder(['app', 'net', 'lone'], predecessors(roots))).toEqual(['net', 'lone', 'app']);
    expect(allRoots(roots).roots.map(({ root }) => root.name)).toEqual(['app', 'lone', 'net']);
  });

  test('in a check wait for them too', () => {
    const roots = rootsOf({ ...files, 'app/main.tf': `check "x" {\n${reader}}\n` });
    expect(affectedRoots(roots, roots, ['net/main.tf']).waiting).toMatchObject([{ root: { name: 'app' } }]);
  });

  test('of another bucket do not', () => {
    const roots = rootsOf({
      ...files,
      'app/main.tf': reader.replace('bucket = "acme"\n    key    = "net"', 'bucket = "other"\n    key    = "net"'),
    });
    expect(affectedRoots(roots, roots, ['net/main.tf']).waiting).toEqual([]);
  });

  test('in a circle have no order', () => {
    const order = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['a'])],
    ]);
    expect(() => inOrder(['a', 'b'], order)).toThrow('wait for each other');
  });
});
