import { describe, expect, test } from '@jest/globals';
import { hasTestTarget, noTestsKnown, testCommand } from '../../src/app-tests/command.js';
import type { App } from '../../src/apps/app.js';
import { readAppsConfig } from '../../src/apps/config.js';
import { tree } from './support.js';

const app = (path: string, command?: string): App => ({ name: 'shop', path, shared: [], test: command, images: [] });
const testing = (script: string, more: object = {}) => JSON.stringify({ scripts: { test: script }, ...more });

describe('how an app is tested', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['package.json', { 'a/package.json': testing('jest'), 'a/Makefile': 'test:\n' }, 'npm test', 'a/package.json'],
    ['go.mod', { 'a/go.mod': '', 'a/Makefile': 'test:\n' }, 'go test ./...', 'a/go.mod'],
    [
      'pyproject.toml beside a test',
      { 'a/pyproject.toml': '', 'a/test_sums.py': '' },
      'python -m pytest',
      'a/pyproject.toml',
    ],
    [
      'pyproject.toml beside a folder of tests',
      { 'a/pyproject.toml': '', 'a/tests/unit/test_sums.py': '' },
      'python -m pytest',
      'a/pyproject.toml',
    ],
    [
      'pyproject.toml that names pytest',
      { 'a/pyproject.toml': '[tool.pytest.ini_options]\npythonpath = "src"\n' },
      'python -m pytest',
      'a/pyproject.toml',
    ],
    [
      'pyproject.toml of other tools beside a Makefile',
      { 'a/pyproject.toml': '[tool.ruff]\n', 'a/Makefile': 'test:\n' },
      'make test',
      'a/Makefile',
    ],
    ['Makefile', { 'a/Makefile': 'lint test: build\n' }, 'make test', 'a/Makefile'],
    ['a package without a test', { 'a/package.json': '{}', 'a/go.mod': '' }, 'go test ./...', 'a/go.mod'],
    [
      'the placeholder of npm init',
      { 'a/package.json': testing('echo "Error: no test specified" && exit 1'), 'a/go.mod': '' },
      'go test ./...',
      'a/go.mod',
    ],
  ])('as its manifest says: %s', async (_, files, command, from) => {
    expect(await testCommand(tree(files), app('a'))).toEqual({ command, from, install: undefined });
  });

  test('as configured, whatever there is', async () => {
    const found = await testCommand(tree({ 'a/package.json': testing('jest') }), app('a', 'make check'));
    expect(found).toEqual({ command: 'make check', from: 'ostack.yaml', install: undefined });
  });

  test('an app that is the whole repository has its manifest at the root', async () => {
    const found = await testCommand(tree({ 'package.json': testing('jest'), 'package-lock.json': '{}' }), app('.'));
    expect(found).toEqual({ command: 'npm test', from: 'package.json', install: { folder: '.', command: 'npm ci' } });
  });

  test('without anything that tells is not known, and the advice is one that works', async () => {
    expect(await testCommand(tree({ 'a/README.md': '', 'a/Makefile': 'build:\n' }), app('a'))).toBeUndefined();
    expect(await testCommand(tree({}), app('a'))).toBeUndefined();
    const advice = noTestsKnown(app('a'));
    expect(advice).toBe('no tests of shop are known: say `test:` in ostack.yaml, apps: { shop: { test: <command> } }');
    const config = readAppsConfig(advice.slice(advice.indexOf('apps:')).replace('<command>', 'make check'));
    expect(config.apps.shop?.test).toBe('make check');
  });

  test('a broken package.json is an error that names it', async () => {
    await expect(testCommand(tree({ 'a/package.json': '{' }), app('a'))).rejects.toThrow(
      /^a\/package.json is not JSON: /,
    );
  });
});

describe('toolchains', () => {
  const composer = (scripts: object) => JSON.stringify({ scripts });
  test.each<[string, Record<string, string>, string, string]>([
    ['Rust', { 'a/b/Cargo.toml': '' }, 'cargo test', 'Cargo.toml'],
    ['Maven', { 'a/b/pom.xml': '' }, 'mvn --batch-mode test', 'pom.xml'],
    ['Maven with a wrapper', { 'a/b/pom.xml': '', 'a/b/mvnw': '' }, './mvnw --batch-mode test', 'pom.xml'],
    ['Maven with a wrapper above', { 'a/b/pom.xml': '', mvnw: '' }, '../../mvnw --batch-mode test', 'pom.xml'],
    ['Gradle', { 'a/b/build.gradle': '' }, 'gradle test', 'build.gradle'],
    ['Gradle with a wrapper', { 'a/b/build.gradle.kts': '', 'a/b/gradlew': '' }, './gradlew test', 'build.gradle.kts'],
    ['Gradle with a wrapper above', { 'a/b/build.gradle': '', 'a/gradlew': '' }, '../gradlew test', 'build.gradle'],
    [
      'Gradle of several projects',
      { 'a/b/settings.gradle.kts': '', 'a/b/gradlew': '' },
      './gradlew test',
      'settings.gradle.kts',
    ],
    ['.NET, a project', { 'a/b/Shop.csproj': '' }, 'dotnet test Shop.csproj', 'Shop.csproj'],
    [
      '.NET, a solution of projects',
      { 'a/b/Shop.sln': '', 'a/b/A.csproj': '', 'a/b/B.fsproj': '' },
      'dotnet test Shop.sln',
      'Shop.sln',
    ],
    ['.NET, a name with spaces', { "a/b/My Shop's.slnx": '' }, "dotnet test 'My Shop'\\''s.slnx'", "My Shop's.slnx"],
    ['Ruby with specs', { 'a/b/Gemfile': '', 'a/b/spec/x_spec.rb': '' }, 'bundle exec rspec', 'Gemfile'],
    ['Ruby with specs and no gems', { 'a/b/.rspec': '', 'a/b/spec/x_spec.rb': '' }, 'rspec', '.rspec'],
    [
      'Ruby with a task',
      { 'a/b/Gemfile': '', 'a/b/Rakefile': "task 'test' do\nend\n" },
      'bundle exec rake test',
      'Rakefile',
    ],
    ['Ruby with a task of Minitest', { 'a/b/Rakefile': 'Minitest::TestTask.create\n' }, 'rake test', 'Rakefile'],
    [
      'Rails',
      { 'a/b/Gemfile': '', 'a/b/Rakefile': '', 'a/b/bin/rails': '', 'a/b/test/x.rb': '' },
      'bundle exec rails test',
      'Rakefile',
    ],
    ['PHP', { 'a/b/composer.json': composer({ test: 'phpunit' }) }, 'composer test', 'composer.json'],
    [
      'PHP with a list',
      { 'a/b/composer.json': composer({ test: ['@lint', 'phpunit'] }) },
      'composer test',
      'composer.json',
    ],
    ['PHPUnit', { 'a/b/composer.json': '{}', 'a/b/phpunit.xml.dist': '' }, 'vendor/bin/phpunit', 'phpunit.xml.dist'],
    ['PHPUnit alone', { 'a/b/phpunit.xml': '' }, 'phpunit', 'phpunit.xml'],
    ['a Makefile before them', { 'a/b/Makefile': 'test:\n', 'a/b/Cargo.toml': '' }, 'make test', 'Makefile'],
    [
      'Rails whose package has no test',
      { 'a/b/package.json': '{}', 'a/b/Gemfile': '', 'a/b/spec/x': '' },
      'bundle exec rspec',
      'Gemfile',
    ],
  ])('%s', async (_, files, command, from) => {
    expect(await testCommand(tree(files), app('a/b'))).toMatchObject({ command, from: `a/b/${from}` });
  });

  test.each<[string, Record<string, string>]>([
    ['several projects of .NET', { 'a/b/A.csproj': '', 'a/b/B.csproj': '' }],
    ['several solutions', { 'a/b/A.sln': '', 'a/b/B.sln': '', 'a/b/A.csproj': '' }],
    ['a Rakefile without a test', { 'a/b/Gemfile': '', 'a/b/Rakefile': 'task :lint\ntask :tests\n' }],
    ['gems alone', { 'a/b/Gemfile': '' }],
    ['settings of tools of Python', { 'a/b/pyproject.toml': '[tool.ruff]\n', 'a/b/app/main.py': '' }],
    ['a composer.json without a test', { 'a/b/composer.json': composer({ lint: 'x' }) }],
    ['a composer.json that is none', { 'a/b/composer.json': '{' }],
    ['a wrapper alone', { 'a/b/mvnw': '', 'a/b/gradlew': '' }],
  ])('%s is not known', async (_, files) => {
    expect(await testCommand(tree(files), app('a/b'))).toBeUndefined();
  });

  test.each<[string, Record<string, string>, object | undefined]>([
    [
      'gems, unless they are there',
      { 'a/b/Gemfile': '', 'a/b/spec/x': '' },
      { folder: 'a/b', command: 'bundle check || bundle install' },
    ],
    [
      'packages of PHP',
      { 'a/b/composer.json': composer({ test: 'x' }) },
      { folder: 'a/b', command: 'composer install --no-interaction' },
    ],
    ['none where they are there', { 'a/b/composer.json': composer({ test: 'x' }), 'a/b/vendor/x': '' }, undefined],
    ['none for the others', { 'a/b/Cargo.toml': '' }, undefined],
  ])('install %s', async (_, files, install) => {
    expect((await testCommand(tree(files), app('a/b')))?.install).toEqual(install);
  });
});

describe('what is installed before', () => {
  test.each<[string, Record<string, string>, string, { folder: string; command: string } | undefined]>([
    ['npm, in the app', { 'a/b/package-lock.json': '' }, 'npm test', { folder: 'a/b', command: 'npm ci' }],
    ['npm, at the root', { 'package-lock.json': '' }, 'npm test', { folder: '.', command: 'npm ci' }],
    ['nothing where modules are', { 'package-lock.json': '', 'node_modules/x': '' }, 'npm test', undefined],
    ['pnpm', { 'a/pnpm-lock.yaml': '' }, 'pnpm test', { folder: 'a', command: 'pnpm install --frozen-lockfile' }],
    [
      'yarn 1',
      { 'yarn.lock': '# yarn lockfile v1\n' },
      'yarn test',
      { folder: '.', command: 'yarn install --frozen-lockfile' },
    ],
    ['yarn 4', { 'yarn.lock': '\n__metadata:\n' }, 'yarn test', { folder: '.', command: 'yarn install --immutable' }],
    ['bun', { 'bun.lock': '' }, 'bun run test', { folder: '.', command: 'bun install --frozen-lockfile' }],
    [
      'what packageManager names, whatever else is there',
      { 'package.json': '{"packageManager":"pnpm@9.1.0+sha512.a"}', 'a/package-lock.json': '', 'pnpm-lock.yaml': '' },
      'pnpm test',
      { folder: '.', command: 'pnpm install --frozen-lockfile' },
    ],
    [
      'the yarn that packageManager names',
      { 'package.json': '{"packageManager":"yarn@1.22.22"}', 'yarn.lock': '__metadata:\n' },
      'yarn test',
      { folder: '.', command: 'yarn install --frozen-lockfile' },
    ],
    ['nothing without a lockfile', { 'package.json': '{"packageManager":"pnpm@9.1.0"}' }, 'pnpm test', undefined],
    ['npm for a manager nobody knows', { 'package.json': '{"packageManager":"nope@9.1.0"}' }, 'npm test', undefined],
  ])('%s', async (_, files, command, install) => {
    const found = await testCommand(tree({ 'a/b/package.json': testing('jest'), ...files }), app('a/b'));
    expect([found?.command, found?.install]).toEqual([command, install]);
  });
});

describe('a makefile with a rule for test', () => {
  test.each([
    ['test:', true],
    ['test :: build', true],
    ['build test lint: x', true],
    ['.PHONY: test\nbuild:', false],
    ['test := 1', false],
    ['test = 1', false],
    ['\ttest: x', false],
    ['# test:', false],
    ['tests:', false],
    ['unit-test:', false],
  ])('%j: %s', (makefile, expected) => {
    expect(hasTestTarget(makefile)).toBe(expected);
  });
});
