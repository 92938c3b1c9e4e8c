import { describe, expect, test } from '@jest/globals';
import { hasTestTarget, testCommand } from '../../src/app-tests/command.js';
import type { App } from '../../src/apps/app.js';
import { tree } from './support.js';

const app = (path: string, command?: string): App => ({ name: 'shop', path, shared: [], test: command, images: [] });
const testing = (script: string, more: object = {}) => JSON.stringify({ scripts: { test: script }, ...more });

describe('how an app is tested', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['package.json', { 'a/package.json': testing('jest'), 'a/Makefile': 'test:\n' }, 'npm test', 'a/package.json'],
    ['go.mod', { 'a/go.mod': '', 'a/Makefile': 'test:\n' }, 'go test ./...', 'a/go.mod'],
    ['pyproject.toml', { 'a/pyproject.toml': '' }, 'python -m pytest', 'a/pyproject.toml'],
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

  test('no command is an error that says how to configure one', async () => {
    await expect(testCommand(tree({ 'a/README.md': '', 'a/Makefile': 'build:\n' }), app('a'))).rejects.toThrow(
      'There is no way to test shop: a has no package.json with a "test" script, no go.mod, no pyproject.toml and no ' +
        'Makefile with a "test" target. Say how in ostack.yaml: apps: { shop: { test: <command> } }',
    );
  });

  test('a broken package.json is an error that names it', async () => {
    await expect(testCommand(tree({ 'a/package.json': '{' }), app('a'))).rejects.toThrow(
      /^a\/package.json is not JSON: /,
    );
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
    expect([found.command, found.install]).toEqual([command, install]);
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
