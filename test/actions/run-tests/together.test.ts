import { expect, test } from '@jest/globals';
import { checkout, config, plain, results } from './support.js';

test('apps are tested at the same time, and their logs do not interleave', async () => {
  // Each waits for the other, so this ends only when both run.
  const meet = (own: string, other: string) =>
    `echo one ${own}; touch ../../${own}; until [ -e ../../${other} ]; do sleep 0.01; done; echo two ${own}; printf 'no line end'`;
  await using apps = await checkout({
    'ostack.yaml': config({ a: meet('a', 'b'), b: meet('b', 'a') }),
    'apps/a/x': '',
    'apps/b/x': '',
  });
  const run = await apps.run({ 'max-parallel': '2' });
  expect(run.exitCode).toBe(0);
  const log = plain(run.stdout, apps);
  for (const [app, other] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    expect(log).toContain(
      `::group::✓ ${app} passed (0.0 s)\n::stop-commands::TOKEN\n$ ${meet(app, other)}\none ${app}\ntwo ${app}\nno line end\n::TOKEN::\n::endgroup::\n`,
    );
  }
});

test('what tests print is no command, and they cannot speak for the step', async () => {
  const hostile =
    'echo "::set-output name=passed::true"; echo "::error::forged"; echo "::add-mask::a"; echo "::endgroup::";' +
    'env | grep -E "^(GITHUB_(OUTPUT|ENV|PATH|STEP_SUMMARY)|INPUT_|ACTIONS_(RUNTIME|ID_TOKEN))" && exit 0; exit 5';
  await using apps = await checkout({ 'ostack.yaml': config({ a: hostile }), 'apps/a/x': '' });
  const run = await apps.run({}, { ACTIONS_RUNTIME_TOKEN: 'secret', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret' });
  expect(results(run)).toEqual([expect.objectContaining({ passed: false, problem: 'exit code 5' })]);
  const [, inside = ''] = /::stop-commands::(\S+)\n/.exec(run.stdout) ?? [];
  expect(run.stdout.split(`::stop-commands::${inside}\n`)[1]?.split(`::${inside}::`)[0]).toContain('::error::forged');
});

test('dependencies are installed once, before the tests of all that need them', async () => {
  const manifest = JSON.stringify({ scripts: { test: 'x' } });
  const npm = '#!/bin/sh\necho "npm $*"\necho "$*" >> "$CHECKOUT/calls"\n';
  await using apps = await checkout({
    'bin/npm': npm,
    'package-lock.json': '{}',
    'apps/a/package.json': manifest,
    'apps/b/package.json': manifest,
  });
  const run = await apps.run(
    { 'max-parallel': '2' },
    { PATH: `${apps.folder}/bin:${process.env.PATH}`, CHECKOUT: apps.folder },
  );
  expect(run.exitCode).toBe(0);
  expect(await apps.read('calls')).toBe('ci\ntest\ntest\n');
  expect(run.stdout).toContain('::group::npm ci in .\n');
});

test('an app whose dependencies cannot be installed is not tested', async () => {
  await using apps = await checkout({
    'bin/npm': '#!/bin/sh\necho no network; exit 7\n',
    // Not every machine that runs these tests has one.
    'bin/make': '#!/bin/sh\n[ "$1" = test ]\n',
    'apps/a/package-lock.json': '{}',
    'apps/a/package.json': JSON.stringify({ scripts: { test: 'x' } }),
    'apps/b/Makefile': 'test:\n\ttrue\n',
  });
  const run = await apps.run({}, { PATH: `${apps.folder}/bin:${process.env.PATH}` });
  expect(run.exitCode).toBe(1);
  expect(results(run)).toEqual([
    expect.objectContaining({ app: 'a', problem: '"npm ci" failed in apps/a: exit code 7', attempts: 0 }),
    expect.objectContaining({ app: 'b', command: 'make test', passed: true }),
  ]);
});

test('tests know their app and its address', async () => {
  const check = '[ "$OSTACK_APP $OSTACK_URL" = "a https://a.test" ]';
  await using apps = await checkout({
    'ostack.yaml': config({ a: check, b: '[ "$OSTACK_URL" = https://all.test ]' }),
    'apps/a/x': '',
    'apps/b/x': '',
  });
  const run = await apps.run({ urls: '{"a": "https://a.test"}', url: 'https://all.test' });
  expect(run.outputs.passed).toBe('true');
});
